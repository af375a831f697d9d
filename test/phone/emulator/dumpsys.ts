/** What `dumpsys SERVICE` says on an emulated phone: the lines that tools look for, in our own words. */
import type { Condition } from './condition.ts';
import type { Model } from './models.ts';

export function battery({ celsius, batteryLevel, charging }: Condition): string {
  return lines(
    'Current Battery Service state:',
    '  AC powered: false',
    `  USB powered: ${charging}`,
    '  Wireless powered: false',
    `  status: ${charging ? (batteryLevel === 100 ? 5 : 2) : 3}`,
    '  health: 2',
    '  present: true',
    `  level: ${batteryLevel}`,
    '  scale: 100',
    `  voltage: ${3500 + 8 * batteryLevel}`,
    `  temperature: ${Math.round(celsius * 10)}`,
    '  technology: Li-ion',
  );
}

/** Types of a temperature, as Android numbers them. */
const types = { cpu: 0, gpu: 1, battery: 2, skin: 3 };

export function thermalService(model: Model, { celsius, thermalStatus }: Condition): string {
  const hottest = Math.max(...model.zones.map(([, above]) => above));
  const one = (value: number, type: number, name: string): string =>
    `\tTemperature{mValue=${value.toFixed(1)}, mType=${type}, mName=${name}, mStatus=${thermalStatus}}`;
  const temperatures = [
    one(celsius + hottest, types.cpu, 'AP'),
    one(celsius, types.battery, 'BAT'),
    one(celsius + 1, types.skin, 'SKIN'),
  ];
  return lines(
    'IsStatusOverride: false',
    `Thermal Status: ${thermalStatus}`,
    'Cached temperatures:',
    ...temperatures,
    'HAL Ready: true',
    'Current temperatures from HAL:',
    ...temperatures,
    'Current cooling devices from HAL:',
  );
}

export function power({ screen, charging }: Condition): string {
  return lines(
    'POWER MANAGER (dumpsys power)',
    'Power Manager State:',
    `  mWakefulness=${screen === 'off' ? 'Asleep' : 'Awake'}`,
    `  mIsPowered=${charging}`,
    `Display Power: state=${screen === 'off' ? 'OFF' : 'ON'}`,
  );
}

/** A phone whose screen went off is locked as well. */
export function window({ screen }: Condition): string {
  return lines(
    'WINDOW MANAGER POLICY STATE (dumpsys window policy)',
    '    KeyguardServiceDelegate',
    `      showing=${screen !== 'on'}`,
  );
}

function lines(...all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
