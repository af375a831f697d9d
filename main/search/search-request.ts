/** What a search is asked to do, what it tells while it runs, and how it ended. */
import type { ScoringPlan } from '../engine/scoring-plan.ts';
import type { Genotype, Space } from '../space/space.ts';
import type { Candidate, Proposal } from '../run/candidate.ts';
import type { Evaluators } from './evaluation.ts';
import type { Guidance } from './guided/guidance.ts';
import type { Pause } from './pause.ts';
import type { RunStatus, RunStore } from '../run/run-store.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import type { Size } from './size.ts';

/** Why a search ended: the budget that was reached, no network left to try, little to be expected of more, or a person stopped it. */
export type SearchEnd =
  'generations' | 'candidates' | 'seconds' | 'space-exhausted' | 'settled' | 'stopped';

/** How many networks of the front that is expected have been scored, of those that will be. */
export interface FrontConfirmed {
  readonly done: number;
  readonly planned: number;
}

export interface SearchEvent {
  /**
   * `stored` says that `candidate` is committed; `ended` is the last event but for `confirming`, which follows a
   * guided search that reached its budget.
   */
  readonly phase: 'proposing' | 'scoring' | 'measuring' | 'stored' | 'ended' | 'confirming';
  readonly generation: number;
  /** Candidates so far, those of earlier sessions included. */
  readonly evaluated: number;
  readonly failed: number;
  /** How many candidates the budgets allow at most; null where only time limits the search. */
  readonly planned: number | null;
  /**
   * Networks that were proposed and left out, over all sessions, because they missed a constraint or are too
   * large to be described.
   */
  readonly rejected?: number;
  /** Candidates that missed a constraint at first and were changed until they met it. */
  readonly repaired?: number;
  /** Searching time over all sessions. */
  readonly elapsedSeconds: number;
  /** How this session scores, where that is known. */
  readonly scoring?: ScoringPlan;
  /** The share of their time that scoring processes computed so far in this session; where that is known. */
  readonly computing?: number;
  /** What is being scored or measured. */
  readonly proposal?: Proposal;
  /** With `stored`: the candidate, per-layer detail included. */
  readonly candidate?: Candidate;
  /** With `confirming`. */
  readonly confirmed?: FrontConfirmed;
}

export interface SearchRequest extends Evaluators {
  readonly space: Space;
  /** Those of the run in `store`. */
  readonly settings: SearchSettings;
  /** Empty, or with the candidates of earlier sessions. It is left open. */
  readonly store: RunStore;
  /** Parameters, MACs and, where latency is limited, the least it can be; cheap: called for every network considered. */
  readonly summarise: (genotype: Genotype) => Size;
  /**
   * The same without the least latency, and quicker: a guided search asks it about thousands of networks.
   * `summarise` by default.
   */
  readonly count?: (genotype: Genotype) => Size;
  /** Computes what a guided search asks its model; this process unless stated. Results do not depend on it. */
  readonly guidance?: Guidance;
  /** Candidates scored at once. Results do not depend on it. */
  readonly concurrency?: number;
  /**
   * Processes that score, all of the time: to be told how much of it they compute. Absent where they wait for
   * something else, or nobody knows how many there are.
   */
  readonly processes?: number;
  /** What computes the scores, to be told in events. */
  readonly scoring?: ScoringPlan;
  /** Stops the search; what is in flight is given up or, if it completes anyway, kept. */
  readonly signal?: AbortSignal;
  /** Pauses the search; time spent in it does not count as searching time. Uses the same clock. */
  readonly pause?: Pause;
  /** Milliseconds, monotonic. */
  readonly clock?: () => number;
  readonly onEvent?: (event: SearchEvent) => void;
}

export interface SearchOutcome {
  readonly status: RunStatus;
  readonly end: SearchEnd;
  /** Generations in which at least one candidate was proposed. */
  readonly generations: number;
  readonly evaluated: number;
  readonly failed: number;
  /** As in `SearchEvent`. */
  readonly rejected: number;
  readonly repaired: number;
  readonly elapsedSeconds: number;
}
