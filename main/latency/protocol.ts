/** The requests that the latency child answers: `repeat`, and `release` when a network has been measured. */
import type { Graph } from '../graph/graph.ts';
import type { Load } from './load.ts';

export interface RepeatRequest {
  /** Repeats with the same number are of the same network, which remains loaded between them. */
  readonly measurement: number;
  readonly graph: Graph;
  readonly warmUp: number;
  readonly runs: number;
  readonly threads: number;
  /** Milliseconds between the previous repeat and this one. */
  readonly pauseMs: number;
}

export interface TimedRuns {
  /** Wall time of each run after the warm-up, in order, in milliseconds. */
  readonly runsMs: readonly number[];
  readonly load: Load;
}
