import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareFronts,
  contradictions,
  type FrontSide,
} from '../../../../renderer/choosing/fronts/front-comparison.ts';
import { Crowd } from '../../../../renderer/choosing/fronts/crowd.ts';
import {
  differencesOf,
  frontAfter,
  overlapOf,
  type FrontDifference,
  type RankedRun,
} from '../../../../renderer/choosing/fronts/front-differences.ts';
import { noStyle } from '../../../../renderer/choosing/scatter/point-styles.ts';
import { dominates } from '../../../../main/common/dominance.ts';
import type { Known } from '../../../../main/common/known.ts';
import { orderByCost } from '../../../../renderer/open-run/columns/kept-order.ts';
import { paretoFront } from '../../../../main/common/pareto-front.ts';
import { description, settings, space } from '../../fake-bridge.ts';
import type { RunView, SearchSettings } from '../../../../preload/contract.ts';

function sideOf(points: readonly (readonly [number, number])[]): FrontSide {
  const cost = Float64Array.from(points, ([value]) => value);
  const score = Float64Array.from(points, ([, value]) => value);
  const order = orderByCost(cost, cost.length);
  const generation = new Int32Array(cost.length);
  return { cost, score, front: paretoFront({ order, cost, score, generation, upTo: 0 }) };
}

const rankedOf = (points: readonly (readonly [number, number])[]): RankedRun => {
  const side = sideOf(points);
  return { ...side, order: orderByCost(side.cost, side.cost.length) };
};

describe('two fronts', () => {
  it('have areas from one reference, and members that the other beats', () => {
    const a = sideOf([
      [1, 1],
      [Math.E, 3],
      [Math.E ** 2, 0],
    ]);
    const b = sideOf([
      [1, 2],
      [Math.E, 2.5],
    ]);
    const result = compareFronts([a, b]);
    // Reference: cost e^2, score 0. A: 2 x 1 + 1 x 2; B: 2 x 2 + 1 x 0.5.
    expect(result?.hypervolumes[0]).toBeCloseTo(4);
    expect(result?.hypervolumes[1]).toBeCloseTo(4.5);
    expect(result?.together).toBeCloseTo(5);
    expect(result?.beaten).toEqual([1, 1]);
    expect(result?.members.map(({ side, beaten }) => [side, beaten])).toEqual([
      [1, false],
      [0, true],
      [0, false],
      [1, true],
    ]);
  });

  it('are the same where the runs are', () => {
    const a = sideOf([
      [1, 1],
      [2, 3],
    ]);
    const result = compareFronts([
      a,
      sideOf([
        [1, 1],
        [2, 3],
      ]),
    ]);
    expect(result?.hypervolumes[0]).toBe(result?.hypervolumes[1]);
    expect(result?.beaten).toEqual([0, 0]);
  });

  it('together cover at least what each of them does', () => {
    const points = fc.array(
      fc.tuple(
        fc.double({ min: 0.1, max: 90, noNaN: true }),
        fc.double({ min: -9, max: 9, noNaN: true }),
      ),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(points, points, (one, other) => {
        const result = compareFronts([sideOf(one), sideOf(other)])!;
        expect(result.together).toBeGreaterThanOrEqual(Math.max(...result.hypervolumes) - 1e-9);
        expect(result.together).toBeLessThanOrEqual(
          result.hypervolumes[0]! + result.hypervolumes[1]! + 1e-9,
        );
      }),
    );
  });

  it('do not compare where one is empty', () => {
    expect(compareFronts([sideOf([]), sideOf([[1, 1]])])).toBeNull();
    expect(compareFronts([sideOf([[1, 1]]), sideOf([[NaN, NaN]])])).toBeNull();
  });
});

describe('several fronts', () => {
  it('mark who is beaten by any other, as looking at every pair does', () => {
    const points = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 9 })),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(fc.array(points, { minLength: 2, maxLength: 8 }), (runs) => {
        const sides = runs.map(sideOf);
        const { members, beaten } = compareFronts(sides)!;
        for (const one of members) {
          const better = sides.some(
            ({ front, cost, score }, side) =>
              side !== one.side &&
              front.some((i) => dominates([cost[i]!, -score[i]!], [one.cost, -one.score])),
          );
          expect(one.beaten).toBe(better);
        }
        expect(beaten.reduce((sum, n) => sum + n, 0)).toBe(
          members.filter((one) => one.beaten).length,
        );
      }),
    );
  });

  it('differ by what they cover after as many candidates as the shorter of two has', () => {
    const runs = [
      rankedOf([
        [Math.E, 1],
        [1, 3],
      ]),
      rankedOf([[1, 2]]),
    ];
    const reference = { cost: Math.E, score: 0 };
    const [[itself, more], [less]] = differencesOf(runs, reference) as Known<
      Known<FrontDifference>
    >;
    expect(itself).toBeNull();
    // The first one's second candidate does not count against a run of one.
    expect(more).toEqual({ length: 1, more: -1 });
    expect(less).toEqual({ length: 1, more: null });
    expect(frontAfter(runs[0]!, 2)).toEqual(Uint32Array.of(1));
  });

  it('have networks in common where they are of one space', () => {
    const of = (space: string, tried: string[], onFront: string[]) => ({
      ...{ space, tried: new Set(tried), onFront: new Set(onFront) },
    });
    const one = of('nats-sss', ['a', 'b', 'c'], ['a']);
    expect(overlapOf(one, of('nats-sss', ['b', 'a'], ['a', 'b']))).toEqual({
      ...{ tried: 2, onFronts: 1 },
    });
    expect(overlapOf(one, of('ffnet', ['a'], ['a']))).toBeNull();
  });

  it('stand as a crowd in which the runs take turns', () => {
    const sides = [
      sideOf([
        [1, 1],
        [10, 2],
        [100, 3],
      ]),
      sideOf([[1000, 4]]),
    ];
    const crowd = new Crowd();
    const { x, y, length, styles } = crowd.of(sides, [true, true]);
    expect(length).toBe(4);
    expect([...x]).toEqual([0, 3, 1, 2]);
    expect([...y]).toEqual([1, 4, 2, 3]);
    expect([...styles]).toEqual([0, 1, 0, 0]);
    expect(crowd.at(3)).toEqual({ side: 0, index: 2 });
    expect([...crowd.of(sides, [false, true]).styles]).toEqual([noStyle, 1, noStyle, noStyle]);
  });
});

describe('what does not compare', () => {
  const view = (changes: Partial<SearchSettings> = {}, data = description.embeddedData): RunView =>
    ({
      summary: { settings: { ...settings, ...changes } },
      ...{ dataDescription: data, space, warnings: [], productVersion: '0.1.0' },
    }) as unknown as RunView;

  it('is nothing where only seed and budget differ', () => {
    expect(contradictions([view(), view({ seed: 7, generations: 30 }), view()])).toEqual([]);
  });

  it.each([
    [{ space: 'efficientnet' }, /different spaces \(A, B: nats-sss; C: efficientnet\)/],
    [{ batchSize: 16 }, /size of their batches differs \(A, B against C\)/],
    [{ weights: 'kaiming-normal-fan-out' }, /different schemes/],
    [{ latency: 'macs' }, /different sources/],
  ] as const)('is said where %o', (changes, message) => {
    const reasons = contradictions([view(), view(), view(changes)]);
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(message);
  });

  it('is said where the images are others', () => {
    expect(contradictions([view(), view({}, 'other images')])[0]).toMatch(/different images/);
  });
});
