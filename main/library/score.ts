/** Scores of models, and of networks of a space. */
import { asKey } from '../asked/called.ts';
import { assertScoreAsked } from '../asked/checked.ts';
import { scoreAsked, type ScoreAsked, type ScoreReport } from '../asked/score.ts';
import { closeSpace, spaceAsked } from '../asked/space-asked.ts';
import { inSession } from './session.ts';

export interface ScoreOptions extends ScoreAsked {
  /** Then the model is a genotype of this space: its name, or a file that describes it. */
  readonly space?: string;
  readonly signal?: AbortSignal;
}

/**
 * Scores a model, or a network of a space, on images of its task; what `zico score --json` prints.
 * @param model an ONNX file; with `space` a genotype of it
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
