/** What runs a model on a phone: it is probed, copied there, run, and cleaned up. */
import type { Device } from '../device.ts';
import type { RunnerIdentity } from '../../common/phones.ts';
import type { Placement } from '../../common/placement.ts';
import type { DeployedPrecision } from '../../common/precisions.ts';
import type { ModelFormat } from '../../tflite/timed-file.ts';
import type { PhoneModel } from '../measurement.ts';

export interface RunRequest {
  readonly model: PhoneModel;
  /** Asks where the nodes of the network run as well, which takes some runtimes time after the runs. */
  readonly placement?: boolean | undefined;
  readonly warmUp: number;
  readonly runs: number;
  readonly threads: number;
  /** Bit n stands for core n. */
  readonly mask: number;
  /** Milliseconds. */
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What one run of a runner printed. */
export interface RunnerReport {
  readonly engine: string;
  readonly version: string;
  readonly provider: string | null;
  readonly precision: string;
  readonly latenciesMs: readonly number[];
  readonly firstMs: number | null;
  readonly loadMs: number | null;
  readonly maxRssKiB: number | null;
  readonly involuntarySwitches: number | null;
  readonly coreKHzBefore: readonly (number | null)[];
  readonly coreKHzAfter: readonly (number | null)[];
  /** Null where it was not asked for, or the runner does not say. */
  readonly placement: Placement | null;
  /** Sum over every output's elements, for the input of `runnerInput`; null where the runner prints none. */
  readonly outputSums: readonly number[] | null;
}

export interface PushReport {
  readonly onPush?: ((share: number) => void) | undefined;
}

/** A runner that has been copied to a phone. */
export interface DeployedRunner {
  /**
   * Copies the model to the phone, unless it is there.
   * @throws WorkbenchError `phone-storage-full`, `conversion-failed`, what `Device.push` throws
   */
  load(model: PhoneModel, options?: PushReport & { readonly signal?: AbortSignal }): Promise<void>;
  /**
   * Runs a loaded model once.
   * @throws WorkbenchError `runner-failed`, `operator-not-supported`, `runner-killed`, `runner-timeout`,
   *   `runner-no-latency`, what `Device.shell` throws
   */
  run(request: RunRequest): Promise<RunnerReport>;
  /** Removes the model from the phone. Fails silently where the phone is gone: the next session cleans up. */
  unload(model: PhoneModel): Promise<void>;
}

/** The file that a runner takes. */
export interface ModelKind {
  readonly format: ModelFormat;
  readonly precision: DeployedPrecision;
}

export interface PhoneRunner {
  readonly name: string;
  readonly model: ModelKind;
  /**
   * Checks whether it could work, without changing anything on the phone.
   * @throws WorkbenchError `runner-not-built`, `wrong-architecture`, `runner-not-set-up`
   */
  probe(device: Device, signal?: AbortSignal): Promise<void>;
  /** Copies what it needs to the phone, once per phone. Throws what `Device.push` throws. */
  deploy(
    device: Device,
    options?: PushReport & { readonly signal?: AbortSignal },
  ): Promise<DeployedRunner>;
}

/** A runner that has passed the self-test. */
export interface ProvenRunner {
  readonly identity: RunnerIdentity;
  readonly model: ModelKind;
  readonly deployed: DeployedRunner;
}
