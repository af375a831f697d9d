/** Everything that a run holds, read in one go so that its file stays free for others. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Candidate, EvaluatedCandidate } from '../run/candidate.ts';
import type { RunInfo } from '../run/run-store.ts';
import type { TrainedModel } from '../run/trained-model.ts';
import { estimatesOf, type Estimates } from '../search/guided/estimates.ts';
import { runInSlices } from '../search/guided/slices.ts';
import { spaceOfRun } from '../space/index.ts';
import type { Genotype } from '../space/space.ts';
import { countsOf } from '../workbench/size-of.ts';
import type { AskedServices } from './services.ts';

export interface RunContents {
  readonly info: RunInfo;
  /** In the order of their numbers, read lightly (`RunStore.candidates`). */
  readonly candidates: readonly Candidate[];
  /** Networks that were scored besides the candidates. */
  readonly extras: readonly EvaluatedCandidate[];
  /** Trained models of candidates. */
  readonly trained: readonly TrainedModel[];
  readonly withoutDigest: number;
}

/** Throws WorkbenchError: what opening a run throws. */
export function readRun(
  services: Pick<AskedServices, 'openRunReadOnly'>,
  run: string,
): RunContents {
  const reader = services.openRunReadOnly(run);
  try {
    return {
      candidates: reader.candidates(),
      extras: reader.extras(),
      trained: reader.trained(),
      withoutDigest: reader.withoutDigest(),
      info: reader.info(),
    };
  } finally {
    reader.close();
  }
}

/** What the model of a guided search knows; null for any other search. In slices, so that it can be interrupted. */
export async function estimatesOfRun({
  info,
  candidates,
  extras,
}: RunContents): Promise<Estimates | null> {
  const { settings } = info;
  if (settings.search !== 'guided') return null;
  const space = spaceOfRun(info);
  // Its code would be needed for the networks that were not tried.
  if (space.knowing) return null;
  const count = (genotype: Genotype) => countsOf(space, genotype);
  const computing = estimatesOf({ space, settings, candidates: [...candidates, ...extras], count });
  return await runInSlices(computing, () => nextTurn());
}
