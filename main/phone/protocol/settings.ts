import type { MeasuringSettings } from '../../latency/phone-measurement.ts';
import { defaultGates } from './gates.ts';

/** One thread on one kind of core: more threads were reported slower on the S10. */
export const defaultMeasuring: MeasuringSettings = {
  warmUp: 10,
  runs: 50,
  threads: 1,
  core: 'big',
  repeats: 3,
  requeues: 4,
  referenceEvery: 10,
  gates: defaultGates,
  runLimitMs: 120_000,
};
