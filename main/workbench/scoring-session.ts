/** What scores the candidates of a search in one session: this computer, or a farm. */
import type { ScoringPlan } from '../engine/scoring-plan.ts';
import type { CandidateScore } from '../run/candidate.ts';
import type { RunFile } from '../run/run-store.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import type { BatchSet } from '../task/batches.ts';
import type { Genotype } from '../space/space.ts';
import { scoreCandidate, type Scorers } from './scorers.ts';
import type { SessionOptions } from './options.ts';
import type { ChosenEngine } from './start-scoring.ts';

export interface ScoringSession {
  readonly plan: ScoringPlan;
  /** Candidates that are worth having in flight. */
  readonly concurrency: number;
  /** Processes that score for this run alone; absent where nobody knows. */
  readonly processes?: number;
  /** Throws what `scoreCandidate` throws. */
  score(genotype: Genotype, signal: AbortSignal): Promise<CandidateScore>;
  /** @param finished true where nothing of the run is left to score */
  close(finished: boolean): Promise<void>;
}

/** The parts of a scoring session. */
export interface ScoringParts {
  readonly space: DescribedSpace;
  readonly store: RunFile;
  readonly batches: BatchSet;
  readonly chosen: ChosenEngine;
  readonly session: SessionOptions;
  readonly scorers: Scorers;
  /** How many will be scored; null where nobody knows. */
  readonly planned: number | null;
}

/** Throws what starting the processes throws. */
export async function scoreHere(parts: ScoringParts, signal: AbortSignal): Promise<ScoringSession> {
  const { space, store, batches, chosen, session, scorers, planned } = parts;
  const { settings } = store.info();
  const { engine, plan, layout } = await scorers.start(
    ...([chosen, space, batches, session, planned, signal] as const),
  );
  return {
    ...{ plan, concurrency: layout.workers, processes: layout.workers },
    score: (genotype, halt) => scoreCandidate(engine, space, genotype, settings, halt),
    close: () => engine.close(),
  };
}
