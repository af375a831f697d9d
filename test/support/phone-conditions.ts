/** The conditions of a phone that is fit for measuring. */
import type { PhoneConditions } from '../../main/common/phone-conditions.ts';

const kHz = [...Array<number>(4).fill(1950000), 2314000, 2314000, 2730000, 2730000];

export const goodConditions: PhoneConditions = {
  readAtMs: 0,
  batteryLevel: 88,
  batteryC: 29.5,
  powered: 'usb',
  thermalStatus: 0,
  screen: 'awake',
  zones: [{ name: 'BIG', celsius: 45 }],
  coreKHz: kHz,
  coreLimitKHz: kHz,
};
