/** Every phone that is plugged in: what it is and how it does, or why it cannot be worked with. */
import { reportOf, type ErrorReport } from '../errors.ts';
import { obstacle, type PhoneListing, type PhoneState } from './adb/listing.ts';
import type { PhoneConditions } from './conditions-record.ts';
import { readConditions } from './conditions.ts';
import { readIdentity, type PhoneIdentity } from './identity.ts';
import type { Phones } from './phones.ts';

export interface PhoneReport {
  /** As adb names it. */
  readonly serial: string;
  readonly state: PhoneState;
  /** Null where it could not be asked. */
  readonly identity: PhoneIdentity | null;
  readonly conditions: PhoneConditions | null;
  /** Why it cannot be worked with, and what to do; null where it can. */
  readonly problem: ErrorReport | null;
}

/** Asks all phones at once. Throws what `Phones.list` throws. */
export async function readPhones(
  phones: Phones,
  signal?: AbortSignal,
): Promise<readonly PhoneReport[]> {
  const listed = await phones.list(signal);
  return Promise.all(listed.map((listing) => readPhone(phones, listing, signal)));
}

async function readPhone(
  phones: Phones,
  listing: PhoneListing,
  signal?: AbortSignal,
): Promise<PhoneReport> {
  const unread = { ...listing, identity: null, conditions: null };
  const known = obstacle(listing);
  if (known !== null) return { ...unread, problem: known.toReport() };
  const wait = signal ? { signal } : {};
  try {
    const device = await phones.device(listing.serial);
    const [identity, conditions] = await Promise.all([
      readIdentity(device, wait),
      readConditions(device, wait),
    ]);
    return { ...listing, identity, conditions, problem: null };
  } catch (error) {
    signal?.throwIfAborted();
    // One phone that goes away while it is asked must not hide the others.
    return { ...unread, problem: reportOf(error) };
  }
}
