/**
 * Measuring on one phone, as seen by callers with models to measure. A session belongs to one phone and one
 * runner; it is opened by protocol/session.ts.
 */
import type { RequeueReason } from '../common/phone-conditions.ts';
import type { ErrorReport } from '../errors.ts';
import type { CoreCluster } from '../common/phones.ts';
import type { PhoneConditions } from '../common/phone-conditions.ts';
import type { RunnerIdentity } from '../common/phones.ts';
import type { MeasuringSettings, PhoneMeasurement } from '../latency/phone-measurement.ts';

/** A model file on this computer. The same bytes are never pushed twice while they are on the phone. */
export interface PhoneModel {
  /** The file that the runner takes: batch 1, static shapes, weights inside. */
  readonly path: string;
  readonly sha256: string;
}

export type GateReason = 'hot' | 'throttled' | 'battery-low' | 'asleep' | 'locked';

/** Reported while a session is at work, so that a person can see what it is waiting for. */
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
      /** As read just before. */
      readonly conditions: PhoneConditions;
    }
  /** Right after a repeat. */
  | { readonly kind: 'ran'; readonly sha256: string; readonly conditions: PhoneConditions }
  | { readonly kind: 'requeued'; readonly sha256: string; readonly reason: RequeueReason }
  | { readonly kind: 'reference'; readonly medianMs: number };

export type MeasuredModel =
  | { readonly ok: true; readonly measurement: PhoneMeasurement }
  | { readonly ok: false; readonly sha256: string; readonly failure: ErrorReport };

export interface MeasuringSession {
  readonly runner: RunnerIdentity;
  readonly settings: MeasuringSettings;
  readonly cores: CoreCluster;
  /**
   * Measures the models in interleaved rounds and takes them off the phone again.
   * @returns one entry per model, in their order; a model that fails does not affect the others
   * @throws WorkbenchError where the phone itself is at fault and the models may go back into a queue:
   * `phone-gone`, `phone-hot`, `phone-throttled`, `phone-battery-low`, `phone-asleep`, `phone-locked`; an
   * AbortError
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
  /** Used instead of `close` where the phone was lost: the next session on it cleans up. */
  abandon(): void;
}
