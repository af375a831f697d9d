/** Turns the settings by which a run measures on phones into those of a session on one of them. */
import type { PhoneSettings } from '../common/phone-settings.ts';
import type { MeasuringSettings } from '../latency/phone-measurement.ts';
import { defaultMeasuring } from './protocol/settings.ts';

/** @param interval half the width of the interval that ends a measurement; null for a fixed number of repeats */
export function measuringSettings(
  settings: PhoneSettings,
  interval: number | null,
): MeasuringSettings {
  const { core, threads, warmUp, runs, repeats, waitSeconds, runSeconds } = settings;
  return {
    ...defaultMeasuring,
    ...{ core, threads, warmUp, runs, repeats, interval },
    gates: { ...defaultMeasuring.gates, limitMs: waitSeconds * 1000 },
    runLimitMs: runSeconds * 1000,
  };
}
