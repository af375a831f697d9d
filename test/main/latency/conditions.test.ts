import { describe, expect, it } from 'vitest';
import {
  conditionsInWords,
  estimateNote,
  intervalInWords,
  sameConditions,
} from '../../../main/latency/conditions.ts';
import type { LatencyConditions } from '../../../main/latency/latency.ts';
import { PredictedLatency } from '../../../main/latency/predicted/predicted-latency.ts';
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

  it('call an interval by what such ones hold', () => {
    expect(intervalInWords([9.5, 10.5], [])).toBe('95 % interval 9.500 ms to 10.50 ms');
    expect(intervalInWords([9.5, 10.5], ['interval-not-reached'], 0.65)).toBe(
      'interval 9.500 ms to 10.50 ms, which holds in about 65 % of cases on a virtual machine',
    );
    expect(intervalInWords(null, [])).toMatch(/^no interval/);
  });

  it('claim no share of what was measured on a device that was not fit for it', () => {
    for (const covers of [undefined, 0.65]) {
      const words = intervalInWords([9.5, 10.5], ['waited-for-processor'], covers);
      expect(words).toMatch(
        /^interval at least 9\.500 ms to 10\.50 ms, of which no share is claimed/,
      );
      expect(words).not.toContain('%');
    }
  });

  it('say of an estimate that it is one, how far it is off, and in what it goes beyond the measured', async () => {
    const b0 = spaceNamed('efficientnet').baselines[0]!;
    const { conditions } = await new PredictedLatency('predicted-s10-gpu').measure(b0.decode());
    const estimate = { medianPercent: 3.42, p90Percent: 10.84, withinMeasuredRange: true };
    const words = conditionsInWords({ ...conditions, estimate });
    expect(words).toContain('estimated for Samsung Galaxy S10, GPU, not measured');
    expect(words).toContain('3.4 % in the median, by at most 10.8 % in nine of ten cases');
    expect(words).not.toContain('outside');
    const beyond = { ...estimate, withinMeasuredRange: false, outside: ['MACs'], p90Percent: 61.2 };
    expect(conditionsInWords({ ...conditions, estimate: beyond })).toContain(
      'it lies outside of what was measured (MACs) and may be off by 61 %',
    );
    const far = { ...beyond, p90Percent: 900 };
    expect(conditionsInWords({ ...conditions, estimate: far })).toContain('tenfold or more');
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

  it('compare whatever is said of the error of an estimate', () => {
    const estimated: LatencyConditions = {
      ...measured,
      source: 'predicted-s10-gpu',
      estimate: { medianPercent: 3.3, p90Percent: 10.6, withinMeasuredRange: true },
    };
    const now = { medianPercent: 9, p90Percent: 80, withinMeasuredRange: false, outside: ['MACs'] };
    expect(sameConditions(estimated, { ...estimated, estimate: now })).toBe(true);
    expect(sameConditions(estimated, { ...estimated, device: 'Another' })).toBe(false);
  });

  it('do not where anything else differs', () => {
    for (const change of [{ threads: 1 }, { engineVersion: '1.2.4' }, { device: 'Another' }]) {
      expect(sameConditions(steady, { ...steady, ...change })).toBe(false);
    }
  });
});
