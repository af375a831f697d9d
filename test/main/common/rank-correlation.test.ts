import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averageRanks, kendallTauB, spearmanRho } from '../../../main/common/rank-correlation.ts';
import { processorMs } from '../../support/processor-time.ts';

/** Two columns of equal length; few different values, so that ties on one or both sides are common. */
const value = fc.oneof(
  fc.integer({ min: 0, max: 4 }),
  fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
);
const columns = fc
  .array(fc.tuple(value, value), { maxLength: 60 })
  .map((rows): [number[], number[]] => [rows.map(([x]) => x), rows.map(([, y]) => y)]);

/** Kendall 1945, word for word: every pair looked at. */
function naiveTauB(x: readonly number[], y: readonly number[]): number {
  let [numerator, untiedX, untiedY] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [Math.sign(x[i]! - x[j]!), Math.sign(y[i]! - y[j]!)];
      numerator += a * b;
      untiedX += a * a;
      untiedY += b * b;
    }
  }
  return numerator / Math.sqrt(untiedX * untiedY);
}

/** 1 + how many are smaller + half of how many others are equal. */
function naiveRank(values: readonly number[], i: number): number {
  const smaller = values.filter((v) => v < values[i]!).length;
  const equal = values.filter((v) => v === values[i]).length;
  return 1 + smaller + (equal - 1) / 2;
}

describe('Kendall tau-b', () => {
  it('agrees with its definition, ties included', () => {
    fc.assert(
      fc.property(columns, ([x, y]) => {
        const expected = naiveTauB(x, y);
        if (Number.isNaN(expected)) expect(kendallTauB(x, y)).toBeNaN();
        else expect(kendallTauB(x, y)).toBeCloseTo(expected, 12);
      }),
      { numRuns: 500 },
    );
  });

  it('of published examples', () => {
    // scipy.stats.kendalltau's documentation: x1 and x2 of length 5.
    expect(kendallTauB([12, 2, 1, 12, 2], [1, 4, 7, 1, 0])).toBeCloseTo(-0.47140452079103173, 14);
    expect(kendallTauB([1, 2, 3, 4], [1, 2, 3, 4])).toBe(1);
    expect(kendallTauB([1, 2, 3, 4], [4, 3, 2, 1])).toBe(-1);
  });

  it('does not depend on which side is which, nor on the order of rows', () => {
    fc.assert(
      fc.property(columns, ([x, y]) => {
        expect(kendallTauB(y, x)).toEqual(kendallTauB(x, y));
        expect(kendallTauB(x.toReversed(), y.toReversed())).toEqual(kendallTauB(x, y));
      }),
    );
  });

  it('takes a hundred thousand rows in less than a second', () => {
    const x = Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 100_003);
    const ms = processorMs(() => expect(kendallTauB(x, x)).toBe(1));
    expect(ms).toBeLessThan(1000);
  });

  it('is undefined where one side is constant, and refuses NaN', () => {
    expect(kendallTauB([1, 1, 1], [1, 2, 3])).toBeNaN();
    expect(kendallTauB([], [])).toBeNaN();
    expect(() => kendallTauB([NaN, 1], [1, 2])).toThrow(RangeError);
    expect(() => kendallTauB([1], [1, 2])).toThrow(RangeError);
  });
});

describe('Spearman rho', () => {
  it('ranks as its definition does: tied values share the average', () => {
    fc.assert(
      fc.property(columns, ([x]) => {
        expect(averageRanks(x)).toEqual(x.map((_, i) => naiveRank(x, i)));
      }),
    );
  });

  it('of published examples', () => {
    // scipy.stats.spearmanr's documentation.
    expect(spearmanRho([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])).toBeCloseTo(0.8207826816681233, 14);
    expect(spearmanRho([1, 2, 3], [3, 2, 1])).toBe(-1);
  });

  it('without ties is 1 - 6 sum d^2 / (n (n^2 - 1))', () => {
    const permutation = fc.integer({ min: 2, max: 30 }).chain((n) =>
      fc.shuffledSubarray(
        Array.from({ length: n }, (_, i) => i),
        { minLength: n },
      ),
    );
    fc.assert(
      fc.property(permutation, (y) => {
        const n = y.length;
        const squares = y.reduce((sum, rank, i) => sum + (rank - i) ** 2, 0);
        expect(spearmanRho(Array.from(y.keys()), y)).toBeCloseTo(
          1 - (6 * squares) / (n * (n * n - 1)),
          12,
        );
      }),
    );
  });

  it('is undefined where one side is constant', () => {
    expect(spearmanRho([1, 1], [1, 2])).toBeNaN();
  });
});
