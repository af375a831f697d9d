/** The devices whose latency can be estimated, one entry each. */
import type { PredictedKind } from '../../common/latency-sources.ts';
import type { LatencyConditions } from '../latency.ts';
import type { LatencyModel } from './estimate.ts';
import s10CpuInt8 from './s10-cpu-int8.json' with { type: 'json' };
import s10CpuLittleInt8 from './s10-cpu-little-int8.json' with { type: 'json' };
import s10CpuLittle from './s10-cpu-little.json' with { type: 'json' };
import s10CpuMidInt8 from './s10-cpu-mid-int8.json' with { type: 'json' };
import s10CpuMid from './s10-cpu-mid.json' with { type: 'json' };
import s10Cpu from './s10-cpu.json' with { type: 'json' };
import s10Gpu from './s10-gpu.json' with { type: 'json' };

export interface PredictedDevice {
  readonly model: LatencyModel;
  /** What was measured to fit the model, and how. */
  readonly conditions: Pick<
    LatencyConditions,
    'device' | 'runner' | 'engineVersion' | 'precision' | 'threads'
  >;
}

/** Fitted to published measurements by `npm run fit:s10`; test/golden/latency-s10 names their source. */
const fitted = (
  model: unknown,
  conditions: Pick<LatencyConditions, 'device' | 'runner' | 'precision'>,
): PredictedDevice => ({
  model: model as LatencyModel,
  conditions: { ...conditions, engineVersion: 'measurements published in 2024', threads: 1 },
});

const onCpu = (model: unknown, core: string, precision: string): PredictedDevice =>
  fitted(model, {
    device: `Samsung Galaxy S10, CPU, one ${core} core`,
    runner: 'tflite-cpu',
    precision,
  });

export const predictedDevices: Readonly<Record<PredictedKind, PredictedDevice>> = {
  'predicted-s10-gpu': fitted(s10Gpu, {
    device: 'Samsung Galaxy S10, GPU',
    runner: 'tflite-gpu',
    precision: 'float32',
  }),
  'predicted-s10-cpu-int8': onCpu(s10CpuInt8, 'big', 'int8'),
  'predicted-s10-cpu': onCpu(s10Cpu, 'big', 'float32'),
  'predicted-s10-cpu-mid-int8': onCpu(s10CpuMidInt8, 'middle', 'int8'),
  'predicted-s10-cpu-mid': onCpu(s10CpuMid, 'middle', 'float32'),
  'predicted-s10-cpu-little-int8': onCpu(s10CpuLittleInt8, 'little', 'int8'),
  'predicted-s10-cpu-little': onCpu(s10CpuLittle, 'little', 'float32'),
};
