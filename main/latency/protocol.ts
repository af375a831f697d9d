/** The request that the latency child answers. */
import type { Graph } from '../graph/graph.ts';

export interface MeasureRequest {
  readonly graph: Graph;
  readonly warmUp: number;
  readonly runs: number;
  readonly threads: number;
}
