import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nonNegativeLeastSquares } from './non-negative-least-squares.ts';

const number = fc.double({ min: -10, max: 10, noNaN: true });
const problem = fc.tuple(
  fc.array(fc.tuple(number, number, number), { minLength: 5, maxLength: 12 }),
  fc.array(number, { minLength: 12, maxLength: 12 }),
);

function loss(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  x: number[],
): number {
  return rows.reduce(
    (sum, row, n) => sum + (row.reduce((s, f, j) => s + f * x[j]!, 0) - targets[n]!) ** 2,
    0,
  );
}

describe('non-negative least squares', () => {
  it('finds exact non-negative coefficients', () => {
    const rows = [
      [1, 2, 0],
      [0, 1, 3],
      [2, 0, 1],
      [1, 1, 1],
    ];
    const targets = rows.map(([a = 0, b = 0, c = 0]) => 2 * a + 0.5 * b + 4 * c);
    nonNegativeLeastSquares(rows, targets).forEach((value, i) => {
      expect(value).toBeCloseTo([2, 0.5, 4][i]!, 6);
    });
  });

  it('is no worse than any non-negative neighbour', () => {
    fc.assert(
      fc.property(problem, fc.tuple(number, number, number), ([rows, targets], step) => {
        const x = nonNegativeLeastSquares(rows, targets);
        expect(Math.min(...x)).toBeGreaterThanOrEqual(0);
        const neighbour = x.map((value, j) => Math.max(0, value + step[j]! / 10));
        expect(loss(rows, targets, x)).toBeLessThanOrEqual(
          loss(rows, targets, neighbour) * (1 + 1e-6) + 1e-6,
        );
      }),
      { numRuns: 200 },
    );
  });
});
