/** What can be done to a running phone from a terminal: one table for the help, the daemon and its checks. */
import type { Phone } from './phone.ts';
import { WorkbenchError } from '../../main/errors.ts';

export interface Action {
  /** Arguments as the help shows them. */
  readonly usage: string;
  readonly help: string;
  /** @returns what there is to say about it */
  readonly run: (phone: Phone, args: readonly string[]) => string | Promise<string>;
}

export const actions: Readonly<Record<string, Action>> = {
  heat: {
    usage: '[CELSIUS]',
    help: 'warm battery and chip, to 44 degrees unless told',
    run: (phone, [celsius = '44']) => {
      phone.heat(number(celsius, 0, 100));
      return `${celsius} °C, thermal status ${phone.condition.thermalStatus}`;
    },
  },
  cool: {
    usage: '',
    help: 'back to a phone that rested: temperature, thermal status, frequencies',
    run: (phone) => {
      phone.cool();
      return `${phone.condition.celsius} °C`;
    },
  },
  slow: {
    usage: '[SHARE]',
    help: 'every core at a share of its highest frequency, 0.5 unless told',
    run: (phone, [share = '0.5']) => {
      phone.slow(number(share, 0.05, 1));
      return `Cores at ${phone.condition.khz.map((khz) => khz / 1000).join(', ')} MHz`;
    },
  },
  battery: {
    usage: 'PERCENT [charging|discharging]',
    help: 'charge of the battery',
    run: (phone, [level, how = 'charging']) => {
      oneOf(how, ['charging', 'discharging']);
      phone.battery(number(level, 0, 100), undefined, how === 'charging');
      return `${level} %, ${how}`;
    },
  },
  screen: {
    usage: 'on|off|locked',
    help: 'what the screen is',
    run: (phone, [screen]) => {
      phone.screen(oneOf(screen, ['on', 'off', 'locked']));
      return `Screen ${screen}`;
    },
  },
  unplug: {
    usage: '',
    help: 'pull the cable out',
    run: (phone) => phone.unplug().then(() => 'Out'),
  },
  plug: { usage: '', help: 'put it in again, whole', run: (phone) => phone.plug() },
  stall: {
    usage: '',
    help: 'the cable stays in and nothing passes; `plug` mends it',
    run: (phone) => {
      phone.cable.stall();
      return 'Stalled';
    },
  },
  throttle: {
    usage: 'MB/S',
    help: 'a slow cable; `plug` mends it',
    run: (phone, [rate]) => {
      phone.cable.throttle(number(rate, 0.001, 10_000) * 1e6);
      return `At most ${rate} MB/s`;
    },
  },
  full: { usage: '', help: 'no room is left', run: (phone) => phone.fillDisk().then(() => 'Full') },
  free: { usage: '', help: 'room again', run: (phone) => phone.freeDisk().then(() => 'Room') },
  reboot: { usage: '', help: 'off and on again', run: (phone) => phone.reboot().then(() => 'On') },
  allow: {
    usage: '',
    help: 'tap "Allow USB debugging" on a phone started with --secure',
    run: (phone) => phone.authorise().then(() => 'Authorised'),
  },
  revoke: {
    usage: '',
    help: 'revoke that in its settings',
    run: (phone) => phone.revoke().then(() => 'Revoked'),
  },
};

function number(text: string | undefined, least: number, most: number): number {
  const value = text === undefined || text === '' ? NaN : Number(text);
  if (value >= least && value <= most) return value;
  throw unfit(text, `a number from ${least} to ${most}`);
}

function oneOf<T extends string>(text: string | undefined, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === text);
  if (found === undefined) throw unfit(text, allowed.join(', '));
  return found;
}

function unfit(text: string | undefined, wanted: string): WorkbenchError {
  return new WorkbenchError(
    'usage',
    text === undefined ? 'Something is missing.' : `${text} does not fit here.`,
    `It takes ${wanted}.`,
  );
}
