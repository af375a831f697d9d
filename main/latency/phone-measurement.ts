/**
 * What a phone's latency was made of: every start of the runner with the phone's state around it, the settings
 * and who ran it. Stored with the latency; `phone/` makes it.
 */
import type { RequeueReason } from '../common/phone-conditions.ts';
import type { CoreChoice } from '../common/phone-settings.ts';
import type { ErrorReport } from '../errors.ts';
import type { CoreCluster, PhoneConditions } from './phone-conditions.ts';

/** What ran a model: part of every latency. */
export interface RunnerIdentity {
  /** Such as `ort-android-xnnpack`. */
  readonly name: string;
  readonly engine: string;
  readonly version: string;
  readonly precision: string;
  /** Execution provider or delegate; null where the runner does not say. */
  readonly provider: string | null;
  /** The self-test's output sum was right, or the runner prints none and only ran. */
  readonly proof: 'output-sum' | 'ran';
  /** Why runners that come before this one were not taken. */
  readonly refused: readonly { readonly name: string; readonly failure: ErrorReport }[];
}

export interface MeasuringSettings {
  readonly warmUp: number;
  readonly runs: number;
  readonly threads: number;
  readonly core: CoreChoice;
  /** Rounds over all models that are measured together. */
  readonly repeats: number;
  /** How often a repeat that went wrong is put back into the queue before the model counts as unsteady. */
  readonly requeues: number;
  /** The reference model is measured before the first model and then after each time this many; 0 means never. */
  readonly referenceEvery: number;
  readonly gates: GateSettings;
  /** Milliseconds that one start of the runner may take. */
  readonly runLimitMs: number;
}

export interface GateSettings {
  readonly maxBatteryC: number;
  readonly minBatteryLevel: number;
  readonly maxThermalStatus: number;
  /** False measures with a dark or locked screen too, which phones answer with lower frequencies. */
  readonly screenOn: boolean;
  /** Milliseconds to wait for the phone before giving up. */
  readonly limitMs: number;
  /** Milliseconds between two looks. */
  readonly everyMs: number;
}

/** One start of the runner. Nothing that was measured is ever dropped: `kept` says what counts. */
export interface Repeat {
  /** Every run in order. Some runners print no more than one average. */
  readonly latenciesMs: readonly number[];
  readonly firstMs: number | null;
  readonly loadMs: number | null;
  readonly maxRssKiB: number | null;
  readonly involuntarySwitches: number | null;
  readonly before: PhoneConditions;
  readonly after: PhoneConditions;
  /** As the runner itself saw them around the timed runs; empty where it does not say. */
  readonly coreKHzBefore: readonly (number | null)[];
  readonly coreKHzAfter: readonly (number | null)[];
  /** Null where it counts. */
  readonly discarded: RequeueReason | null;
}

export interface Drift {
  /** Reference latency of the session's begin over that around this model: above 1, the phone had become slower. */
  readonly factor: number;
  /** The raw median times the factor: shown beside the raw figure, never in its place. */
  readonly correctedMs: number;
  /** Medians of the reference model: at the session's begin, before and after this model. */
  readonly referenceMs: readonly [number, number, number];
}

export interface PhoneMeasurement {
  readonly sha256: string;
  /** Over all runs of all repeats that count, as measured. */
  readonly medianMs: number;
  /** 95 % bootstrap interval of the median. */
  readonly intervalMs: readonly [number, number];
  readonly p90Ms: number;
  readonly minMs: number;
  /** Why the figure never became steady; empty where it did. */
  readonly unsteady: readonly RequeueReason[];
  readonly repeats: readonly Repeat[];
  /** Null where no reference model was measured. */
  readonly drift: Drift | null;
  readonly runner: RunnerIdentity;
  readonly settings: MeasuringSettings;
  readonly cores: CoreCluster;
}
