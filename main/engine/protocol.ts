/** Requests that the scoring child answers. */
import type { Graph } from '../graph/graph.ts';
import type { BatchSet } from '../task/batches.ts';

export interface ScoringSetup {
  readonly batches: BatchSet;
  readonly threads: number;
}

export interface ScoringRequest {
  readonly graph: Graph;
  readonly termCap: number;
}
