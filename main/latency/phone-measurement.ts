/**
 * What a phone's latency was made of: every start of the runner with the phone's state around it, the settings
 * and who ran it. Stored with the latency; `phone/` makes it.
 */
import type { RequeueReason } from '../common/phone-conditions.ts';
import type { Drift, PhoneRepeat } from '../common/phone-measurement.ts';
import type { Placement } from '../common/placement.ts';
import type { CoreChoice } from '../common/phone-settings.ts';
import type { CoreCluster, RunnerIdentity } from '../common/phones.ts';

export interface MeasuringSettings {
  readonly warmUp: number;
  readonly runs: number;
  readonly threads: number;
  readonly core: CoreChoice;
  /** Rounds over all models that are measured together: at most, where an interval is asked for. */
  readonly repeats: number;
  /** See `Wanted.interval`; absent in measurements of 0.1. */
  readonly interval: number | null;
  /** How often a repeat that went wrong is put back into the queue before the model counts as unsteady. */
  readonly requeues: number;
  /** The reference model is measured before the first model and then after every so many; 0 means never. */
  readonly referenceEvery: number;
  readonly gates: GateSettings;
  /** Milliseconds that one run of the runner may take. */
  readonly runLimitMs: number;
}

export interface GateSettings {
  readonly maxBatteryC: number;
  readonly minBatteryLevel: number;
  readonly maxThermalStatus: number;
  /** False measures with a dark or locked screen as well, although phones then lower their frequencies. */
  readonly screenOn: boolean;
  /** Milliseconds to wait for the phone before giving up. */
  readonly limitMs: number;
  /** Milliseconds between two checks. */
  readonly everyMs: number;
}

export interface Repeat extends PhoneRepeat {
  readonly firstMs: number | null;
  readonly loadMs: number | null;
  readonly maxRssKiB: number | null;
  readonly involuntarySwitches: number | null;
}

export interface PhoneMeasurement {
  readonly sha256: string;
  /** Over all runs of all repeats that count, as measured. */
  readonly medianMs: number;
  /** 95 % interval of the median; null for a single repeat. */
  readonly intervalMs: readonly [number, number] | null;
  readonly p90Ms: number;
  readonly minMs: number;
  /** Why the figure never became steady; empty where it did. */
  readonly unsteady: readonly RequeueReason[];
  readonly repeats: readonly Repeat[];
  /** Null where no reference model was measured. */
  readonly drift: Drift | null;
  /** Where the nodes of the network ran; null where the runner does not say, absent before 0.2. */
  readonly placement?: Placement | null;
  readonly runner: RunnerIdentity;
  readonly settings: MeasuringSettings;
  readonly cores: CoreCluster;
}
