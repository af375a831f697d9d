/** What changes about a phone while it is on, and the files in which it shows: pure. */
import type { Model } from './models.ts';
import * as dumpsys from './dumpsys.ts';

export type Screen = 'on' | 'off' | 'locked';

export interface Condition {
  /** Temperature of the battery, degrees Celsius; the chip's zones lie above it. */
  readonly celsius: number;
  /** Android's thermal status: 0 none, 1 light, 2 moderate, 3 severe, 4 critical, 5 emergency, 6 shutdown. */
  readonly thermalStatus: number;
  /** Percent. */
  readonly batteryLevel: number;
  readonly charging: boolean;
  readonly screen: Screen;
  /** Current frequency of each cluster, kHz. */
  readonly khz: readonly number[];
}

/** A phone that was left alone for a while, plugged in, with its screen on. */
export function atRest(model: Model): Condition {
  return {
    celsius: 29.5,
    thermalStatus: 0,
    batteryLevel: 88,
    charging: true,
    screen: 'on',
    khz: model.clusters.map(({ maximumKhz }) => maximumKhz),
  };
}

/** Path inside the phone, without the leading slash -> text, of all that depends on the condition. */
export function conditionFiles(model: Model, condition: Condition): Map<string, string> {
  const files = new Map<string, string>();
  model.zones.forEach(([, aboveBatteryC], index) => {
    const milli = Math.round((condition.celsius + aboveBatteryC) * 1000);
    files.set(`sys/class/thermal/thermal_zone${index}/temp`, `${milli}\n`);
  });
  model.clusters.forEach(({ cores, maximumKhz }, index) => {
    const now = condition.khz[index] ?? maximumKhz;
    const policy = `sys/devices/system/cpu/cpufreq/policy${cores[0]}`;
    files.set(`${policy}/scaling_cur_freq`, `${now}\n`);
    // What lowers a frequency under load is a limit, and the limit can be read as well.
    files.set(`${policy}/scaling_max_freq`, `${now}\n`);
  });
  const battery = 'sys/class/power_supply/battery';
  files.set(`${battery}/temp`, `${Math.round(condition.celsius * 10)}\n`);
  files.set(`${battery}/capacity`, `${condition.batteryLevel}\n`);
  files.set(`${battery}/status`, `${condition.charging ? 'Charging' : 'Discharging'}\n`);
  const services = {
    battery: dumpsys.battery(condition),
    thermalservice: dumpsys.thermalService(model, condition),
    power: dumpsys.power(condition),
    window: dumpsys.window(condition),
  };
  for (const [name, text] of Object.entries(services)) {
    files.set(`system/emulator/dumpsys/${name}`, text);
  }
  return files;
}
