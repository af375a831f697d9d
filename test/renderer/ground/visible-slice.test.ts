import { expect, it } from 'vitest';
import { visibleSlice } from '../../../renderer/ground/visible-slice.ts';

it('makes only the rows one sees', () => {
  expect(visibleSlice(50_000, 24, 24_000, 240)).toEqual({ from: 992, to: 1018 });
  expect(visibleSlice(5, 24, 0, 240)).toEqual({ from: 0, to: 5 });
  expect(visibleSlice(5, 24, 9_999, 240)).toEqual({ from: 5, to: 5 });
});
