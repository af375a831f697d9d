import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hypervolume,
  hypervolumeByGeneration,
  logPoint,
  logReference,
  type Point,
} from '../../../main/common/hypervolume.ts';

const point: fc.Arbitrary<Point> = fc.tuple(
  fc.double({ min: 0, max: 2, noNaN: true }),
  fc.double({ min: 0, max: 2, noNaN: true }),
);
const reference: Point = [1.1, 1.1];

describe('hypervolume', () => {
  it('is the area of a staircase', () => {
    expect(hypervolume([[0, 1], [1, 0]], [2, 2])).toBe(3); // prettier-ignore
    expect(hypervolume([[1, 1], [0, 0]], [2, 2])).toBe(4); // prettier-ignore
    expect(hypervolume([], [2, 2])).toBe(0);
    expect(hypervolume([[2, 0]], [2, 2])).toBe(0);
  });

  it('never shrinks when a point is added and never exceeds the box', () => {
    fc.assert(
      fc.property(fc.array(point), point, (points, extra) => {
        const before = hypervolume(points, reference);
        const after = hypervolume([...points, extra], reference);
        expect(after).toBeGreaterThanOrEqual(before - 1e-12);
        expect(after).toBeLessThanOrEqual(1.1 * 1.1 + 1e-12);
      }),
    );
  });

  it('grows when a point moves towards the ideal', () => {
    fc.assert(
      fc.property(fc.array(point), point, (points, [x, y]) => {
        const before = hypervolume([...points, [x, y]], reference);
        expect(hypervolume([...points, [x / 2, y / 2]], reference)).toBeGreaterThanOrEqual(
          before - 1e-12,
        );
      }),
    );
  });

  it('does not depend on the order of the points', () => {
    fc.assert(
      fc.property(fc.array(point), (points) => {
        const sorted = points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
        expect(hypervolume(points, reference)).toBeCloseTo(hypervolume(sorted, reference), 10);
      }),
    );
  });

  it('of one candidate is the area between it and the worst, cost by its logarithm', () => {
    const area = hypervolume([logPoint(1, 3, Math.E)], logReference(1));
    expect(area).toBeCloseTo(2);
  });
});

describe('the hypervolume by generation', () => {
  it('is told of every generation up to the last, and of none where nothing is', () => {
    const worst = { cost: 8, score: 0 };
    const points = [
      { generation: 1, cost: 4, score: 2 },
      { generation: 3, cost: 2, score: 2 },
    ];
    expect(hypervolumeByGeneration(points, worst, 4)).toEqual([0, 0.5, 0.5, 1, 1]);
    expect(hypervolumeByGeneration([], worst, 4)).toEqual([]);
  });
});
