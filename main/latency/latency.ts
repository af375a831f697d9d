/** Where latencies come from. A latency is never shown without the conditions under which it was taken. */
import type { LatencySourceKind, PhonelessSourceKind } from '../common/latency-sources.ts';
import type { HostRunner } from '../common/host-runners.ts';
import type { DeployedPrecision } from '../common/precisions.ts';
import type { Placement } from '../common/placement.ts';
import { WorkbenchError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import type { StoredModel } from '../graph/onnx/stored-form.ts';
import type { HostMeasurement } from './host-measurement.ts';
import type { StatedInterval } from './interval.ts';
import type { PhoneMeasurement } from './phone-measurement.ts';

export type { LatencySourceKind };

/** How the latency of one model is asked for; the source's defaults apply to what is left out. */
export interface LatencyRequest {
  readonly kind: PhonelessSourceKind;
  readonly runs?: number | undefined;
  readonly warmUp?: number | undefined;
  readonly threads?: number | undefined;
  readonly repeats?: number | undefined;
  readonly interval?: number | null | undefined;
  /** Of the network, where it is measured. */
  readonly precision?: DeployedPrecision | undefined;
  /** What measures it on this computer. */
  readonly runner?: HostRunner | undefined;
}

/** Conditions of a latency: two latencies compare only when these agree. */
export interface LatencyConditions {
  readonly source: LatencySourceKind;
  /** Processor name of this computer, or the phone. */
  readonly device: string;
  readonly runner: string;
  readonly engineVersion: string;
  /** Such as float32. */
  readonly precision: string;
  readonly threads: number;
  readonly warmUp: number;
  readonly runs: number;
  /** How far the median may be off; absent in 0.1 and where nothing was measured. */
  readonly interval?: StatedInterval;
  /** The phone and how it was used, where one measured. */
  readonly phone?: PhoneOfLatency;
  /** How this computer came to its figure; absent where it took a single repeat, as it did before 0.2. */
  readonly host?: HostOfLatency;
  /**
   * Set where nothing was run: how far such an estimate is off, in percent. Within the measured range that is the
   * error for networks like this one that were left out of the fit, outside of it a widened one.
   */
  readonly estimate?: {
    readonly medianPercent: number;
    readonly p90Percent: number;
    readonly withinMeasuredRange: boolean;
    /** In what the network lies outside, in words; absent before 0.2, which looked at MACs and operations alone. */
    readonly outside?: readonly string[];
  };
}

export interface PhoneOfLatency {
  /** As adb names it; phones of one model share a run. */
  readonly serial: string;
  /** The number on the phone itself. */
  readonly serialNumber: string | null;
  readonly model: string | null;
  readonly chip: string | null;
  readonly android: string | null;
  readonly engine: string;
  /** Execution provider or delegate. */
  readonly provider: string | null;
  /** Bit n stands for core n. */
  readonly mask: number;
  /** As `LatencyConditions.interval` has it; without that, 0.1's bootstrap interval, which covered less. */
  readonly intervalMs: readonly [number, number] | null;
  /** Why the figure never became steady; empty where it did. */
  readonly unsteady: readonly string[];
  /** The worker of a farm that has the phone; absent where it is plugged in where the search runs. */
  readonly worker?: string;
  /** Where its nodes ran; null where the runner does not say, absent before 0.2. */
  readonly placement?: Placement | null;
  /** The median times the factor by which a reference model became faster; null where none was measured. */
  readonly correctedMs: number | null;
}

export interface HostOfLatency {
  /** How many repeats went into the figure. */
  readonly repeats: number;
  /** Why the figure never became steady; empty where it did. */
  readonly unsteady: HostMeasurement['unsteady'];
}

export interface Latency {
  /** Median over the runs, or the estimate. */
  readonly latencyMs: number;
  readonly p90Ms: number;
  readonly minMs: number;
  /** Every run, in order; empty for an estimate, whose p90 and minimum are the estimate itself. */
  readonly runsMs: readonly number[];
  readonly conditions: LatencyConditions;
  /** For a phone: every repeat with the phone's state before and after. A light read leaves it out. */
  readonly measurement?: PhoneMeasurement;
  /** For this computer: every repeat with what else it was doing. A light read leaves it out. */
  readonly host?: HostMeasurement;
}

/**
 * The source itself is lost, through no fault of the network to be measured. That ends a search, which can be
 * resumed, whereas any other error fails one candidate.
 */
export class LatencySourceLost extends WorkbenchError {}

export interface LatencySource {
  readonly kind: LatencySourceKind;
  /** True where a measurement must not run beside scoring, or each distorts the other. */
  readonly exclusive: boolean;
  /** True where the source has its own queue, in which any number of requests may wait. */
  readonly queued?: boolean;
  /**
   * A lower bound, in milliseconds, of the network's latency on this source; cheap. A search with a limit skips
   * networks that cannot meet it, without scoring or measuring them.
   */
  leastMs?(graph: Graph): number;
  /**
   * Measures the inference form at batch 1. Throws WorkbenchError.
   * @param genotype by which others who know the run build the same network; a source that asks them needs it
   */
  measure(graph: Graph, signal?: AbortSignal, genotype?: string): Promise<Latency>;
  /** Measures a model as its file has it; absent where only networks that are understood have a latency. */
  measureStored?(model: StoredModel, signal?: AbortSignal): Promise<Latency>;
  close(): Promise<void>;
}
