import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anchorBoxes,
  anchorsPerPlace,
  efficientDetAnchors,
  pyramidLevels,
} from '../../../../main/task/detection/anchors.ts';
import { assignAnchors, type SharedAnchor } from '../../../../main/task/detection/assign.ts';
import type { Known } from '../../../../main/common/known.ts';

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

const assigned = (
  boxes: readonly { corners: readonly number[]; kind: number }[],
  shared?: SharedAnchor,
) =>
  assignAnchors(
    anchors,
    {
      boxes: Float32Array.from(boxes.flatMap(({ corners }) => corners)),
      classes: Int32Array.from(boxes, ({ kind }) => kind),
    },
    background,
    shared,
  );

/** The place of the largest value, of the first where several are. */
const argmax = (values: readonly number[]) => values.indexOf(Math.max(...values));

/** The box of each anchor, or -1: the argmax matcher as its authors state it, over the whole table of overlaps. */
function referenceMatch(boxes: readonly (readonly number[])[]): number[] {
  const places = Array.from({ length: anchors.length / 4 }, (_, i) => i);
  const overlaps = boxes.map((corners) => {
    const [x1, y1, x2, y2] = corners.map(Math.fround) as Known<number>;
    return places.map((anchor) => {
      const [cy, cx, h, w] = [...anchors.subarray(anchor * 4, anchor * 4 + 4)] as Known<number>;
      const [left, top] = [cx - w / 2, cy - h / 2];
      const wide = Math.max(0, Math.min(left + w, x2) - Math.max(left, x1));
      const high = Math.max(0, Math.min(top + h, y2) - Math.max(top, y1));
      return (wide * high) / (w * h + (x2 - x1) * (y2 - y1) - wide * high);
    });
  });
  const bestAnchor = overlaps.map(argmax);
  return places.map((anchor) => {
    const forced = bestAnchor.map((best) => (best === anchor ? 1 : 0));
    if (forced.some((one) => one === 1)) return argmax(forced);
    const column = overlaps.map((row) => row[anchor]!);
    return Math.max(...column) >= 0.5 ? argmax(column) : -1;
  });
}

describe("EfficientDet-D0's anchors", () => {
  it('are 49,104 at 512 pixels: nine at each place of levels 3 to 7', () => {
    expect(anchorsPerPlace(efficientDetAnchors)).toBe(9);
    const all = anchorBoxes([512, 512], pyramidLevels(512, 512));
    expect(all.length / 4).toBe(9 * (64 ** 2 + 32 ** 2 + 16 ** 2 + 8 ** 2 + 4 ** 2));
  });

  it('start with a square of four strides around the middle of the first place', () => {
    expect([...anchors.subarray(0, 4)]).toEqual([4, 4, 32, 32]);
    // The second ratio is wider than high.
    const [, , height, width] = [...anchors.subarray(4, 8)] as Known<number>;
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
          const [dy, dx, dh, dw] = [
            ...offsets.subarray(anchor * 4, anchor * 4 + 4),
          ] as Known<number>;
          const [y, x, height, width] = [
            ...anchors.subarray(anchor * 4, anchor * 4 + 4),
          ] as Known<number>;
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
              candidate.corners.every((corner, i) => Math.abs(corner - corners[i]!) < 0.01),
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

  it('gives an anchor that is the best of several boxes to the first, as 0.1 did to the last', () => {
    // The third box is no better for the anchor than the others, and no other anchor is better for it.
    const boxes = [
      { corners: [20, 20, 52, 52], kind: 1 },
      { corners: [20.2, 20.2, 52.2, 52.2], kind: 4 },
      { corners: [19.8, 20.1, 51.8, 52.1], kind: 2 },
    ];
    const alone = boxes.map((one) => assigned([one]));
    const bestOf = ({ offsets, positive }: (typeof alone)[number]) => {
      const far = (anchor: number) =>
        offsets.subarray(anchor * 4, anchor * 4 + 4).reduce((sum, value) => sum + value ** 2, 0);
      return [...positive.keys()]
        .filter((anchor) => positive[anchor] === 1)
        .sort((a, b) => far(a) - far(b))[0]!;
    };
    const best = bestOf(alone[0]!);
    expect(alone.map(bestOf)).toEqual([best, best, best]);
    expect(assigned(boxes).classes[best]).toBe(1);
    expect(assigned(boxes, 'first').classes[best]).toBe(1);
    expect(assigned(boxes, 'last').classes[best]).toBe(2);
    expect(assigned([...boxes].reverse()).classes[best]).toBe(2);
  });

  it('depends on the order of boxes only where they share their best anchor', () => {
    fc.assert(
      fc.property(fc.array(box, { minLength: 1, maxLength: 6 }), (boxes) => {
        const [first, last] = [assigned(boxes, 'first'), assigned(boxes, 'last')];
        const differing = [...first.classes.keys()].filter(
          (anchor) =>
            first.offsets[anchor * 4] !== last.offsets[anchor * 4] ||
            first.classes[anchor] !== last.classes[anchor],
        );
        expect(differing.length).toBeLessThan(boxes.length);
        expect(last.positive).toEqual(first.positive);
      }),
      { seed: 4, numRuns: 50 },
    );
  });

  it('is what the reference makes of the same overlaps, also of boxes that coincide', () => {
    const crowded = fc.array(box, { minLength: 1, maxLength: 4 }).chain((boxes) =>
      fc
        .array(fc.tuple(fc.nat(boxes.length - 1), fc.double({ min: 0, max: 0.4, noNaN: true })), {
          maxLength: 4,
        })
        .map((twins) => [
          ...boxes,
          ...twins.map(([of, by], i) => ({
            corners: boxes[of]!.corners.map((corner) => corner + by),
            kind: i,
          })),
        ]),
    );
    fc.assert(
      fc.property(crowded, (boxes) => {
        expect([...assigned(boxes).classes]).toEqual(
          referenceMatch(boxes.map(({ corners }) => corners)).map((of) =>
            of < 0 ? background : boxes[of]!.kind,
          ),
        );
      }),
      { seed: 5, numRuns: 50 },
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
