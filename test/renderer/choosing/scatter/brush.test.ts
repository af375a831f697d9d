import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  rangesUnder,
  rectangleBetween,
  rectangleOf,
} from '../../../../renderer/choosing/scatter/brush.ts';

const frame = { left: 40, top: 10, right: 440, bottom: 310 };
const view = { x: { from: 0, to: 2 }, y: { from: 100, to: 200 } };
const logarithmic = { x: true, y: false };

describe('a rectangle on the chart', () => {
  it('is cut to the plotting area, and none where it was a click', () => {
    expect(rectangleBetween({ x: 500, y: 400 }, { x: 0, y: 0 }, frame)).toEqual(frame);
    expect(rectangleBetween({ x: 100, y: 100 }, { x: 102, y: 200 }, frame)).toBeNull();
  });

  it('holds the values that lie under it, read on each axis as the axis is', () => {
    const ranges = rangesUnder(
      { left: 40, right: 240, top: 10, bottom: 160 },
      view,
      frame,
      logarithmic,
    );
    expect(ranges.x?.from).toBeCloseTo(1);
    expect(ranges.x?.to).toBeCloseTo(10);
    expect(ranges.y?.from).toBeCloseTo(150);
    expect(ranges.y?.to).toBeCloseTo(200);
  });

  it('comes back to the same place from its values', () => {
    const x = fc.integer({ min: 40, max: 440 });
    const y = fc.integer({ min: 10, max: 310 });
    fc.assert(
      fc.property(x, x, y, y, (x1, x2, y1, y2) => {
        const drawn = rectangleBetween({ x: x1, y: y1 }, { x: x2, y: y2 }, frame);
        if (!drawn) return;
        const ranges = rangesUnder(drawn, view, frame, logarithmic);
        const back = rectangleOf(ranges.x, ranges.y, view, frame, logarithmic)!;
        expect(back.left).toBeCloseTo(drawn.left, 6);
        expect(back.right).toBeCloseTo(drawn.right, 6);
        expect(back.top).toBeCloseTo(drawn.top, 6);
        expect(back.bottom).toBeCloseTo(drawn.bottom, 6);
      }),
    );
  });

  it('reaches across an axis that has no range', () => {
    const band = rectangleOf({ from: 1, to: 10 }, null, view, frame, logarithmic);
    expect(band).toMatchObject({ left: 40, right: 240, top: frame.top, bottom: frame.bottom });
    expect(rectangleOf(null, null, view, frame, logarithmic)).toBeNull();
  });
});
