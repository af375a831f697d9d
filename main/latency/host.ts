/** Latency of this computer: onnxruntime in a child, one thread, batch 1, the deployable form. */
import { cpus } from 'node:os';
import type { ChildProcesses } from '../child/process.ts';
import { SupervisedChild, type ChildLimits } from '../child/supervised-child.ts';
import { onnxruntimeVersion } from '../engine/onnxruntime/version.ts';
import type { Graph } from '../graph/graph.ts';
import { summarise } from '../graph/summary.ts';
import type { Latency, LatencyConditions, LatencySource } from './latency.ts';
import { percentile } from './percentiles.ts';
import type { MeasureRequest } from './protocol.ts';

const warmUp = 3;
const runs = 20;
const threads = 1;
/**
 * More than a core of any computer does: two units of sixteen float32 multiply-accumulates at 6 GHz.
 * onnxruntime's convolutions spare no multiplications, so no network can be quicker.
 */
const mostMacsPerMs = 2 * 16 * 6e6;

export interface HostLatencyOptions {
  readonly processes: ChildProcesses;
  /** Script of the latency child. */
  readonly entry: string;
  readonly limits: ChildLimits;
}

export class HostLatency implements LatencySource {
  readonly kind = 'host';
  readonly exclusive = true;
  readonly conditions: LatencyConditions = {
    source: 'host',
    device: cpus()[0]?.model.trim() ?? 'unknown processor',
    runner: 'onnxruntime-cpu',
    engineVersion: onnxruntimeVersion,
    precision: 'float32',
    threads,
    warmUp,
    runs,
  };
  private readonly child: SupervisedChild;

  constructor(options: HostLatencyOptions) {
    this.child = new SupervisedChild({ ...options, name: 'latency' });
  }

  leastMs(graph: Graph): number {
    return summarise(graph).macs / mostMacsPerMs;
  }

  async measure(graph: Graph, signal?: AbortSignal): Promise<Latency> {
    const request: MeasureRequest = { graph, warmUp, runs, threads };
    const runsMs = await this.child.request<readonly number[]>('measure', request, signal);
    return {
      latencyMs: percentile(runsMs, 0.5),
      p90Ms: percentile(runsMs, 0.9),
      minMs: Math.min(...runsMs),
      runsMs,
      conditions: this.conditions,
    };
  }

  close(): Promise<void> {
    return this.child.close();
  }
}
