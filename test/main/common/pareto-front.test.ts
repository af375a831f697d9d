import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paretoFront } from '../../../main/common/pareto-front.ts';

interface Point {
  cost: number;
  score: number;
  generation: number;
}

function frontOf(points: readonly Point[], upTo = Infinity): number[] {
  const cost = Float64Array.from(points, (point) => point.cost);
  const score = Float64Array.from(points, (point) => point.score);
  const generation = Int32Array.from(points, (point) => point.generation);
  const known = points.map((_, i) => i).filter((i) => !Number.isNaN(cost[i]));
  const order = Uint32Array.from(known.sort((i, j) => cost[i]! - cost[j]!));
  return [...paretoFront({ order, cost, score, generation, upTo })];
}

/** The definition, word by word. */
function notDominated(points: readonly Point[], upTo: number): number[] {
  const known = (point: Point) =>
    Number.isFinite(point.cost) && Number.isFinite(point.score) && point.generation <= upTo;
  const beats = (a: Point, b: Point) =>
    a.cost <= b.cost && a.score >= b.score && (a.cost < b.cost || a.score > b.score);
  return points
    .map((_, index) => index)
    .filter(
      (i) => known(points[i]!) && !points.some((other) => known(other) && beats(other, points[i]!)),
    );
}

// Few distinct values, so that ties are common.
const point = fc.record({
  cost: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constant(NaN)),
  score: fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constant(NaN)),
  generation: fc.integer({ min: 0, max: 4 }),
});

describe('the front', () => {
  it('holds exactly those that nobody dominates, whatever the ties and gaps', () => {
    fc.assert(
      fc.property(
        fc.array(point, { maxLength: 40 }),
        fc.integer({ min: 0, max: 4 }),
        (points, upTo) => {
          const front = frontOf(points, upTo);
          expect(front.toSorted((a, b) => a - b)).toEqual(notDominated(points, upTo));
        },
      ),
    );
  });

  it('comes cheapest first', () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 40 }), (points) => {
        const costs = frontOf(points).map((index) => points[index]!.cost);
        expect(costs).toEqual(costs.toSorted((a, b) => a - b));
      }),
    );
  });
});
