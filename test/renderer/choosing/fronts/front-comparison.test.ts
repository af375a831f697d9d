import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareFronts,
  contradictions,
  type FrontSide,
} from '../../../../renderer/choosing/fronts/front-comparison.ts';
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
    const result = compareFronts(a, b);
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
    const result = compareFronts(
      a,
      sideOf([
        [1, 1],
        [2, 3],
      ]),
    );
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
        const result = compareFronts(sideOf(one), sideOf(other))!;
        expect(result.together).toBeGreaterThanOrEqual(Math.max(...result.hypervolumes) - 1e-9);
        expect(result.together).toBeLessThanOrEqual(
          result.hypervolumes[0] + result.hypervolumes[1] + 1e-9,
        );
      }),
    );
  });

  it('do not compare where one is empty', () => {
    expect(compareFronts(sideOf([]), sideOf([[1, 1]]))).toBeNull();
    expect(compareFronts(sideOf([[1, 1]]), sideOf([[NaN, NaN]]))).toBeNull();
  });
});

describe('what does not compare', () => {
  const view = (changes: Partial<SearchSettings> = {}, data = description.embeddedData): RunView =>
    ({
      summary: { settings: { ...settings, ...changes } },
      ...{ dataDescription: data, space, warnings: [], productVersion: '0.1.0' },
    }) as unknown as RunView;

  it('is nothing where only seed and budget differ', () => {
    expect(contradictions(view(), view({ seed: 7, generations: 30 }))).toEqual([]);
  });

  it.each([
    [{ space: 'efficientnet' }, /searches nats-sss, the second efficientnet/],
    [{ batchSize: 16 }, /size of their batches/],
    [{ weights: 'kaiming-normal-fan-out' }, /different schemes/],
    [{ latency: 'macs' }, /different sources/],
  ] as const)('is said where %o', (changes, message) => {
    const reasons = contradictions(view(), view(changes));
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(message);
  });

  it('is said where the images are others', () => {
    expect(contradictions(view(), view({}, 'other images'))[0]).toMatch(/different images/);
  });
});
