import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeBoxes } from '../../../../main/task/pictures/boxes.ts';
import { ellipseMask } from '../../../../main/task/pictures/ellipses.ts';
import { placementOf } from '../../../../main/task/pictures/placement.ts';
import type { Known } from '../../../../main/common/known.ts';

const edge = fc.double({ min: -50, max: 150, noNaN: true });
const annotated = fc.record({ x1: edge, y1: edge, x2: edge, y2: edge });

describe('boxes', () => {
  it('lie inside the picture, have an area, and are dropped with a warning where they cannot', () => {
    fc.assert(
      fc.property(fc.array(annotated), (edges) => {
        const picture = { width: 100, height: 60 };
        const placement = placementOf(picture, { width: 64, height: 64 }, 'letterbox');
        const given = edges.map((box, i) => ({ ...box, classIndex: i, where: `line ${i}` }));
        const { boxes, classes, warnings } = placeBoxes(given, picture, placement, 'a.xml');
        expect(classes.length + warnings.length).toBe(edges.length);
        expect(boxes).toHaveLength(4 * classes.length);
        for (let i = 0; i < classes.length; i++) {
          const [x1, y1, x2, y2] = [...boxes.subarray(4 * i, 4 * i + 4)] as Known<number>;
          expect(x1 >= 0 && x1 < x2 && x2 <= placement.covered.width).toBe(true);
          expect(y1 >= 0 && y1 < y2 && y2 <= placement.covered.height + 1e-5).toBe(true);
        }
      }),
    );
  });
});

describe('a box filled as an ellipse', () => {
  const target = { width: 200, height: 100 };

  it('covers pi / 4 of its box', () => {
    const mask = ellipseMask(
      { boxes: Float32Array.of(20, 10, 180, 90), classes: Int32Array.of(2) },
      target,
      target,
    );
    const filled = mask.filter((id) => id === 3).length;
    expect(filled / (160 * 80)).toBeCloseTo(Math.PI / 4, 2);
    expect(mask.filter((id) => id === 0).length).toBe(200 * 100 - filled);
    expect([mask[50 * 200 + 21], mask[11 * 200 + 21]]).toEqual([3, 0]);
  });

  it('lies on a larger one, whatever their order', () => {
    const large = [0, 0, 200, 100];
    const small = [90, 40, 110, 60];
    const first = { boxes: Float32Array.from([...large, ...small]), classes: Int32Array.of(0, 1) };
    const last = { boxes: Float32Array.from([...small, ...large]), classes: Int32Array.of(1, 0) };
    const mask = ellipseMask(first, target, target);
    expect(mask).toEqual(ellipseMask(last, target, target));
    expect([mask[50 * 200 + 100], mask[50 * 200 + 50]]).toEqual([2, 1]);
  });

  it('leaves what the picture does not cover ignored', () => {
    const none = { boxes: new Float32Array(0), classes: new Int32Array(0) };
    const mask = ellipseMask(none, { width: 4, height: 2 }, { width: 3, height: 1 });
    expect([...mask]).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
  });
});
