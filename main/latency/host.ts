/**
 * Latency of this computer: onnxruntime or TensorFlow Lite in a child, one thread, batch 1, the deployable form. By the protocol of
 * phones: repeats apart in time until they say enough, what else the computer does looked at around each, again
 * where that does not hold, marked where it never does.
 */
import { cpus } from 'node:os';
import { retryKilled } from '../child/killed.ts';
import type { ChildProcesses } from '../child/process.ts';
import { SupervisedChild, type ChildLimits } from '../child/supervised-child.ts';
import { usualHostRunner, type HostRunner } from '../common/host-runners.ts';
import type { DeployedPrecision } from '../common/precisions.ts';
import { onnxruntimeVersion } from '../engine/onnxruntime/version.ts';
import type { Graph } from '../graph/graph.ts';
import type { StoredModel } from '../graph/onnx/stored-form.ts';
import { summarise } from '../graph/summary.ts';
import { faultOfLoad, slowerThanOthers } from './host-steadiness.ts';
import { LeastOfLate } from './least-of-late.ts';
import type { Latency, LatencyConditions, LatencySource } from './latency.ts';
import { physicalCores } from './load.ts';
import type { HostRepeat, HostRequeueReason } from './host-measurement.ts';
import { percentile } from './percentiles.ts';
import type { RepeatRequest, TimedModel, TimedRuns } from './protocol.ts';
import {
  meantCoverage,
  usualInterval,
  usualRepeats,
  virtualMachineCoverage,
} from '../common/measuring.ts';
import { statedInterval } from './interval.ts';
import { WorkbenchError } from '../errors.ts';
import { tfliteVersion } from './tflite/library.ts';
import { Repeats } from './repeats.ts';
import { isVirtualMachine } from './virtual-machine.ts';

/**
 * More than a core of any computer does: two units of sixteen float32 multiply-accumulates at 6 GHz, of int8 the tiles
 * of a matrix unit. The runtimes' convolutions save no multiplications, so no network can be faster.
 */
const mostMacsPerMs: Readonly<Record<DeployedPrecision, number>> = {
  float32: 2 * 16 * 6e6,
  float16: 2 * 32 * 6e6,
  int8: 1024 * 6e6,
};
/** What a search measures with. */
const usual = { warmUp: 3, runs: 10, threads: 1, repeats: usualRepeats, interval: usualInterval };
/**
 * How many repeats that went wrong are measured again: more than on phones, since they cost a fraction of a second and
 * what disturbs a computer comes and goes.
 */
export const hostRequeues = 8;
/** Milliseconds between two repeats: long compared with what a program does that wakes up now and then. */
const pauseMs = 150;
/** A pause after a repeat that went wrong is twice as long as the one before, up to this. */
const longestPauseMs = 1200;

export interface HostLatencyOptions {
  readonly processes: ChildProcesses;
  /** Script of the latency child. */
  readonly entry: string;
  readonly limits: ChildLimits;
  readonly warmUp?: number | undefined;
  /** Of each repeat. */
  readonly runs?: number | undefined;
  readonly threads?: number | undefined;
  /** At most, where an interval is asked for; else exactly so many. */
  readonly repeats?: number | undefined;
  /** How many repeats that went wrong are measured again; `hostRequeues` unless stated. */
  readonly requeues?: number | undefined;
  /** See `Wanted.interval`. */
  readonly interval?: number | null | undefined;
  /** Of the networks; float32 unless stated. */
  readonly precision?: DeployedPrecision | undefined;
  /** onnxruntime unless stated. */
  readonly runner?: HostRunner | undefined;
}

/** A lower bound of the latency on any computer of today; see `LatencySource.leastMs`. */
export function leastHostMs(graph: Graph, precision: DeployedPrecision = 'float32'): number {
  return summarise(graph).macs / mostMacsPerMs[precision];
}

export class HostLatency implements LatencySource {
  readonly kind = 'host';
  readonly exclusive = true;
  readonly #options: HostLatencyOptions;
  readonly #child: SupervisedChild;
  readonly #cores = physicalCores();
  readonly #bestPace = new LeastOfLate();
  /** What shares a virtual machine's host shows in nothing that can be looked at. */
  readonly #coverage = isVirtualMachine() ? virtualMachineCoverage : meantCoverage;
  #measurements = 0;
  /**
   * If the computer was busy during the whole of the previous network, there is no point in waiting for it to
   * become quiet.
   */
  #patient = true;

