/**
 * Some of what a finished run expects to be on its front is scored, and measured where the run measures, before the
 * run is handed over. It is kept besides the candidates, so that a run that goes on finds what it would have found.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isEstimate } from '../common/latency-sources.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import { WorkbenchError } from '../errors.ts';
import { LatencySourceLost } from '../latency/latency.ts';
import { besides, type EvaluatedCandidate } from '../run/candidate.ts';
import type { RunFile } from '../run/run-store.ts';
import { worthConfirming } from '../search/guided/confirmed.ts';
import type { Evaluators } from '../search/evaluation.ts';
import { estimatesOf } from '../search/guided/estimates.ts';
import { runInSlices } from '../search/guided/slices.ts';
import type { Pause } from '../search/pause.ts';
import type { FrontConfirmed } from '../search/search.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import type { Genotype } from '../space/space.ts';
import { keptNetwork } from './code-spaces.ts';
import type { GuideChild } from './guides.ts';
import type { ScoringSession } from './scoring-session.ts';
import { countsOf } from './size-of.ts';

export interface RunToConfirm {
  readonly space: DescribedSpace;
  readonly store: RunFile;
  /** Computes estimates; null: this process does. */
  readonly guidance: GuideChild | null;
}

/** Scores and measures as the search did. */
export interface Confirming {
  readonly scorer: Pick<ScoringSession, 'score'>;
  readonly latency: Evaluators['latency'];
  readonly pause: Pause;
  readonly signal: AbortSignal;
  /** Called before the first, where there is one, and after each. */
  readonly onConfirmed?: (confirmed: FrontConfirmed) => void;
}

/** Networks that are scored at most; as many as are worth a person's waiting after the last candidate. */
const most = 8;
/** Where each network has to be measured, which takes a minute on a phone: one network for this many candidates. */
const candidatesForOne = 15;

/** How many are confirmed. @param evaluated candidates of the run */
export function confirmedAtMost(
  { latency }: Pick<SearchSettings, 'latency'>,
  evaluated: number,
): number {
  if (latency === 'macs' || isEstimate(latency)) return most;
  return Math.min(most, Math.ceil(evaluated / candidatesForOne));
}

/** A person who stops meanwhile has a finished run all the same. */
export async function confirmFront(run: RunToConfirm, work: Confirming): Promise<void> {
  const { store } = run;
  const { signal } = work;
  let over = false;
  const unlessOver = <T>(doing: Promise<T>): Promise<T | null> =>
    doing.catch((error: unknown) => {
      over ||= signal.aborted || error instanceof LatencySourceLost;
      // One that cannot be scored stays an expectation.
      if (over || error instanceof WorkbenchError) return null;
      throw error;
    });
  const worth = (await unlessOver(worthOf(run, signal))) ?? [];
  const tell = (done: number) => work.onConfirmed?.({ done, planned: worth.length });
  if (worth.length > 0) tell(0);
  for (const [i, genotype] of worth.entries()) {
    const extra = await unlessOver(evaluated(run, work, genotype));
    if (over || signal.aborted) return;
    if (extra !== null) store.addExtra(extra);
    tell(i + 1);
  }
}

async function worthOf(
  { space, store, guidance }: RunToConfirm,
  signal: AbortSignal,
): Promise<readonly Genotype[]> {
  const { settings } = store.info();
  const candidates = [...store.candidates(), ...store.extras()];
  const atMost = confirmedAtMost(settings, store.counts().evaluated);
  if (guidance !== null) return await guidance.worthConfirming(candidates, atMost);
  const count = (genotype: Genotype) => countsOf(space, genotype);
  const breathe = async (): Promise<void> => {
    await nextTurn();
    signal.throwIfAborted();
  };
  const estimates = await runInSlices(estimatesOf({ space, settings, candidates, count }), breathe);
  return worthConfirming(estimates?.front ?? [], atMost);
}

/** Scored, then measured: neither distorts the other. */
async function evaluated(
  { space }: RunToConfirm,
  { scorer, latency: source, pause, signal }: Confirming,
  genotype: Genotype,
): Promise<EvaluatedCandidate> {
  await pause.over(signal);
  const score = await scorer.score(genotype, signal);
  await pause.over(signal);
  const latency = source && (await source.measure(genotype, signal));
  const { parameters, macs } = countsOf(space, genotype);
  return {
    ...{ id: besides, genotype, generation: 0, parents: [], parameters, macs },
    ...{ status: 'evaluated', latency },
    score: {
      ...score,
      resolutions: space.resolutions(genotype),
      ...keptNetwork(space, genotype),
    },
  };
}
