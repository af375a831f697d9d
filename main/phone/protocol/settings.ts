import { defaultPhoneSettings } from '../../common/phone-settings.ts';
import { usualInterval } from '../../common/measuring.ts';
import type { MeasuringSettings } from '../../latency/phone-measurement.ts';
import { defaultGates } from './gates.ts';

const { warmUp, runs, threads, core, repeats, waitSeconds, runSeconds } = defaultPhoneSettings;

/** The settings with which a search measures, and those that it leaves to the protocol. */
export const defaultMeasuring: MeasuringSettings = {
  ...{ warmUp, runs, threads, core, repeats },
  interval: usualInterval,
  requeues: 4,
  referenceEvery: 10,
  gates: { ...defaultGates, limitMs: waitSeconds * 1000 },
  runLimitMs: runSeconds * 1000,
};
