/** Scores of models, and of networks of a space. */
import { asKey } from '../asked/called.ts';
import { assertScoreAsked } from '../asked/checked.ts';
import { scoreAsked, type ScoreAsked, type ScoreReport } from '../asked/score.ts';
import { closeSpace, spaceAsked } from '../asked/space-asked.ts';
import { inSession } from './session.ts';

export interface ScoreOptions extends ScoreAsked {
  /** The name of a space, or a file that describes one: the model is then a genotype of it. */
  readonly space?: string;
  readonly signal?: AbortSignal;
}

/**
 * Scores a model, or a network of a space, on images of its task. Resolves with what `zico score --json` prints.
 * @param model an ONNX file; with `space`, a genotype of that space
 * Rejects with a WorkbenchError.
 */
export function score(model: string, options: ScoreOptions = {}): Promise<ScoreReport> {
  const { space: named, signal, ...asked } = options;
  return inSession(signal, async (workbench, halted) => {
    assertScoreAsked(asked);
    const space = named === undefined ? null : await spaceAsked(named);
    try {
      return await scoreAsked(workbench, { model, space }, asked, asKey, { signal: halted });
    } finally {
      closeSpace(space);
    }
  });
}
