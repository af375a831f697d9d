import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestOfBands } from '../../../../renderer/choosing/bands/bands.ts';
import { orderByCost } from '../../../../renderer/open-run/columns/kept-order.ts';

describe('bands of cost', () => {
  it('are equally wide on a logarithmic axis and list the highest scores of each', () => {
    const cost = Float64Array.of(1, 2, 9, 10, 50, 100);
    const score = Float64Array.of(5, 7, 6, 1, NaN, 9);
    const bands = bestOfBands({ order: orderByCost(cost, 6), cost, score }, 2, 2);
    expect(bands.map(({ best }) => best)).toEqual([
      [1, 2],
      [5, 3],
    ]);
    expect(bands.map(({ members }) => members)).toEqual([3, 3]);
    expect(bands[0]!.to).toBeCloseTo(10);
    expect(bands[1]!.to).toBeCloseTo(100);
  });

  it('take the cheaper of two equal scores first, and keep an empty band', () => {
    const cost = Float64Array.of(1, 1.1, 100);
    const score = Float64Array.of(3, 3, 4);
    const bands = bestOfBands({ order: orderByCost(cost, 3), cost, score }, 3, 1);
    expect(bands.map(({ best }) => best)).toEqual([[0], [], [2]]);
  });

  it('put everything in one place where all cost the same, and nothing where there is nothing', () => {
    const cost = Float64Array.of(2, 2);
    const score = Float64Array.of(1, 2);
    expect(bestOfBands({ order: [0, 1], cost, score }, 4, 3)[0]!.best).toEqual([1, 0]);
    expect(bestOfBands({ order: [], cost, score }, 4, 3)).toEqual([]);
  });

  it('lose nobody, and list nobody who is beaten by one that is not listed', () => {
    const values = fc.array(
      fc.tuple(fc.double({ min: 0.1, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 50 })),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(values, fc.integer({ min: 2, max: 12 }), (all, count) => {
        const cost = Float64Array.from(all, ([c]) => c);
        const score = Float64Array.from(all, ([, s]) => s);
        const order = orderByCost(cost, all.length);
        const bands = bestOfBands({ order, cost, score }, count, 2);
        expect(bands.reduce((sum, { members }) => sum + members, 0)).toBe(all.length);
        const highest = Math.max(...score);
        expect(bands.some(({ best }) => best.some((i) => score[i] === highest))).toBe(true);
        for (const { best } of bands) {
          if (best.length === 2) expect(score[best[0]!]).toBeGreaterThanOrEqual(score[best[1]!]!);
        }
      }),
    );
  });
});
