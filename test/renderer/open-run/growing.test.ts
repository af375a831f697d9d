/** What grows with a run is the same as if it were computed anew. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packRows } from '../../../main/electron/pack-rows.ts';
import { hypervolume, logPoint, logReference } from '../../../main/common/hypervolume.ts';
import { shapeOf } from '../../../main/common/network-shape.ts';
import { paretoFront } from '../../../main/common/pareto-front.ts';
import { CandidateColumns } from '../../../renderer/open-run/columns/columns.ts';
import { KeptOrder, orderByCost } from '../../../renderer/open-run/columns/kept-order.ts';
import { GenerationShapes } from '../../../renderer/open-run/ranking/generation-shapes.ts';
import { frontGrowth } from '../../../renderer/open-run/ranking/hypervolume.ts';
import { kept, KeptColumn, KeptExtent } from '../../../renderer/open-run/columns/kept-column.ts';
import { LeaderHistory } from '../../../renderer/open-run/ranking/leader-history.ts';
import { cheapest, scoreAll } from '../../../renderer/open-run/ranking/pareto.ts';
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

/** Sizes of arrivals. */
const steps = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 12 });

/** Calls with rising lengths, the whole last. */
function growing(length: number, by: readonly number[], look: (length: number) => void): void {
  let seen = 0;
  for (const step of by) {
    seen = Math.min(length, seen + step);
    look(seen);
  }
  look(length);
}

/** Of candidates that came bit by bit. */
function historyOf(all: readonly Point[], by: readonly number[] = [], most = Infinity) {
  const { cost, generation, columns } = arrays(all);
  const history = new LeaderHistory();
  growing(all.length, by, (length) =>
    history.take({
      ...{ key: 'macs', cost, most, capped: false, highestBeta: 4 },
      columns: { ...columns, generation, length },
    }),
  );
  return history;
}

// Quarters are exact, so that scores that should be equal are.
const quarters = fc.integer({ min: 0, max: 16 }).map((n) => n / 4);

