import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConditions } from '../../../main/phone/conditions.ts';
import { atRest } from '../../phone/emulator/condition.ts';
import * as dumpsys from '../../phone/emulator/dumpsys.ts';
import { models } from '../../phone/emulator/models.ts';

const printed = `@battery
Current Battery Service state:
  AC powered: false
  USB powered: true
  Wireless powered: false
  status: 2
  level: 88
  scale: 100
  temperature: 295
@thermal
IsStatusOverride: false
Thermal Status: 1
Cached temperatures:
\tTemperature{mValue=90.0, mType=0, mName=AP, mStatus=0}
HAL Ready: true
Current temperatures from HAL:
\tTemperature{mValue=45.3, mType=0, mName=AP, mStatus=0}
\tTemperature{mValue=-273.1, mType=3, mName=OFF, mStatus=0}
Current cooling devices from HAL:
@power
  mWakefulness=Awake
@cores
0 442000 1950000
1 - 1950000
3 520000 -
@zones
45000 BIG
38 LITTLE
-274000 unused
`;

describe('what a phone prints of itself', () => {
  it('becomes numbers, and null where it does not tell', () => {
    expect(parseConditions(printed, 7)).toEqual({
      readAtMs: 7,
      batteryLevel: 88,
      batteryC: 29.5,
      powered: 'usb',
      thermalStatus: 1,
      screen: 'awake',
      zones: [
        { name: 'AP', celsius: 45.3 },
        { name: 'BIG', celsius: 45 },
        { name: 'LITTLE', celsius: 38 },
      ],
      coreKHz: [442_000, null, null, 520_000],
      coreLimitKHz: [1_950_000, 1_950_000, null, null],
    });
  });

  it('may be nothing at all', () => {
    expect(parseConditions('', 0)).toEqual({
      readAtMs: 0,
      batteryLevel: null,
      batteryC: null,
      powered: null,
      thermalStatus: null,
      screen: null,
      zones: [],
      coreKHz: [],
      coreLimitKHz: [],
    });
  });

  it('is never a reason to fail, and never a figure that is no number', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...printed.split('\n')), fc.string()), { maxLength: 60 }),
        (lines) => {
          const read = parseConditions(lines.join('\n'), 0);
          const figures = [
            read.batteryC,
            read.batteryLevel,
            read.thermalStatus,
            ...read.coreKHz,
            ...read.coreLimitKHz,
            ...read.zones.map(({ celsius }) => celsius),
          ];
          expect(figures.every((one) => one === null || Number.isFinite(one))).toBe(true);
          expect(read.coreKHz.length).toBe(read.coreLimitKHz.length);
        },
      ),
    );
  });

  it('is read back as it was, whatever it was', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -100, max: 600 }),
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 0, max: 6 }),
        fc.boolean(),
        fc.constantFrom('on', 'off', 'locked'),
        (tenths, batteryLevel, thermalStatus, charging, screen) => {
          const model = models['SM-G973F'];
          const condition = {
            ...atRest(model),
            celsius: tenths / 10,
            batteryLevel,
            thermalStatus,
            charging,
            screen,
          } as const;
          const text = `@battery\n${dumpsys.battery(condition)}@thermal\n${dumpsys.thermalService(model, condition)}@power\n${dumpsys.power(condition)}${dumpsys.window(condition)}`;
          expect(parseConditions(text, 0)).toMatchObject({
            batteryC: tenths / 10,
            batteryLevel,
            thermalStatus,
            powered: charging ? 'usb' : 'none',
            screen: { on: 'awake', off: 'asleep', locked: 'locked' }[screen],
          });
        },
      ),
    );
  });
});
