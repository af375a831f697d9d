import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  carry,
  grow,
  pan,
  pixelToX,
  pixelToY,
  size,
  spanOf,
  xToPixel,
  yToPixel,
  zoomAt,
  type Frame,
  type View,
} from '../../../../renderer/ground/chart/axis.ts';

const frame: Frame = { left: 48, top: 8, right: 648, bottom: 408 };
const view: View = { x: { from: -1, to: 1 }, y: { from: 0, to: 100 } };

describe('zoom', () => {
  it('keeps what lies under the pointer where it is', () => {
    const pixels = fc.record({
      x: fc.double({ min: 48, max: 648, noNaN: true }),
      y: fc.double({ min: 8, max: 408, noNaN: true }),
    });
    const factors = fc.double({ min: 0.2, max: 3, noNaN: true });
    fc.assert(
      fc.property(pixels, factors, (pointer, factor) => {
        const zoomed = zoomAt(view, frame, pointer, factor, view);
        const x = pixelToX(view, frame, pointer.x);
        const y = pixelToY(view, frame, pointer.y);
        expect(xToPixel(zoomed, frame, x)).toBeCloseTo(pointer.x, 6);
        expect(yToPixel(zoomed, frame, y)).toBeCloseTo(pointer.y, 6);
      }),
    );
  });

  it('ends before everything becomes a dot or a hair', () => {
    let near = view;
    let far = view;
    for (let i = 0; i < 200; i++) {
      near = zoomAt(near, frame, { x: 300, y: 200 }, 0.5, view);
      far = zoomAt(far, frame, { x: 300, y: 200 }, 2, view);
    }
    expect(size(near.x)).toBeCloseTo(size(view.x) * 1e-3);
    expect(size(far.y)).toBeCloseTo(size(view.y) * 4);
  });
});

describe('pan', () => {
  it('moves points by the pixels of the pointer', () => {
    const moved = pan(view, frame, 30, -12);
    expect(xToPixel(moved, frame, 0.2) - xToPixel(view, frame, 0.2)).toBeCloseTo(30);
    expect(yToPixel(moved, frame, 40) - yToPixel(view, frame, 40)).toBeCloseTo(-12);
  });
});

describe('a fitted span', () => {
  it('is not empty for a single value', () => {
    expect(size(spanOf(5, 5, 0.1, 1))).toBeGreaterThan(0);
  });

  it('stays the very same while new values lie inside', () => {
    const span = { from: 0, to: 10 };
    expect(grow(span, { from: 2, to: 9 }, { from: 3, to: 8 })).toBe(span);
  });

  it('grows for values at its edge, whose marks would be cut', () => {
    const span = { from: 0, to: 10 };
    expect(grow(span, { from: -1, to: 9 }, { from: 0.1, to: 8 })).toEqual({ from: -1, to: 10 });
    expect(grow(span, { from: 1, to: 11 }, { from: 2, to: 9.9 })).toEqual({ from: 0, to: 11 });
  });

  it('grows, and never shrinks, for values outside', () => {
    const span = { from: 0, to: 10 };
    expect(grow(span, { from: 4, to: 13 }, { from: 5, to: 12 })).toEqual({ from: 0, to: 13 });
  });

  it('takes a zoomed part along when all values shift', () => {
    const before = { from: 0, to: 100 };
    const after = { from: -50, to: 0 };
    expect(carry({ from: 50, to: 60 }, before, after)).toEqual({ from: -25, to: -20 });
  });
});
