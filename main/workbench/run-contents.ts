/** Everything that a run holds, and what the model of a guided search makes of it. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Candidate, EvaluatedCandidate } from '../run/candidate.ts';
import type { RunInfo } from '../run/run-store.ts';
import type { TrainedModel } from '../run/trained-model.ts';
import { estimatesOf, type Estimates } from '../search/guided/estimates.ts';
import { runInSlices } from '../search/guided/slices.ts';
import { spaceOfRun } from '../space/index.ts';
import type { Genotype } from '../space/space.ts';
import { countsOf } from './size-of.ts';

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

/** A run that is open. */
export interface ReadableRun {
  info(): RunInfo;
  candidates(): readonly Candidate[];
  extras(): readonly EvaluatedCandidate[];
  trained(): readonly TrainedModel[];
  withoutDigest(): number;
}

/** Read in one go, so that its file stays free for others. */
export function contentsOf(run: ReadableRun): RunContents {
  return {
    candidates: run.candidates(),
    extras: run.extras(),
    trained: run.trained(),
    withoutDigest: run.withoutDigest(),
    info: run.info(),
  };
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
