import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { medianOfSorted, spreadOf } from '../../../main/common/order-statistics.ts';

describe('the spread of some numbers', () => {
  it('is their median and their ends, in whatever order they come', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 });
    expect(spreadOf([10, 2, 4, 1])).toEqual({ median: 3, least: 1, most: 10 });
    expect(spreadOf([7])).toEqual({ median: 7, least: 7, most: 7 });
  });

  it('has as many numbers below the median as above', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const { median } = spreadOf(values);
        const below = values.filter((value) => value < median).length;
        const above = values.filter((value) => value > median).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });

  it('does not change what it is given', () => {
    const values = [2, 1];
    spreadOf(values);
    expect(values).toEqual([2, 1]);
  });
});

it('the median of an even number of values is the mean of the two in the middle', () => {
  expect(medianOfSorted(Float64Array.of(1, 2, 4, 9))).toBe(3);
});
