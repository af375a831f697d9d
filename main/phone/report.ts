/** Every phone that is plugged in: what it is and how it does, or why it cannot be worked with. */
import { reportOf, type ErrorReport } from '../errors.ts';
import type { PhoneState } from '../common/phones.ts';
import { obstacle, type PhoneListing } from './adb/listing.ts';
import type { PhoneConditions } from '../common/phone-conditions.ts';
import { checkPhone } from './check.ts';
import { readConditions } from './conditions.ts';
import type { PhoneIdentity } from '../common/phones.ts';
import { readIdentity } from './identity.ts';
import type { Device } from './device.ts';
import { lockPhone } from './lock.ts';
import type { RunnerIdentity } from '../common/phones.ts';
import { runnersFor } from './runners/index.ts';
import type { Phones } from './phones.ts';

export interface PhoneReport {
  /** As adb names it. */
  readonly serial: string;
  readonly state: PhoneState;
  /** Null where it could not be asked. */
  readonly identity: PhoneIdentity | null;
  readonly conditions: PhoneConditions | null;
  /** What runs models on it, with the reasons against others; null where that was not looked for. */
  readonly runner: RunnerIdentity | null;
  /** Why no runner is known, where one was looked for. */
  readonly noRunner: ErrorReport | null;
  /** Why it cannot be worked with, and what to do; null where it can. */
  readonly problem: ErrorReport | null;
}

export interface ReadPhonesOptions {
  /** Finds the runner, which puts the runtime on a phone that does not have it yet. */
  readonly runners?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Asks all phones at once. Throws what `Phones.list` throws. */
export async function readPhones(
  phones: Phones,
  options: ReadPhonesOptions = {},
): Promise<readonly PhoneReport[]> {
  const listed = await phones.list(options.signal);
  return Promise.all(listed.map((listing) => readPhone(phones, listing, options)));
}

async function readPhone(
  phones: Phones,
  listing: PhoneListing,
  { runners = false, signal }: ReadPhonesOptions,
): Promise<PhoneReport> {
  const unread = { ...listing, identity: null, conditions: null, runner: null, noRunner: null };
  const known = obstacle(listing);
  if (known !== null) return { ...unread, problem: known.toReport() };
  const wait = signal ? { signal } : {};
  try {
    const device = await phones.device(listing.serial);
    const [identity, conditions] = await Promise.all([
      readIdentity(device, wait),
      readConditions(device, wait),
    ]);
    const known = { ...listing, identity, conditions, problem: null };
    if (!runners) return { ...known, runner: null, noRunner: null };
    return { ...known, ...(await findRunner(device, identity, signal)) };
  } catch (error) {
    signal?.throwIfAborted();
    // One phone that goes away while it is asked must not hide the others.
    return { ...unread, problem: reportOf(error) };
  }
}

/** Not beside a measurement, which it would disturb. */
async function findRunner(
  device: Device,
  { serialNumber }: PhoneIdentity,
  signal: AbortSignal | undefined,
): Promise<Pick<PhoneReport, 'runner' | 'noRunner'>> {
  try {
    const lock = lockPhone(serialNumber ?? device.serial, 'zico phones');
    try {
      const runner = await checkPhone(device, runnersFor(null), { signal });
      return { runner, noRunner: null };
    } finally {
      lock.release();
    }
  } catch (error) {
    signal?.throwIfAborted();
    return { runner: null, noRunner: reportOf(error) };
  }
}
