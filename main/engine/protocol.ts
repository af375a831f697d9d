/** Requests that the scoring child answers. */
import type { Graph } from '../graph/graph.ts';
import type { BatchSet } from '../task/batches.ts';
import type { EngineIdentity, EngineName } from './engine.ts';
import type { Precision } from './precision.ts';

/** Batches follow one by one, the images of each in pieces (`batchSteps`). */
export interface ScoringSetup {
  readonly batches: Omit<BatchSet, 'batches'>;
  /** Which engine computes, with how many threads. */
  readonly engine: EngineIdentity;
  /** Limit of the child's memory; a network that certainly needs more is not tried. */
  readonly memoryBytes: number;
}

export type ScoringBatch = BatchSet['batches'][number];

/** A batch begins; its images follow. */
export interface BatchHead {
  readonly targets: ScoringBatch['targets'];
  /** How many numbers all its images have together. */
  readonly values: number;
}

export interface ScoringRequest {
  readonly graph: Graph;
  readonly termCap: number;
}

/** Can an engine score these networks with batches like these, here, in this precision? */
export interface CheckRequest {
  readonly engine: EngineName;
  readonly networks: readonly Graph[];
  readonly precision: Precision;
  readonly batches: Omit<BatchSet, 'batches'>;
}
