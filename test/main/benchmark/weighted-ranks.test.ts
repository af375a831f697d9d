import fc from 'fast-check';
import { expect, it } from 'vitest';
import { kendallTauB, spearmanRho } from '../../../main/common/rank-correlation.ts';
import { ordered, spearmanOf, tauOf } from '../../../main/benchmark/weighted-ranks.ts';

/** Few different values, so that there are ties on both sides. */
const pair = fc.record({
  x: fc.integer({ min: 0, max: 6 }),
  y: fc.integer({ min: 0, max: 9 }),
  weight: fc.integer({ min: 0, max: 3 }),
});

function same(found: number, expected: number): void {
  if (Number.isNaN(expected)) expect(found).toBeNaN();
  else expect(found).toBeCloseTo(expected, 12);
}

it('a weight counts as so many copies of a value', () => {
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 30 }), (rows) => {
      const copies = rows.flatMap((row) => new Array<typeof row>(row.weight).fill(row));
      const [xs, ys] = [copies.map(({ x }) => x), copies.map(({ y }) => y)];
      const [x, y] = [ordered(rows.map((row) => row.x)), ordered(rows.map((row) => row.y))];
      const weights = Uint16Array.from(rows, ({ weight }) => weight);
      same(tauOf(x, y, weights), kendallTauB(xs, ys));
      same(spearmanOf(x, y, weights), spearmanRho(xs, ys));
    }),
    { numRuns: 500 },
  );
});

it('what ranks last may be infinitely far below', () => {
  const [x, y] = [ordered([-Infinity, 2, 3, -Infinity]), ordered([1, 2, 3, 4])];
  const once = new Uint16Array(4).fill(1);
  expect(tauOf(x, y, once)).toBeCloseTo(kendallTauB([0, 2, 3, 0], [1, 2, 3, 4]), 12);
  expect(() => ordered([1, NaN])).toThrow(RangeError);
});