describe('the leaders', () => {
  const upTo = fc.integer({ min: 0, max: 5 }).map((n) => (n === 5 ? Infinity : n));
  const most = fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 9 }));

  it('have the front of all candidates, for every beta of the range and after every generation', () => {
    fc.assert(
      fc.property(points, steps, upTo, quarters, most, (all, by, last, beta, dearest) => {
        const { cost, generation, order, columns } = arrays(all);
        const score = scoreAll(columns, beta, false);
        const rest = { cost, score, generation, upTo: last };
        const leaders = historyOf(all, by, dearest).leaders(last);
        expect(paretoFront({ ...rest, order: leaders })).toEqual(
          paretoFront({ ...rest, order: cheapest(order, cost, dearest) }),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('are the same however the candidates came', () => {
    fc.assert(
      fc.property(points, steps, upTo, (all, by, last) => {
        const [whole, bit] = [historyOf(all), historyOf(all, by)];
        expect(bit.leaders(last)).toEqual(whole.leaders(last));
        expect([...bit.all()].sort((a, b) => a - b)).toEqual(
          [...whole.all()].sort((a, b) => a - b),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('change only with a candidate that leads', () => {
    const good = { cost: 2, zico: 10, bias: 1, generation: 0 };
    const { cost, generation, columns } = arrays([
      good,
      { ...good, cost: 3 },
      { ...good, cost: 1 },
    ]);
    const history = new LeaderHistory();
    const changes = [1, 2, 3].map((length) => {
      const now = { ...columns, generation, length };
      history.take({
        ...{ key: 'macs', cost, most: 9, capped: false, highestBeta: 4 },
        columns: now,
      });
      return history.changes;
    });
    expect(changes[1]).toBe(changes[0]);
    expect(changes[2]).toBeGreaterThan(changes[1]!);
    expect([...history.leaders(Infinity)]).toEqual([2]);
  });

  it('are few where bias follows size', () => {
    const all = Array.from({ length: 5000 }, (_, i) => {
      const noise = (i * 7919) % 101;
      return { cost: i + 1, zico: 100 + i / 100 + noise, bias: 10 + i / 1000, generation: 0 };
    });
    expect(historyOf(all).leaders(Infinity).length).toBeLessThan(500);
  });
});

describe('the hypervolume by generation', () => {
  const worstOf = ({ cost, columns }: ReturnType<typeof arrays>, known: readonly number[]) => ({
    cost: Math.max(...known.map((i) => cost[i]!)),
    score: Math.min(...known.map((i) => columns.zico[i]!)),
  });

  it('is that of the front after each, looked for among all or among those that led', () => {
    fc.assert(
      fc.property(points, (all) => {
        const made = arrays(all);
        const { cost, generation, order, columns } = made;
        const score = columns.zico;
        const known = [...order].filter((i) => !Number.isNaN(score[i]));
        const worst = worstOf(made, known);
        const candidates = Uint32Array.from(
          known.sort((a, b) => generation[a]! - generation[b]! || a - b),
        );
        const rest = { cost, score, generation, worst };
        const growth = frontGrowth({ ...rest, candidates }, 4);
        const ofLeaders = frontGrowth({ ...rest, candidates: historyOf(all).all() }, 4);
        expect(ofLeaders).toHaveLength(growth.length);
        if (known.length === 0) {
          expect(growth).toEqual([]);
          return;
        }
        const areas = [0, 1, 2, 3, 4].map((upTo) =>
          hypervolume(
            [...paretoFront({ order, cost, score, generation, upTo })].map((i) =>
              logPoint(cost[i]!, score[i]!, worst.cost),
            ),
            logReference(worst.score),
          ),
        );
        const whole = areas[4] || 1;
        growth.forEach((share, g) => {
          expect(share).toBeCloseTo(areas[g]! / whole, 9);
          expect(ofLeaders[g]).toBeCloseTo(share, 9);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('only rises and ends at one', () => {
    const generation = Int32Array.of(0, 0, 1, 2);
    const cost = Float64Array.of(8, 4, 3, 1);
    const score = Float64Array.of(1, 2, 4, 3);
    const candidates = Uint32Array.of(0, 1, 2, 3);
    const worst = { cost: 8, score: 1 };
    const shares = frontGrowth({ candidates, cost, score, generation, worst }, 2);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });
});

describe('a kept column', () => {
  it('is the one computed anew, whatever its values follow from', () => {
    const looks = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 0, max: 2 })),
    );
    fc.assert(
      fc.property(looks, (all) => {
        const column = new KeptColumn();
        for (const [length, factor] of all) {
          const values = column.of([factor], length, (into, from, to) => {
            for (let i = from; i < to; i++) into[i] = i * factor;
          });
          expect(values).toEqual(Float64Array.from({ length }, (_, i) => i * factor));
        }
      }),
    );
  });

  it('computes what is new alone', () => {
    const column = new KeptColumn();
    const filled: number[][] = [];
    const of = (length: number, basis: string) =>
      column.of([basis], length, (_, from, to) => filled.push([from, to]));
    of(3, 'a');
    of(3, 'a');
    of(900, 'a');
    of(901, 'b');
    expect(filled).toEqual([
      [0, 3],
      [3, 900],
      [0, 901],
    ]);
  });
});

describe('a kept extent', () => {
  it('is that of the rows that count', () => {
    const limit = fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(points, steps, limit, (all, by, most) => {
        const { cost, columns } = arrays(all);
        const extent = new KeptExtent();
        growing(all.length, by, (length) => {
          const counting = [...columns.zico.subarray(0, length)].filter(
            (value, i) => !Number.isNaN(value) && cost[i]! <= most,
          );
          const expected =
            counting.length === 0
              ? null
              : { low: Math.min(...counting), high: Math.max(...counting) };
          expect(extent.of([most], length, columns.zico, cost, most)).toEqual(expected);
        });
      }),
    );
  });
});

describe('an array that was kept', () => {
  it('is the one before as long as the new one holds the same', () => {
    const before = Uint32Array.of(1, 2);
    expect(kept(before, Uint32Array.of(1, 2))).toBe(before);
    expect([...kept(before, Uint32Array.of(1, 3))]).toEqual([1, 3]);
    expect([...kept(before, Uint32Array.of(1))]).toEqual([1]);
    expect([...kept(null, before)]).toEqual([1, 2]);
  });
});

describe('the order by cost', () => {
  it('is the same however the candidates came', () => {
    fc.assert(
      fc.property(points, steps, (all, by) => {
        const { cost, order } = arrays(all);
        const costOrder = new KeptOrder();
        growing(all.length, by, (length) => {
          // A column that doubles is another array.
          costOrder.of(['macs'], length % 2 === 0 ? cost : cost.slice(), length);
        });
        expect(costOrder.of(['macs'], cost, all.length)).toEqual(order);
      }),
    );
  });

  it('begins anew for another cost', () => {
    const growing = new KeptOrder();
    growing.of(['macs'], Float64Array.of(3, 2, 1), 3);
    expect([...growing.of(['latency'], Float64Array.of(1, 2, 3), 3)]).toEqual([0, 1, 2]);
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
      expect(shape.atMaximumDepth).toBe(expected.atMaximumDepth);
      for (const key of ['depth', 'width'] as const) {
        const value = expected[key];
        if (value === null) expect(shape[key]).toBeNull();
        else expect(shape[key]).toBeCloseTo(value);
      }
    }
    expect(growing.upTo(columns, 1)).toHaveLength(2);
  });
});
