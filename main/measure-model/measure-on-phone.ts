/** The latency of one ONNX model of the user on a phone, by the whole protocol. */
import type { DeployedPrecision } from '../common/precisions.ts';
import { choosePhone } from '../phone/adb/choose.ts';
import { readConditions } from '../phone/conditions.ts';
import { readIdentity } from '../phone/identity.ts';
import { lockPhone } from '../phone/lock.ts';
import { measureGraphOnPhone } from '../phone/measure-graph.ts';
import type { MeasuringSettings, PhoneMeasurement } from '../latency/phone-measurement.ts';
import type { MeasuringEvent } from '../phone/measurement.ts';
import type { Phones } from '../phone/phones.ts';
import { runnersFor, type RunnerName, type RunnerSettings } from '../phone/runners/index.ts';
import {
  modelFacts,
  readForMeasuring,
  type MeasuredModelFile,
  type MeasureModelRequest,
} from './measure-model.ts';

export interface PhoneTarget {
  /** Null takes the only phone that is plugged in. */
  readonly serial: string | null;
  /** The adb to use; absent looks for one. */
  readonly adbFile?: string | undefined;
  /** Null takes the first of the product's own runners that passes the self-test. */
  readonly runner: RunnerName | null;
  /** What `tflite` and `command` need. */
  readonly runnerSettings?: RunnerSettings;
  /** float32 unless stated. */
  readonly precision?: DeployedPrecision | undefined;
  readonly settings: MeasuringSettings;
}

export interface MeasuredOnPhone extends Omit<MeasuredModelFile, 'latency'> {
  readonly serial: string;
  readonly measurement: PhoneMeasurement;
}

export interface PhoneProgress {
  readonly onTry?: (runner: string) => void;
  readonly onPush?: (share: number) => void;
  readonly onEvent?: (event: MeasuringEvent) => void;
}

/**
 * @throws WorkbenchError what reading the model, listing and choosing the phone, locking it (`phone-in-use`), opening a measuring session and
 *   measuring throw
 */
export async function measureModelOnPhone(
  request: MeasureModelRequest,
  { serial, runner, runnerSettings = {}, precision, settings }: PhoneTarget,
  phones: Phones,
  { signal, ...progress }: PhoneProgress & { readonly signal?: AbortSignal | undefined } = {},
): Promise<MeasuredOnPhone> {
  const read = await readForMeasuring(request);
  const chosen = choosePhone(await phones.list(signal), serial ?? undefined);
  const device = await phones.device(chosen.serial);
  const { serialNumber } = await readIdentity(device, signal ? { signal } : {});
  const lock = lockPhone(serialNumber ?? chosen.serial, `measuring ${request.model}`);
  try {
    const measurement = await measureGraphOnPhone(
      device,
      read.kind === 'network' ? read.graph : read.stored.bytes,
      {
        runners: runnersFor(runner, runnerSettings, precision),
        settings,
        readConditions: (stop, brief) =>
          readConditions(device, { ...(stop && { signal: stop }), ...(brief && { brief }) }),
        ...progress,
        ...(signal && { signal }),
      },
    );
    return { ...modelFacts(request.model, read), serial: chosen.serial, measurement };
  } finally {
    lock.release();
  }
}
