import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hypervolume, type Point } from '../../../main/search/hypervolume.ts';

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
});
