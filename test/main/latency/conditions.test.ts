import { describe, expect, it } from 'vitest';
import {
  conditionsInWords,
  estimateNote,
  sameConditions,
} from '../../../main/latency/conditions.ts';
import type { LatencyConditions } from '../../../main/latency/latency.ts';
import { predictedDevices } from '../../../main/latency/predicted/devices.ts';
import { PredictedLatency } from '../../../main/latency/predicted/predicted-latency.ts';
import { spaceNamed } from '../../../main/space/index.ts';

const s10GpuModel = predictedDevices['predicted-s10-gpu'].model;

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
    const b0 = spaceNamed('efficientnet').baselines[0]!;
    const { conditions } = await new PredictedLatency('predicted-s10-gpu').measure(b0.decode());
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

  it('say why a figure of this computer never became steady', () => {
    const host = { repeats: 7, unsteady: ['other-programs', 'medians-drift'] } as const;
    expect(conditionsInWords({ ...measured, host })).toContain(
      'It never became steady: other programs kept the computer busy, repeats were more than 5 % apart.',
    );
    expect(conditionsInWords({ ...measured, host: { repeats: 3, unsteady: [] } })).toBe(
      conditionsInWords(measured),
    );
  });
});

describe('two latencies', () => {
  const steady: LatencyConditions = { ...measured, host: { repeats: 3, unsteady: [] } };

  it('compare although one took more repeats, or never became steady', () => {
    const again = { repeats: 7, unsteady: ['stolen-time'] } as const;
    expect(sameConditions(steady, { ...steady, runs: 70, host: again })).toBe(true);
    expect(sameConditions(measured, steady)).toBe(true);
  });

  it('do not where anything else differs', () => {
    for (const change of [{ threads: 1 }, { engineVersion: '1.2.4' }, { device: 'Another' }]) {
      expect(sameConditions(steady, { ...steady, ...change })).toBe(false);
    }
  });
});
