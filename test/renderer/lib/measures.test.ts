import { describe, expect, it } from 'vitest';
import {
  coordinates,
  decimalsOfChoices,
  extentOf,
  geneKey,
  isMeasure,
} from '../../../renderer/lib/measures.ts';

describe('measures', () => {
  it('have no place on a logarithmic axis at zero and below', () => {
    const at = coordinates([100, 0, -3, NaN], 4, true);
    expect([...at]).toEqual([2, NaN, NaN, NaN]);
    expect([...coordinates([100, 0, -3], 2, false)]).toEqual([100, 0]);
  });

  it('know their range without what is missing', () => {
    expect(extentOf([NaN, 3, 1, NaN, 9], 4)).toEqual({ low: 1, high: 3 });
    expect(extentOf([NaN], 1)).toBeNull();
  });

  it('of a run are the plain ones and its genes', () => {
    const genes = [{ name: 'c0', choices: [8] }];
    expect(isMeasure('zico', genes)).toBe(true);
    expect(isMeasure(geneKey('c0'), genes)).toBe(true);
    expect(isMeasure(geneKey('c1'), genes)).toBe(false);
    expect(isMeasure('colour', genes)).toBe(false);
    expect(isMeasure(3, genes)).toBe(false);
  });

  it('write as many decimals as choices need', () => {
    expect(decimalsOfChoices([8, 16])).toBe(0);
    expect(decimalsOfChoices([0.5, 1, 1.25])).toBe(2);
  });
});
