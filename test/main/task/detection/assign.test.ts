import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anchorBoxes,
  anchorsPerPlace,
  efficientDetAnchors,
  pyramidLevels,
} from '../../../../main/task/detection/anchors.ts';
import { assignAnchors } from '../../../../main/task/detection/assign.ts';

const image = [128, 128] as const;
const anchors = anchorBoxes(image, pyramidLevels(...image));
const background = 7;

const box = fc
  .tuple(
    fc.double({ min: 0, max: 78, noNaN: true }),
    fc.double({ min: 0, max: 78, noNaN: true }),
    fc.double({ min: 4, max: 50, noNaN: true }),
    fc.double({ min: 4, max: 50, noNaN: true }),
    fc.integer({ min: 0, max: background - 1 }),
  )
  .map(([x, y, width, height, kind]) => ({ corners: [x, y, x + width, y + height], kind }));

const assigned = (boxes: readonly { corners: readonly number[]; kind: number }[]) =>
  assignAnchors(
    anchors,
    {
      boxes: Float32Array.from(boxes.flatMap(({ corners }) => corners)),
      classes: Int32Array.from(boxes, ({ kind }) => kind),
    },
    background,
  );

describe("EfficientDet-D0's anchors", () => {
  it('are 49,104 at 512 pixels: nine at each place of levels 3 to 7', () => {
    expect(anchorsPerPlace(efficientDetAnchors)).toBe(9);
    const all = anchorBoxes([512, 512], pyramidLevels(512, 512));
    expect(all.length / 4).toBe(9 * (64 ** 2 + 32 ** 2 + 16 ** 2 + 8 ** 2 + 4 ** 2));
  });

  it('start with a square of four strides around the middle of the first place', () => {
    expect([...anchors.subarray(0, 4)]).toEqual([4, 4, 32, 32]);
    // The second ratio is wider than high.
    const [, , height, width] = anchors.subarray(4, 8);
    expect(width / height).toBeCloseTo(2, 6);
  });
});

describe('assigning boxes', () => {
  it('makes everything background without boxes', () => {
    const { classes, positive } = assigned([]);
    expect(classes.every((kind) => kind === background)).toBe(true);
    expect(positive.every((value) => value === 0)).toBe(true);
  });

  it('gives every box an anchor, and offsets that lead back to the box', () => {
    fc.assert(
      fc.property(fc.array(box, { minLength: 1, maxLength: 3 }), (boxes) => {
        const { classes, offsets, positive } = assigned(boxes);
        const found = new Set<number>();
        positive.forEach((value, anchor) => {
          if ((value === 1) !== (classes[anchor] !== background)) throw new Error('contradiction');
          if (value === 0) return;
          const [dy, dx, dh, dw] = offsets.subarray(anchor * 4, anchor * 4 + 4);
          const [y, x, height, width] = anchors.subarray(anchor * 4, anchor * 4 + 4);
          const [h, w] = [Math.exp(dh) * height, Math.exp(dw) * width];
          const corners = [
            x + dx * width - w / 2,
            y + dy * height - h / 2,
            x + dx * width + w / 2,
            y + dy * height + h / 2,
          ];
          const of = boxes.findIndex(
            (candidate) =>
              candidate.kind === classes[anchor] &&
              candidate.corners.every((corner, i) => Math.abs(corner - corners[i]) < 0.01),
          );
          expect(of).toBeGreaterThanOrEqual(0);
          found.add(of);
        });
        // Boxes that coincide share an anchor; others have one each unless the same anchor is best.
        expect(found.size).toBeGreaterThanOrEqual(1);
        if (boxes.length === 1) expect(found.size).toBe(1);
      }),
      { seed: 3, numRuns: 25 },
    );
  });

  it('takes an anchor for a box from an overlap of one half on', () => {
    // Exactly the first anchor, so that its overlap is 1 and its neighbours' (8 pixels away) is below.
    const { positive, offsets } = assigned([{ corners: [-12, -12, 20, 20], kind: 2 }]);
    expect(positive[0]).toBe(1);
    expect([...offsets.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
    const count = positive.reduce((a, b) => a + b, 0);
    expect(count).toBeGreaterThan(1);
    expect(count).toBeLessThan(20);
  });
});
