/** Where latencies come from. A latency is never shown without the conditions it was taken under. */
import type { Graph } from '../graph/graph.ts';

/** Conditions of a latency: two latencies compare only when these agree. */
export interface LatencyConditions {
  readonly source: 'host';
  /** Processor name of this computer. */
  readonly device: string;
  readonly runner: string;
  readonly engineVersion: string;
  readonly precision: 'float32';
  readonly threads: number;
  readonly warmUp: number;
  readonly runs: number;
}

export interface Latency {
  /** Median over the runs. */
  readonly latencyMs: number;
  readonly p90Ms: number;
  readonly minMs: number;
  /** Every run, in order. */
  readonly runsMs: readonly number[];
  readonly conditions: LatencyConditions;
}

export interface LatencySource {
  readonly kind: 'host';
  /** True where a measurement must not run beside scoring, or each distorts the other. */
  readonly exclusive: boolean;
  /** Measures the inference form at batch 1. Throws WorkbenchError. */
  measure(graph: Graph, signal?: AbortSignal): Promise<Latency>;
  close(): Promise<void>;
}
