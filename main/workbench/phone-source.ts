/**
 * Turns the phones that a run names into a source of latencies: they are found, checked to be of one model,
 * locked, and given a queue.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { WorkbenchError } from '../errors.ts';
import type { Latency } from '../latency/latency.ts';
import type { MeasuringSettings } from '../latency/phone-measurement.ts';
import { choosePhone } from '../phone/adb/choose.ts';
import { readConditions } from '../phone/conditions.ts';
import type { Device } from '../phone/device.ts';
import type { DeployedPrecision } from '../common/precisions.ts';
import type { PhoneIdentity } from '../common/phones.ts';
import { readIdentity } from '../phone/identity.ts';
import { lockPhone, type PhoneLock } from '../phone/lock.ts';
import type { Phones } from '../phone/phones.ts';
import type { PhoneActivity } from '../common/phone-activity.ts';
import {
  PhoneLatencySource,
  type KeptRunner,
  type PooledPhone,
} from '../phone/pool/phone-latency.ts';
import { openMeasuringSession } from '../phone/protocol/session.ts';
import type { PhoneSettings, RunnerName } from '../common/phone-settings.ts';
import { measuringSettings } from '../phone/run-settings.ts';
import type { Known } from '../common/known.ts';
import { runnersFor } from '../phone/runners/index.ts';
import type { PhoneRunner } from '../phone/runners/runner.ts';
import type { CommandTemplate } from '../phone/runners/template.ts';
import type { TfliteSettings } from '../phone/runners/tflite.ts';
import { clearModels } from '../phone/runners/models-on-phone.ts';
import type { Candidate } from '../run/candidate.ts';
import type { RunStore } from '../run/run-store.ts';
import { storedCandidates } from '../search/replay.ts';

export interface PhoneSourceOptions {
  /** Closed with the source. */
  readonly phones: Phones;
  readonly settings: PhoneSettings;
  /** Of the models that are measured. */
  readonly precision: DeployedPrecision;
  /** See `measuringSettings`. */
  readonly interval: number | null;
  /** The run file, shown to whoever finds the phone locked. */
  readonly purpose: string;
  /** What the run has been measured with so far; null in a new one. */
  readonly kept: KeptRunner | null;
  /** What earlier sessions of the run measured, by the digest of the model. */
  readonly earlier?: (() => Promise<ReadonlyMap<string, Latency>>) | undefined;
  readonly onPhones?: ((phones: readonly PhoneActivity[]) => void) | undefined;
}

export interface PhoneSource {
  readonly source: PhoneLatencySource;
  /** The settings with the phones and their model by name. */
  readonly settings: PhoneSettings;
}

/**
 * Returns before anything is copied to a phone.
 * @throws WorkbenchError what listing and choosing throw, `phone-models-differ`, `phone-in-use`,
 * `runner-not-set-up`, `runner-not-built`; the phones are closed then
 */
export async function openPhoneSource(options: PhoneSourceOptions): Promise<PhoneSource> {
  const { phones, settings, precision, interval, purpose, kept, earlier, onPhones } = options;
  const locks: PhoneLock[] = [];
  const end = async (): Promise<void> => {
    locks.forEach((lock) => lock.release());
    await phones.close();
  };
  try {
    // Complains about what is not set up before waiting for a phone.
    const [{ model: kind }] = runnersOf(settings, precision, null) as Known<PhoneRunner>;
    const found = await findPhones(phones, settings);
    const { model } = found[0]!.identity;
    for (const { identity, device } of found) {
      locks.push(lockPhone(identity.serialNumber ?? device.serial, purpose));
    }
    const measured = measuringSettings(settings, interval);
    const source = new PhoneLatencySource({
      phones: found.map(({ device, identity }) => pooled(phones, device, identity, measured)),
      model: kind,
      runners: (name) => runnersOf(settings, precision, name),
      ...{ kept, earlier },
      awayMs: settings.awaySeconds * 1000,
      onActivity: onPhones,
      onClose: async () => {
        await Promise.all(found.map(({ device }) => clearModels(device, [])));
        await end();
      },
    });
    const serials = found.map(({ device }) => device.serial);
    return { source, settings: { ...settings, serials, model } };
  } catch (error) {
    await end();
    throw error;
  }
}

/** What has measured a run so far; null where no phone has. */
export function runnerOfRun(candidates: readonly Candidate[]): KeptRunner | null {
  for (const candidate of candidates) {
    if (candidate.status !== 'evaluated' || !candidate.latency?.conditions.phone) continue;
    const { runner: name, engineVersion: version, precision, phone } = candidate.latency.conditions;
    return { name, version, precision, engine: phone.engine };
  }
  return null;
}

/**
 * Latencies of a run by the digest of their model, which is never measured again, by whichever network it comes
 * back. Others have their turn between two candidates: what was measured makes them long.
 */
export async function earlierLatencies(
  store: Pick<RunStore, 'candidates' | 'candidate'>,
): Promise<ReadonlyMap<string, Latency>> {
  const known = new Map<string, Latency>();
  for (const { id, status } of await storedCandidates(store)) {
    const whole = status === 'evaluated' ? store.candidate(id) : null;
    await nextTurn();
    if (whole?.status !== 'evaluated' || !whole.latency?.measurement) continue;
    known.set(whole.latency.measurement.sha256, whole.latency);
  }
  return known;
}

/** The runners to choose from: those that settings set up, or only the named one. Throws `runner-not-set-up`. */
export function runnersOf(
  settings: Pick<PhoneSettings, 'runner'> & {
    readonly tflite: TfliteSettings | null;
    readonly command: CommandTemplate | null;
  },
  precision: DeployedPrecision,
  name: string | null,
) {
  const { runner, tflite, command } = settings;
  const own = { ...(tflite && { tflite }), ...(command && { command }) };
  return runnersFor((name as RunnerName | null) ?? runner, own, precision);
}

async function findPhones(phones: Phones, { serials, model }: PhoneSettings) {
  const listed = await phones.list();
  const chosen = (serials ?? [undefined]).map((serial) => choosePhone(listed, serial));
  const found = await Promise.all(
    chosen.map(async ({ serial }) => {
      const device = await phones.device(serial);
      return { device, identity: await readIdentity(device) };
    }),
  );
  const wanted = model ?? found[0]!.identity.model;
  const odd = found.find(({ identity }) => identity.model !== wanted);
  if (odd === undefined) return found;
  throw new WorkbenchError(
    'phone-models-differ',
    `The phone ${odd.device.serial} is a ${odd.identity.model ?? 'phone of unknown model'}, not a ${wanted ?? 'phone of unknown model'}: their latencies cannot be compared.`,
    `Measure a run on phones of one model; leave this one out, or plug a ${wanted ?? 'fitting one'} in.`,
  );
}

function pooled(
  phones: Phones,
  device: Device,
  identity: PhoneIdentity,
  settings: MeasuringSettings,
): PooledPhone {
  const { serial } = device;
  const listing = () => phones.state.phones.find((one) => one.serial === serial) ?? null;
  return {
    serial,
    identity,
    async ready(limitMs, signal) {
      await phones.until(() => listing()?.state === 'ready', limitMs, signal);
      return listing();
    },
    open: (runners, keep, signal) =>
      openMeasuringSession(device, {
        runners,
        keep,
        settings,
        readConditions: (stop, brief) =>
          readConditions(device, { ...(stop && { signal: stop }), ...(brief && { brief }) }),
        signal,
      }),
  };
}
