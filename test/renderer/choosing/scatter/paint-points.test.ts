import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PointLayer } from '../../../../renderer/choosing/scatter/paint-points.ts';
import {
  rampSteps,
  type Palette,
  type RedGreenBlue,
} from '../../../../renderer/ground/chart/palette.ts';
import {
  fadedStyle,
  noStyle,
  statusStyle,
} from '../../../../renderer/choosing/scatter/point-styles.ts';
import { Points } from '../../../../renderer/choosing/scatter/points.ts';
import { stampsOf } from '../../../../renderer/choosing/scatter/stamps.ts';

const grey = (level: number): RedGreenBlue => [level, level, level];
const palette = {
  generationBytes: Array.from({ length: rampSteps }, (_, step) => grey(100 + step)),
  statusBytes: { dominated: grey(1), front: grey(2), starred: grey(3), pinned: grey(4) },
  fadedBytes: grey(5),
} as unknown as Palette;

const [width, height] = [40, 30];
const frame = { left: 6, top: 4, right: 36, bottom: 24 };
const view = { x: { from: 0, to: 30 }, y: { from: 0, to: 20 } };

const style = fc.oneof(
  fc.integer({ min: 0, max: rampSteps - 1 }),
  fc.constantFrom(fadedStyle, noStyle, ...(['dominated', 'pinned'] as const).map(statusStyle)),
);
// Whole numbers, so that many stand at the same place, some beside the frame and some nowhere.
const place = (most: number) => fc.oneof(fc.integer({ min: -2, max: most + 2 }), fc.constant(NaN));
const dots = fc.array(fc.record({ x: place(30), y: place(20), style }), { maxLength: 60 });
type Dot = { x: number; y: number; style: number };

const inputOf = (all: readonly Dot[]) => ({
  length: all.length,
  x: Float64Array.from(all, ({ x }) => x),
  y: Float64Array.from(all, ({ y }) => y),
  generation: new Int32Array(all.length),
  upTo: Infinity,
});
const stylesOf = (all: readonly Dot[]) => Uint8Array.from(all, (dot) => dot.style);

/** Every point onto every pixel, by the rule alone. */
function painted(all: readonly Dot[], by: 'generation' | 'gene'): Uint32Array {
  const { side, pixels } = stampsOf(palette, 1, by);
  const picture = new Uint32Array(width * height);
  const pass = (faded: boolean) => {
    for (const dot of all) {
      if (dot.style === noStyle || (dot.style === fadedStyle) !== faded) continue;
      if (!(dot.x >= 0 && dot.x <= 30 && dot.y >= 0 && dot.y <= 20)) continue;
      const left = Math.round(frame.left + dot.x - side / 2);
      const top = Math.round(frame.bottom - dot.y - side / 2);
      for (let y = Math.max(top, frame.top); y < Math.min(top + side, frame.bottom); y++) {
        for (let x = Math.max(left, frame.left); x < Math.min(left + side, frame.right); x++) {
          const colour = pixels[dot.style]![(y - top) * side + x - left]!;
          if (colour >>> 24 === 0) continue;
          const at = y * width + x;
          if (colour >>> 24 >= picture[at]! >>> 24) picture[at] = colour;
        }
      }
    }
  };
  pass(true);
  pass(false);
  return picture;
}

const visible = (pixels: Uint32Array) => pixels.map((colour) => (colour >>> 24 === 0 ? 0 : colour));

afterEach(() => vi.unstubAllGlobals());

describe('the layer of points', () => {
  const colouring = fc.constantFrom('generation' as const, 'gene' as const);

  it('shows the most opaque point at every pixel, of equal ones the latest, however they came', () => {
    const by = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 8 });
    fc.assert(
      fc.property(dots, by, colouring, (all, steps, colours) => {
        const layer = new PointLayer(width, height, 1);
        const points = new Points();
        const stamps = stampsOf(palette, 1, colours);
        let length = 0;
        for (const step of [...steps, all.length]) {
          length = Math.min(all.length, length + step);
          const some = all.slice(0, length);
          points.place(inputOf(some), view, frame);
          layer.paint(points, { stamps, styles: stylesOf(some), frame });
          expect(visible(layer.pixels)).toEqual(painted(some, colours));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is painted anew where points move or look otherwise', () => {
    fc.assert(
      fc.property(dots, dots, (before, after) => {
        const layer = new PointLayer(width, height, 1);
        const points = new Points();
        const stamps = stampsOf(palette, 1, 'generation');
        for (const all of [before, after]) {
          points.place(inputOf(all), view, frame);
          layer.paint(points, { stamps, styles: stylesOf(all), frame });
        }
        expect(visible(layer.pixels)).toEqual(painted(after, 'generation'));
      }),
      { numRuns: 200 },
    );
  });

  it('is put where it changed alone', () => {
    const all = [
      { x: 3, y: 10, style: 0 },
      { x: 20, y: 10, style: 0 },
    ];
    const put: number[][] = [];
    vi.stubGlobal('ImageData', class {});
    const context = {
      putImageData: (_: unknown, ...[, , ...box]: number[]) => put.push(box),
    } as unknown as CanvasRenderingContext2D;
    const layer = new PointLayer(width, height, 1);
    const points = new Points();
    const stamps = stampsOf(palette, 1, 'generation');
    for (const some of [all.slice(0, 1), all, all]) {
      points.place(inputOf(some), view, frame);
      layer.paint(points, { stamps, styles: stylesOf(some), frame });
      layer.put(context);
    }
    expect(put).toEqual([
      [0, 0, width, height],
      [22, 10, 8, 8],
    ]);
  });
});

describe('points', () => {
  it('know how many of them stand where they stood', () => {
    const points = new Points();
    const input = inputOf([
      { x: 1, y: 1, style: 0 },
      { x: NaN, y: 2, style: 0 },
      { x: 3, y: 3, style: 0 },
    ]);
    points.place({ ...input, length: 2 }, view, frame);
    expect(points.unmoved).toBe(0);
    points.place(input, view, frame);
    expect(points.unmoved).toBe(2);
    points.place(input, view, frame);
    expect(points.unmoved).toBe(3);
    points.place({ ...input, y: Float64Array.of(1, 5, 3) }, view, frame);
    expect(points.unmoved).toBe(1);
  });
});
