/**
 * An estimate of the latency on a device, for people who do not have it at hand. It is always labelled as an
 * estimate, with its error.
 */
import type { PredictedKind } from '../../common/latency-sources.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Latency, LatencySource } from '../latency.ts';
import { predictedDevices, type PredictedDevice } from './devices.ts';
import { estimateMs, timeShares } from './estimate.ts';
import { contentOf, operationsOf } from './operations-of.ts';
import { errorOf } from './range.ts';

export class PredictedLatency implements LatencySource {
  readonly kind: PredictedKind;
  /** The arithmetic on this computer does not disturb scoring. */
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

  /** Never fails for a network whose shapes can be inferred, however far from the measured ones. */
  measure(graph: Graph): Promise<Latency> {
    const { model, conditions } = this.#device;
    const content = contentOf(graph);
    const { operations } = content;
    const latencyMs = estimateMs(operations, model);
    const { outside, ...error } = errorOf(content, timeShares(operations, model), model);
    return Promise.resolve({
      latencyMs,
      p90Ms: latencyMs,
      minMs: latencyMs,
      runsMs: [],
      conditions: {
        source: this.kind,
        ...conditions,
        ...{ warmUp: 0, runs: 0 },
        estimate: { ...error, withinMeasuredRange: outside.length === 0, outside },
      },
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
