import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentile } from '../../../main/latency/percentiles.ts';

const runs = fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), {
  minLength: 1,
  maxLength: 50,
});
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('a percentile', () => {
  it('at one half is the median: the middle value, or the mean of the middle two', () => {
    expect(percentile([5, 1, 9], 0.5)).toBe(5);
    expect(percentile([4, 1, 9, 2], 0.5)).toBe(3);
  });

  it('lies linearly between its neighbours', () => {
    expect(percentile([0, 10], 0.9)).toBeCloseTo(9, 12);
    expect(percentile([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9)).toBe(9);
  });

  it('sorts by value, not by digits, and leaves its argument as it was', () => {
    const values = [10, 9, 100];
    expect(percentile(values, 0)).toBe(9);
    expect(percentile(values, 1)).toBe(100);
    expect(values).toEqual([10, 9, 100]);
  });

  it('never leaves the range of the values and grows with the share', () => {
    fc.assert(
      fc.property(runs, share, share, (values, a, b) => {
        const [low, high] = [
          percentile(values, Math.min(a, b)),
          percentile(values, Math.max(a, b)),
        ];
        expect(low).toBeGreaterThanOrEqual(Math.min(...values));
        expect(high).toBeLessThanOrEqual(Math.max(...values));
        expect(high - low).toBeGreaterThanOrEqual(-1e-9);
      }),
    );
  });

  it('of nothing does not exist', () => {
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });
});
