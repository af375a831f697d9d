import fc from 'fast-check';
import { expect, it } from 'vitest';
import { frontTrend } from '../../../main/analysis/trend.ts';
import { hypervolume, type GenerationPoint } from '../../../main/common/hypervolume.ts';

const point = fc.record({
  generation: fc.integer({ min: 0, max: 8 }),
  // Of nine decimals: areas between scores that differ by less than 1e-300 have no digits left to compare.
  score: fc
    .double({ min: -50, max: 50, noNaN: true })
    .map((score) => Math.round(score * 1e9) / 1e9),
  cost: fc.double({ min: 0.1, max: 100, noNaN: true }),
});

/**
 * By the definition, with nothing left out. Costs are logarithms of their share of the worst: the difference
 * of two logarithms has no correct digit where costs differ in their last bit.
 */
function byDefinition(points: readonly GenerationPoint[]): number[] {
  const last = Math.max(...points.map(({ generation }) => generation));
  const worstCost = Math.max(...points.map(({ cost }) => cost));
  const reference = [0, Math.max(...points.map(({ score }) => -score))] as const;
  return Array.from({ length: last + 1 }, (_, upTo) =>
    hypervolume(
      points
        .filter(({ generation }) => generation <= upTo)
        .map(({ cost, score }) => [-Math.log(worstCost / cost), -score] as const),
      reference,
    ),
  );
}

it('is the hypervolume after each generation, as a share of the last', () => {
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 60 }), (points) => {
      const wanted = byDefinition(points);
      const whole = wanted[wanted.length - 1] || 1;
      const trend = frontTrend(points);
      expect(trend).toHaveLength(wanted.length);
      trend.forEach((value, i) => expect(value).toBeCloseTo(wanted[i]! / whole, 6));
    }),
  );
});

it('never falls, and ends at 1 where there is any area', () => {
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 60 }), (points) => {
      const trend = frontTrend(points);
      for (let i = 1; i < trend.length; i++) {
        expect(trend[i]).toBeGreaterThanOrEqual(trend[i - 1]! - 1e-12);
      }
      expect([0, 1]).toContain(trend[trend.length - 1]);
    }),
  );
});

it('is empty for a run without candidates, and thin for one of many generations', () => {
  expect(frontTrend([])).toEqual([]);
  const points = Array.from({ length: 500 }, (_, i) => ({ generation: i, score: i, cost: 1 + i }));
  const trend = frontTrend(points);
  expect(trend).toHaveLength(60);
  expect(trend.at(-1)).toBe(1);
});
