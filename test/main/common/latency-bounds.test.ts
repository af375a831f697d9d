import { expect, it } from 'vitest';
import { indistinct } from '../../../main/common/latency-bounds.ts';

const of = (cost: number, off: number | null) => ({
  cost,
  low: off === null ? null : cost - off,
  high: off === null ? null : cost + off,
});

it('counts neighbours of a front that differ by less than their errors, which add as independent ones do', () => {
  // 3 and 4 make 5: a difference of 5 is as large as both errors.
  expect(indistinct([of(10, 3), of(15, 4)])).toBe(0);
  expect(indistinct([of(10, 3), of(14.9, 4), of(40, 1)])).toBe(1);
  expect(indistinct([of(10, 1), of(10.5, 1), of(11, 1)])).toBe(2);
});

it('says nothing of what is not known', () => {
  expect(indistinct([])).toBe(0);
  expect(indistinct([of(10, 5)])).toBe(0);
  expect(indistinct([of(10, 5), of(10.1, null)])).toBe(0);
  expect(indistinct([of(10, NaN), of(10.1, NaN)])).toBe(0);
});
