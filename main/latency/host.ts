/** Latency of this computer: onnxruntime in a child, one thread, batch 1, the deployable form. */
import { cpus } from 'node:os';
import { despiteKills } from '../child/killed.ts';
import type { ChildProcesses } from '../child/process.ts';
import { SupervisedChild, type ChildLimits } from '../child/supervised-child.ts';
import { onnxruntimeVersion } from '../engine/onnxruntime/version.ts';
import type { Graph } from '../graph/graph.ts';
import { summarise } from '../graph/summary.ts';
import type { Latency, LatencyConditions, LatencySource } from './latency.ts';
import { percentile } from './percentiles.ts';
import type { MeasureRequest } from './protocol.ts';

/**
 * More than a core of any computer does: two units of sixteen float32 multiply-accumulates at 6 GHz.
 * onnxruntime's convolutions spare no multiplications, so no network can be quicker.
 */
const mostMacsPerMs = 2 * 16 * 6e6;
/** What a search measures with. */
const usual = { warmUp: 3, runs: 20, threads: 1 };

export interface HostLatencyOptions {
  readonly processes: ChildProcesses;
  /** Script of the latency child. */
  readonly entry: string;
  readonly limits: ChildLimits;
  readonly warmUp?: number | undefined;
  readonly runs?: number | undefined;
  readonly threads?: number | undefined;
}

export class HostLatency implements LatencySource {
  readonly kind = 'host';
  readonly exclusive = true;
  readonly conditions: LatencyConditions;
  private readonly child: SupervisedChild;

  constructor(options: HostLatencyOptions) {
    this.conditions = {
      source: 'host',
      device: cpus()[0]?.model.trim() ?? 'unknown processor',
      runner: 'onnxruntime-cpu',
      engineVersion: onnxruntimeVersion,
      precision: 'float32',
      threads: options.threads ?? usual.threads,
      warmUp: options.warmUp ?? usual.warmUp,
      runs: options.runs ?? usual.runs,
    };
    this.child = new SupervisedChild({ ...options, name: 'latency' });
  }

  leastMs(graph: Graph): number {
    return summarise(graph).macs / mostMacsPerMs;
  }

  async measure(graph: Graph, signal?: AbortSignal): Promise<Latency> {
    const { warmUp, runs, threads } = this.conditions;
    const request: MeasureRequest = { graph, warmUp, runs, threads };
    const runsMs = await despiteKills(
      () => this.child.request<readonly number[]>('measure', request, signal),
      signal,
    );
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
