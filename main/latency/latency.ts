/** Where latencies come from. A latency is never shown without the conditions it was taken under. */
import type { Graph } from '../graph/graph.ts';

/** Sources that give a duration; MACs are counted, not timed. */
export type LatencySourceKind = 'host' | 'predicted-s10-gpu';

/** How the latency of one model is asked for; what is left out is the source's usual. */
export interface ModelLatency {
  readonly kind: LatencySourceKind;
  readonly runs?: number | undefined;
  readonly warmUp?: number | undefined;
  readonly threads?: number | undefined;
}

/** Conditions of a latency: two latencies compare only when these agree. */
export interface LatencyConditions {
  readonly source: LatencySourceKind;
  /** Processor name of this computer, or the phone. */
  readonly device: string;
  readonly runner: string;
  readonly engineVersion: string;
  readonly precision: 'float32';
  readonly threads: number;
  readonly warmUp: number;
  readonly runs: number;
  /** Set where nothing was run: how far the estimate was off, in percent, for networks it had not seen. */
  readonly estimate?: {
    readonly medianPercent: number;
    readonly p90Percent: number;
    /** False where the network is smaller or larger than all that were measured. */
    readonly withinMeasuredRange: boolean;
  };
}

export interface Latency {
  /** Median over the runs, or the estimate. */
  readonly latencyMs: number;
  readonly p90Ms: number;
  readonly minMs: number;
  /** Every run, in order; empty for an estimate, whose p90 and minimum are the estimate itself. */
  readonly runsMs: readonly number[];
  readonly conditions: LatencyConditions;
}

export interface LatencySource {
  readonly kind: LatencySourceKind;
  /** True where a measurement must not run beside scoring, or each distorts the other. */
  readonly exclusive: boolean;
  /**
   * No latency of this network on this source is below so many milliseconds; cheap. A search with a limit
   * passes over what cannot meet it, without scoring or measuring.
   */
  leastMs?(graph: Graph): number;
  /** Measures the inference form at batch 1. Throws WorkbenchError. */
  measure(graph: Graph, signal?: AbortSignal): Promise<Latency>;
  close(): Promise<void>;
}
