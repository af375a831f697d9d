/** What grows with a run is the same as if it were computed anew. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packRows } from '../../../main/electron/pack-rows.ts';
import { shapeOf } from '../../../renderer/lib/bias.ts';
import { CandidateColumns } from '../../../renderer/lib/columns.ts';
import { CostOrder, orderByCost } from '../../../renderer/lib/cost-order.ts';
import { GenerationShapes } from '../../../renderer/lib/generation-shapes.ts';
import { hypervolumeByGeneration } from '../../../renderer/lib/hypervolume.ts';
import { leadersOf } from '../../../renderer/lib/leaders.ts';
import { hypervolume, paretoFront, scoreAll } from '../../../renderer/lib/pareto.ts';
import { rows } from '../fake-bridge.ts';

// Few distinct values, so that ties are common.
const point = fc.record({
  cost: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(NaN)),
  zico: fc.oneof(fc.integer({ min: -5, max: 40 }), fc.constant(NaN)),
  bias: fc.integer({ min: 0, max: 6 }),
  generation: fc.integer({ min: 0, max: 4 }),
});
const points = fc.array(point, { maxLength: 60 });
type Point = { cost: number; zico: number; bias: number; generation: number };

function arrays(all: readonly Point[]) {
  const cost = Float64Array.from(all, (one) => one.cost);
  const zico = Float64Array.from(all, (one) => one.zico);
  const bias = Float64Array.from(all, (one) => one.bias);
  const generation = Int32Array.from(all, (one) => one.generation);
  const columns = { length: all.length, zico, zicoCapped: zico, bias };
  return { cost, generation, order: orderByCost(cost, all.length), columns };
}

describe('the leaders', () => {
  it('have the front of all candidates, for every beta of the range', () => {
    const leading = fc.integer({ min: 0, max: 4 });
    // Quarters are exact, so that scores that should be equal are.
    const quarters = fc.integer({ min: 0, max: 16 }).map((n) => n / 4);
    fc.assert(
      fc.property(points, leading, quarters, (all, upTo, beta) => {
        const { cost, generation, order, columns } = arrays(all);
        const [low, high] = [0, 4].map((at) => scoreAll(columns, at, false));
        const leaders = leadersOf({ order, cost, low, high, generation, upTo });
        const score = scoreAll(columns, beta, false);
        const rest = { cost, score, generation, upTo };
        expect(paretoFront({ ...rest, order: leaders })).toEqual(paretoFront({ ...rest, order }));
      }),
      { numRuns: 500 },
    );
  });

  it('are few where bias follows size', () => {
    const all = Array.from({ length: 5000 }, (_, i) => {
      const noise = (i * 7919) % 101;
      return { cost: i + 1, zico: 100 + i / 100 + noise, bias: 10 + i / 1000, generation: 0 };
    });
    const { cost, generation, order, columns } = arrays(all);
    const [low, high] = [0, 10].map((at) => scoreAll(columns, at, false));
    const leaders = leadersOf({ order, cost, low, high, generation, upTo: Infinity });
    expect(leaders.length).toBeLessThan(500);
  });
});

describe('the hypervolume by generation', () => {
  it('is that of the front after each', () => {
    fc.assert(
      fc.property(points, (all) => {
        const { cost, generation, order, columns } = arrays(all);
        const score = columns.zico;
        const known = [...order].filter((i) => !Number.isNaN(score[i]));
        const growth = hypervolumeByGeneration({ order, cost, score, generation }, 4);
        if (known.length === 0) {
          expect(growth).toEqual([]);
          return;
        }
        const reference = {
          cost: cost[order[order.length - 1]],
          score: Math.min(...known.map((i) => score[i])),
        };
        const areas = [0, 1, 2, 3, 4].map((upTo) =>
          hypervolume(
            paretoFront({ order, cost, score, generation, upTo }),
            ...([cost, score, reference] as const),
          ),
        );
        const whole = areas[4] || 1;
        growth.forEach((share, g) => expect(share).toBeCloseTo(areas[g] / whole, 9));
      }),
      { numRuns: 500 },
    );
  });

  it('only rises and ends at one', () => {
    const generation = Int32Array.of(0, 0, 1, 2);
    const cost = Float64Array.of(8, 4, 3, 1);
    const score = Float64Array.of(1, 2, 4, 3);
    const order = orderByCost(cost, 4);
    const shares = hypervolumeByGeneration({ order, cost, score, generation }, 2);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });
});

describe('the order by cost', () => {
  it('is the same however the candidates came', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 8 });
    fc.assert(
      fc.property(points, sizes, (all, steps) => {
        const { cost, order } = arrays(all);
        const growing = new CostOrder();
        let length = 0;
        for (const step of steps) {
          length = Math.min(all.length, length + step);
          // A column that doubles is another array.
          growing.of('macs', step % 2 === 0 ? cost : cost.slice(), length);
        }
        expect(growing.of('macs', cost, all.length)).toEqual(order);
      }),
    );
  });

  it('begins anew for another cost', () => {
    const growing = new CostOrder();
    growing.of('macs', Float64Array.of(3, 2, 1), 3);
    expect([...growing.of('latency', Float64Array.of(1, 2, 3), 3)]).toEqual([0, 1, 2]);
  });
});

describe('shapes by generation', () => {
  it('are the averages over each, whenever its rows came', () => {
    const all = rows(150);
    const columns = new CandidateColumns();
    const growing = new GenerationShapes();
    for (let from = 0; from < all.length; from += 40) {
      columns.append(packRows(all.slice(from, from + 40)));
      growing.upTo(columns, columns.lastGeneration);
    }
    const shapes = growing.upTo(columns, columns.lastGeneration);
    for (const { generation, ...shape } of shapes) {
      const those = all.filter(
        (row) => row.status === 'evaluated' && row.generation === generation,
      );
      const expected = shapeOf(those);
      expect(shape.networks).toBe(expected.networks);
      expect(shape.deep).toBe(expected.deep);
      for (const key of ['depth', 'width'] as const) {
        const value = expected[key];
        if (value === null) expect(shape[key]).toBeNull();
        else expect(shape[key]).toBeCloseTo(value);
      }
    }
    expect(growing.upTo(columns, 1)).toHaveLength(2);
  });
});
