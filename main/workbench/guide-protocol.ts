/** What is asked of the child that computes for searches: proposals, what a run knows, what fronts are worth. */
import type { SearchSettings } from '../common/settings/index.ts';
import type { SpaceDescription } from '../common/space-description.ts';
import type { Candidate, EvaluatedCandidate } from '../run/candidate.ts';
import type { ProposalResult } from '../search/guided/beliefs.ts';
import type { Genotype } from '../space/space.ts';

/** What a run is about; asked first, and again of a child that was restarted. */
export interface About {
  readonly space: SpaceDescription;
  readonly settings: SearchSettings;
}

export interface StartRequest {
  readonly count: number;
}

/** Proposals and results since the last request, behind those that the child has to have. */
export interface SoFar {
  readonly before: { readonly proposed: number; readonly results: number };
  readonly proposed: readonly Genotype[];
  readonly results: readonly ProposalResult[];
}

/** Null where the child is a new one that lacks what came before. */
export type GuideAnswer<T> = { readonly value: T } | null;

/** Which networks are worth scoring besides. */
export interface ConfirmRequest {
  readonly candidates: readonly Candidate[];
  readonly most: number;
}

export interface KnownRequest extends About {
  readonly candidates: readonly Candidate[];
  /** What was scored besides them. */
  readonly extras: readonly EvaluatedCandidate[];
  readonly wholeSpace: number;
}

/** By which accuracies fronts are judged; asked first, and again of a child that was restarted. */
export interface JudgeAbout {
  readonly space: SpaceDescription;
  /** CSV with the accuracies of every network of the space. */
  readonly table: string;
}

export interface JudgeTable {
  readonly columns: readonly string[];
  readonly budgets: readonly number[];
}

export interface JudgeSearchRequest {
  readonly settings: SearchSettings;
  readonly candidates: readonly Candidate[];
}
