/** Parses the adb server's list of phones. Pure. */
import type { PhoneState } from '../../common/phones.ts';
import type { WorkbenchError } from '../../errors.ts';
import { noPermission, offline, unauthorized } from './errors.ts';

export interface PhoneListing {
  /** As adb names it. */
  readonly serial: string;
  readonly state: PhoneState;
}

const states: Readonly<Record<string, PhoneState>> = {
  device: 'ready',
  unauthorized: 'unauthorized',
  offline: 'offline',
  authorizing: 'connecting',
  connecting: 'connecting',
};

/** What adb writes where a phone gives no serial number, usually because it is still starting. */
const unnamed = '????????????';

/** @param text lines of serial number, tab, state */
export function parseListing(text: string): readonly PhoneListing[] {
  const phones: PhoneListing[] = [];
  for (const line of text.split('\n')) {
    const [serial = '', ...rest] = line.split('\t');
    const said = rest.join('\t').trim();
    if (serial === '' || said === '') continue;
    const state = said.startsWith('no permissions')
      ? 'no-permission'
      : (states[said] ?? 'not-started');
    // Without permission to open the port adb cannot know the number; such a phone has to be mentioned.
    if (serial === unnamed && state !== 'no-permission') continue;
    phones.push({ serial, state });
  }
  return phones;
}

/** Why a phone cannot be used, and what to do; null where it can be. */
export function obstacle({ serial, state }: PhoneListing): WorkbenchError | null {
  switch (state) {
    case 'ready':
      return null;
    case 'unauthorized':
      return unauthorized(serial);
    case 'no-permission':
      return noPermission(serial);
    case 'offline':
    case 'connecting':
    case 'not-started':
      return offline(serial);
  }
}

export function sameListing(a: readonly PhoneListing[], b: readonly PhoneListing[]): boolean {
  const text = (list: readonly PhoneListing[]) =>
    list
      .map(({ serial, state }) => `${serial}\t${state}`)
      .sort()
      .join('\n');
  return text(a) === text(b);
}
