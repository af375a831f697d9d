/**
 * `predicted-s10-gpu`: an estimate of the latency on a Galaxy S10's GPU, for when there is no phone at hand.
 * Always labelled as an estimate with its error.
 */
import type { Graph } from '../../graph/graph.ts';
import type { Latency, LatencyConditions, LatencySource } from '../latency.ts';
import { estimateMs, withinRange, type LatencyModel } from './estimate.ts';
import { operationsOf } from './operations-of.ts';
import coefficients from './s10-gpu.json' with { type: 'json' };

/** Fitted to published measurements by `npm run fit:s10`; test/golden/latency-s10 names their source. */
export const s10GpuModel = coefficients as unknown as LatencyModel;

export class PredictedS10Gpu implements LatencySource {
  readonly kind = 'predicted-s10-gpu';
  /** Arithmetic on this computer disturbs no scoring. */
  readonly exclusive = false;

  /** The estimate itself: a limit is met exactly, before anything is scored. */
  leastMs(graph: Graph): number {
    return estimateMs(operationsOf(graph), s10GpuModel);
  }

  /** Never fails for a network whose shapes can be inferred. */
  measure(graph: Graph): Promise<Latency> {
    const operations = operationsOf(graph);
    const latencyMs = estimateMs(operations, s10GpuModel);
    return Promise.resolve({
      latencyMs,
      p90Ms: latencyMs,
      minMs: latencyMs,
      runsMs: [],
      conditions: conditions(withinRange(operations, s10GpuModel)),
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function conditions(withinMeasuredRange: boolean): LatencyConditions {
  return {
    source: 'predicted-s10-gpu',
    device: 'Samsung Galaxy S10, GPU',
    runner: 'tflite-gpu',
    engineVersion: 'measurements published in 2024',
    precision: 'float32',
    threads: 1,
    warmUp: 0,
    runs: 0,
    estimate: { ...s10GpuModel.error, withinMeasuredRange },
  };
}