  constructor(options: HostLatencyOptions) {
    this.#options = options;
    this.#child = new SupervisedChild({ ...options, name: 'latency' });
  }

  leastMs(graph: Graph): number {
    return leastHostMs(graph, this.#options.precision);
  }

  measure(graph: Graph, signal?: AbortSignal): Promise<Latency> {
    const { precision = 'float32', runner = usualHostRunner } = this.#options;
    return this.#measure({ graph, precision, runner }, precision, signal);
  }

  /** Throws `not-convertible` where another form than the file's is wanted. */
  async measureStored(
    { bytes, inputs, precision }: StoredModel,
    signal?: AbortSignal,
  ): Promise<Latency> {
    const { precision: wanted = 'float32', runner = usualHostRunner } = this.#options;
    if (wanted !== 'float32' || runner !== usualHostRunner) throw onlyAsStored();
    return await this.#measure({ stored: { bytes, inputs } }, precision, signal);
  }

  async #measure(model: TimedModel, precision: string, signal?: AbortSignal): Promise<Latency> {
    const { warmUp = usual.warmUp, runs = usual.runs, threads = usual.threads } = this.#options;
    const { repeats = usual.repeats, interval = usual.interval } = this.#options;
    const { requeues = hostRequeues } = this.#options;
    const wanted = { repeats, interval, requeues };
    const measured = new Repeats<HostRequeueReason, HostRepeat>(wanted, slowerThanOthers);
    const request = { measurement: this.#measurements++, model, warmUp, runs, threads };
    let pause = pauseMs;
    while (!measured.done) {
      const known = this.#bestPace.at(performance.now());
      const asked = { pauseMs: pause, bestPaceMs: known < Infinity ? known : null };
      const { runsMs, load, ...seen } = await this.#repeat({ ...request, ...asked }, signal);
      const now = performance.now();
      const bestPaceMs = this.#bestPace.at(now);
      this.#bestPace.note(now, seen.bestPaceMs);
      const discarded = faultOfLoad(load, { cores: this.#cores, threads, bestPaceMs });
      const again = measured.add({ latenciesMs: runsMs, load, discarded });
      pause = again !== null && this.#patient ? Math.min(2 * pause, longestPauseMs) : pauseMs;
    }
    await this.#child.request('release', null, signal);
    this.#patient = measured.unsteady.length === 0;
    return this.#latencyOf(measured, interval, { warmUp, threads, precision });
  }

  close(): Promise<void> {
    return this.#child.close();
  }

  #repeat(request: RepeatRequest, signal?: AbortSignal): Promise<TimedRuns> {
    const ask = () => this.#child.request<TimedRuns>('repeat', request, signal);
    return retryKilled(ask, signal);
  }

  #latencyOf(
    measured: Repeats<HostRequeueReason, HostRepeat>,
    asked: number | null,
    { warmUp, threads, precision }: Pick<LatencyConditions, 'warmUp' | 'threads' | 'precision'>,
  ): Latency {
    const { runner = usualHostRunner } = this.#options;
    const { all, counting, unsteady } = measured;
    const runsMs = counting.flat();
    return {
      latencyMs: percentile(runsMs, 0.5),
      p90Ms: percentile(runsMs, 0.9),
      minMs: Math.min(...runsMs),
      runsMs,
      host: { repeats: all, unsteady },
      conditions: {
        source: 'host',
        device: cpus()[0]?.model.trim() ?? 'unknown processor',
        runner,
        engineVersion: runner === 'tflite-cpu' ? tfliteVersion : onnxruntimeVersion,
        precision,
        threads,
        warmUp,
        runs: runsMs.length,
        interval: statedInterval(counting, asked, this.#coverage),
        host: { repeats: counting.length, unsteady },
      },
    };
  }
}

function onlyAsStored(): WorkbenchError {
  return new WorkbenchError(
    'not-convertible',
    'This model is not understood, and can only be run as its file has it, on onnxruntime.',
    'Measure it without --latency-precision and --runner.',
  );
}
