/**
 * Measuring on one phone, as seen by callers that have models to measure. A session belongs to one phone and one
 * runner; it is opened by protocol/session.ts.
 */
import type { ErrorReport } from '../errors.ts';
import type { CoreCluster, PhoneConditions } from '../latency/phone-conditions.ts';

/** A model file on this computer. The same bytes are never pushed twice while they lie on the phone. */
export interface PhoneModel {
  /** ONNX, batch 1, static shapes, weights inside. */
  readonly path: string;
  readonly sha256: string;
}

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

export type CoreChoice = 'big' | 'mid' | 'little' | { readonly mask: number };

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

export type GateReason = 'hot' | 'throttled' | 'battery-low' | 'asleep' | 'locked';

/** Told while a session works, so that a person can see what it waits for. */
export type MeasuringEvent =
  | {
      readonly kind: 'waiting';
      readonly reason: GateReason;
      /** A sentence: the value, the limit. */
      readonly message: string;
      readonly waitedMs: number;
      readonly limitMs: number;
      readonly conditions: PhoneConditions;
    }
  | { readonly kind: 'pushing'; readonly sha256: string; readonly share: number }
  | {
      readonly kind: 'running';
      readonly sha256: string;
      readonly repeat: number;
      /** As read right before. */
      readonly conditions: PhoneConditions;
    }
  /** Right after a repeat. */
  | { readonly kind: 'ran'; readonly sha256: string; readonly conditions: PhoneConditions }
  | { readonly kind: 'requeued'; readonly sha256: string; readonly reason: RequeueReason }
  | { readonly kind: 'reference'; readonly medianMs: number };

export type RequeueReason = 'frequency-fell' | 'thermal-status' | 'medians-drift';

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

export type MeasuredModel =
  | { readonly ok: true; readonly measurement: PhoneMeasurement }
  | { readonly ok: false; readonly sha256: string; readonly failure: ErrorReport };

export interface MeasuringSession {
  readonly runner: RunnerIdentity;
  readonly settings: MeasuringSettings;
  readonly cores: CoreCluster;
  /**
   * Measures the models in interleaved rounds and takes them off the phone again.
   * @returns one entry a model, in their order; a model that fails does not disturb the others
   * @throws WorkbenchError where the phone itself is at fault and the models may go back into a queue:
   *   `phone-gone`, `phone-hot`, `phone-throttled`, `phone-battery-low`, `phone-asleep`, `phone-locked`; an AbortError
   */
  measure(
    models: readonly PhoneModel[],
    options?: {
      readonly onEvent?: (event: MeasuringEvent) => void;
      readonly signal?: AbortSignal;
    },
  ): Promise<readonly MeasuredModel[]>;
  /** Removes this session's models from the phone; the runtime stays for the next one. */
  close(): Promise<void>;
  /** In place of `close` where the phone was lost: the next session on it clears up. */
  abandon(): void;
}
