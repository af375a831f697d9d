/**
 * An estimate of the latency on a device, for whoever has none at hand. Always labelled as an estimate with its
 * error.
 */
import type { PredictedKind } from '../../common/latency-sources.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Latency, LatencySource } from '../latency.ts';
import { predictedDevices, type PredictedDevice } from './devices.ts';
import { estimateMs, withinRange } from './estimate.ts';
import { operationsOf } from './operations-of.ts';

export class PredictedLatency implements LatencySource {
  readonly kind: PredictedKind;
  /** Arithmetic on this computer disturbs no scoring. */
  readonly exclusive = false;
  readonly #device: PredictedDevice;

  constructor(kind: PredictedKind) {
    this.kind = kind;
    this.#device = predictedDevices[kind];
  }

  /** The estimate itself: a limit is met exactly, before anything is scored. */
  leastMs(graph: Graph): number {
    return estimateMs(operationsOf(graph), this.#device.model);
  }

  /** Never fails for a network whose shapes can be inferred. */
  measure(graph: Graph): Promise<Latency> {
    const { model, conditions } = this.#device;
    const operations = operationsOf(graph);
    const latencyMs = estimateMs(operations, model);
    const withinMeasuredRange = withinRange(operations, model);
    return Promise.resolve({
      latencyMs,
      p90Ms: latencyMs,
      minMs: latencyMs,
      runsMs: [],
      conditions: {
        source: this.kind,
        ...conditions,
        ...{ warmUp: 0, runs: 0 },
        estimate: { ...model.error, withinMeasuredRange },
      },
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
