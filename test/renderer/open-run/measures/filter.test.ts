import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countMeeting,
  maskOf,
  rangeBetween,
} from '../../../../renderer/open-run/measures/filter.ts';

describe('the filter', () => {
  it('keeps what meets every range, ends included, and nothing without a value', () => {
    const values = Float64Array.of(1, 2, 3, NaN);
    const other = Float64Array.of(9, 9, 1, 9);
    const first = { values, range: { from: 2, to: 3 } };
    expect([...maskOf([first], 4)]).toEqual([0, 1, 1, 0]);
    expect([...maskOf([first, { values: other, range: { from: 5, to: 10 } }], 4)]).toEqual([
      ...[0, 1, 0, 0],
    ]);
  });

  it('is the intersection of its parts, whatever their order', () => {
    const column = fc.array(fc.double({ noNaN: false }), { minLength: 20, maxLength: 20 });
    const range = fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true }));
    fc.assert(
      fc.property(fc.array(fc.tuple(column, range), { maxLength: 4 }), (parts) => {
        const conditions = parts.map(([values, [a, b]]) => ({
          ...{ values, range: rangeBetween(a, b)! },
        }));
        const mask = maskOf(conditions, 20);
        expect(maskOf([...conditions].reverse(), 20)).toEqual(mask);
        for (let i = 0; i < 20; i++) {
          const alone = conditions.every((one) => maskOf([one], 20)[i] === 1);
          expect(mask[i] === 1).toBe(alone);
        }
      }),
    );
  });

  it('counts the generations that are shown', () => {
    const condition = { values: Float64Array.of(1, 1, 1, 5), range: { from: 0, to: 2 } };
    expect(countMeeting(condition, Int32Array.of(0, 1, 2, 0), 1, 4)).toBe(2);
    expect(countMeeting(condition, Int32Array.of(0, 1, 2, 0), Infinity, 2)).toBe(2);
  });
});
