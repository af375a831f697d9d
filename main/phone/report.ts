/** Every connected phone: what it is and how it is doing, or why it cannot be used. */
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
  /** Null where it could not be read. */
  readonly identity: PhoneIdentity | null;
  readonly conditions: PhoneConditions | null;
  /** What runs models on it, with the reasons against others; null where no runner was looked for. */
  readonly runner: RunnerIdentity | null;
  /** Why no runner is known, where one was looked for. */
  readonly noRunner: ErrorReport | null;
  /** Why it cannot be used, and what to do; null where it can be. */
  readonly problem: ErrorReport | null;
}

export interface ReadPhonesOptions {
  /** Finds the runner, which copies the runtime to a phone that does not have it yet. */
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
    // A phone that disappears while it is being asked must not hide the others.
    return { ...unread, problem: reportOf(error) };
  }
}

/** Not during a measurement, which it would disturb. */
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
