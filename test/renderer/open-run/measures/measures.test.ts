import { describe, expect, it } from 'vitest';
import {
  decimalsOfChoices,
  extentOf,
  geneKey,
  isMeasure,
  placeOnAxis,
  writeValue,
} from '../../../../renderer/open-run/measures/measures.ts';

describe('measures', () => {
  it('have no place on a logarithmic axis at zero and below', () => {
    const at = new Float64Array(4);
    placeOnAxis(at, [100, 0, -3, NaN], true, 0, 4);
    expect([...at]).toEqual([2, NaN, NaN, NaN]);
    placeOnAxis(at, [100, 0, -3, 5], false, 1, 3);
    expect([...at]).toEqual([2, 0, -3, NaN]);
  });

  it('write choices that are no quantities by their names', () => {
    const backbone = {
      ...{ key: geneKey('backbone'), title: 'backbone', divisor: 1, unit: '', decimals: 0 },
      ...{ values: [1, 2], choices: [1, 2] },
    };
    expect(writeValue(backbone, 2)).toBe('2');
    const labels = new Map([
      [1, 'hrnet'],
      [2, 'ffnet'],
    ]);
    expect(writeValue({ ...backbone, labels }, 2)).toBe('ffnet');
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
