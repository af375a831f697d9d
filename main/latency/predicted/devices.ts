/** The devices whose latency can be estimated, one entry each. */
import type { PredictedKind } from '../../common/latency-sources.ts';
import type { LatencyConditions } from '../latency.ts';
import type { LatencyModel } from './estimate.ts';
import s10Gpu from './s10-gpu.json' with { type: 'json' };

export interface PredictedDevice {
  readonly model: LatencyModel;
  /** What was measured to fit the model, and how. */
  readonly conditions: Pick<
    LatencyConditions,
    'device' | 'runner' | 'engineVersion' | 'precision' | 'threads'
  >;
}

export const predictedDevices: Readonly<Record<PredictedKind, PredictedDevice>> = {
  'predicted-s10-gpu': {
    /** Fitted to published measurements by `npm run fit:s10`; test/golden/latency-s10 names their source. */
    model: s10Gpu as unknown as LatencyModel,
    conditions: {
      device: 'Samsung Galaxy S10, GPU',
      runner: 'tflite-gpu',
      engineVersion: 'measurements published in 2024',
      precision: 'float32',
      threads: 1,
    },
  },
};
