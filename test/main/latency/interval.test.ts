import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { milliseconds, mostMilliseconds } from '../../../main/common/latency-content.ts';
import { usualInterval } from '../../../main/common/measuring.ts';
import { latencyInterval, statedInterval } from '../../../main/latency/interval.ts';
import { percentile } from '../../../main/latency/percentiles.ts';
import { coverageOfDevices } from '../../support/interval-coverage.ts';

const runs = fc.array(fc.double({ min: 0.1, max: 100, noNaN: true }), {
  minLength: 1,
  maxLength: 9,
});

describe('the interval of a latency', () => {
  it('holds the median, and scales with the unit', () => {
    fc.assert(
      fc.property(fc.array(runs, { minLength: 2, maxLength: 12 }), (repeats) => {
        const median = percentile(repeats.flat(), 0.5);
        const { lowMs, highMs, halfWidth } = latencyInterval(repeats)!;
        expect(lowMs).toBeGreaterThan(0);
        expect(lowMs).toBeLessThan(median);
        expect(highMs).toBeGreaterThan(median);
        // Wider than a run can hold: cut off at the same figure whatever the unit.
        if (2 * highMs > mostMilliseconds) return;
        const doubled = latencyInterval(repeats.map((one) => one.map((ms) => 2 * ms)))!;
        expect(doubled.lowMs / lowMs).toBeCloseTo(2, 8);
        expect(doubled.halfWidth / halfWidth).toBeCloseTo(1, 8);
      }),
    );
  });

  it('is one that a run file can hold, however far repeats lie apart', () => {
    for (const far of [50, 1e3, 1e6]) {
      const { lowMs, highMs } = latencyInterval([[1], [far]])!;
      for (const ms of [lowMs, highMs]) expect(milliseconds.safeParse(ms).success).toBe(true);
      expect(lowMs).toBeLessThan(1);
      expect(highMs).toBeGreaterThan(far);
    }
  });

  it('is none for one repeat, and no point for identical ones', () => {
    expect(latencyInterval([[1, 2, 3]])).toBeNull();
    expect(statedInterval([[1, 2, 3]], 0.05)).toEqual({ ms: null, asked: 0.05, reached: false });
    expect(latencyInterval([[5], [5], [5], [5]])!.halfWidth).toBeGreaterThan(0.02);
  });
});

it('holds what later measurements find on nine of ten simulated devices, most ways they change', () => {
  for (const { name, outcomes } of coverageOfDevices(80)) {
    // Of a device that was not fit to be measured no share is claimed.
    const claimed = outcomes.filter(({ reasons }) =>
      reasons.every((reason) => reason === 'interval-not-reached'),
    );
    const held = claimed.filter((one) => one.held).length / claimed.length;
    expect(held, name).toBeGreaterThanOrEqual(0.86);
    expect(outcomes.some(({ halfWidth }) => halfWidth <= usualInterval)).toBe(true);
  }
}, 120_000);
