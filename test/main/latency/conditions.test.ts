import { describe, expect, it } from 'vitest';
import { conditionsInWords, estimateNote } from '../../../main/latency/conditions.ts';
import type { LatencyConditions } from '../../../main/latency/latency.ts';
import { PredictedS10Gpu, s10GpuModel } from '../../../main/latency/predicted/s10-gpu.ts';
import { spaceNamed } from '../../../main/space/index.ts';

const measured: LatencyConditions = {
  source: 'host',
  device: 'A Processor',
  runner: 'onnxruntime-cpu',
  engineVersion: '1.2.3',
  precision: 'float32',
  threads: 2,
  warmUp: 3,
  runs: 20,
};

describe('the conditions of a latency in words', () => {
  it('name runs, precision, threads, runner and device of a measurement', () => {
    expect(conditionsInWords(measured)).toBe(
      'Median of 20 runs after 3 warm-up runs, batch 1, float32, 2 threads, onnxruntime-cpu 1.2.3, on this computer (A Processor).',
    );
    expect(estimateNote(measured)).toBeNull();
  });

  it('say of an estimate that it is one, how far it is off, and where that is unknown', async () => {
    const [b0] = spaceNamed('efficientnet').baselines;
    const { conditions } = await new PredictedS10Gpu().measure(b0.decode());
    const words = conditionsInWords(conditions);
    expect(words).toContain('estimated for Samsung Galaxy S10, GPU, not measured');
    expect(words).toContain(`${s10GpuModel.error.medianPercent.toFixed(1)} % in the median`);
    expect(words).not.toContain('outside of the sizes');
    const beyond = {
      ...conditions,
      estimate: { ...s10GpuModel.error, withinMeasuredRange: false },
    };
    expect(conditionsInWords(beyond)).toContain('outside of the sizes that were measured');
  });
});
