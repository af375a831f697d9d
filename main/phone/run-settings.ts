/** From how a run measures on phones to how a session on one of them does. */
import type { PhoneSettings } from '../common/phone-settings.ts';
import type { MeasuringSettings } from '../latency/phone-measurement.ts';
import { defaultMeasuring } from './protocol/settings.ts';

export function measuringSettings(settings: PhoneSettings): MeasuringSettings {
  const { core, threads, warmUp, runs, repeats, waitSeconds, runSeconds } = settings;
  return {
    ...defaultMeasuring,
    ...{ core, threads, warmUp, runs, repeats },
    gates: { ...defaultMeasuring.gates, limitMs: waitSeconds * 1000 },
    runLimitMs: runSeconds * 1000,
  };
}
