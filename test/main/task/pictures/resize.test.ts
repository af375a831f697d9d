import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  placementOf,
  type PicturePlacement,
  type PictureSize,
} from '../../../../main/task/pictures/placement.ts';
import { resizeMask, resizePicture } from '../../../../main/task/pictures/resize.ts';

const grey = { mean: [0.5, 0.5, 0.5], std: [1, 1, 1] };
const size = fc.record({
  width: fc.integer({ min: 1, max: 24 }),
  height: fc.integer({ min: 1, max: 24 }),
});
const fit = fc.constantFrom('cover' as const, 'letterbox' as const);

/** Bytes that look random and are the same every time. */
const noise = (count: number) => Uint8Array.from({ length: count }, (_, i) => (i * 7919) % 256);

/** The triangle filter written down in two dimensions, pixel by pixel. */
function reference(
  rgb: Uint8Array,
  source: PictureSize,
  { scaleX, scaleY, left, top }: PicturePlacement,
  [x, y, c]: readonly [number, number, number],
): number {
  const triangle = (distance: number, reach: number) => Math.max(0, 1 - Math.abs(distance) / reach);
  const [reachX, reachY] = [Math.max(1, 1 / scaleX), Math.max(1, 1 / scaleY)];
  const [centreX, centreY] = [(x + 0.5 - left) / scaleX, (y + 0.5 - top) / scaleY];
  let [sum, total] = [0, 0];
  for (let v = 0; v < source.height; v++) {
    for (let u = 0; u < source.width; u++) {
      const weight = triangle(u + 0.5 - centreX, reachX) * triangle(v + 0.5 - centreY, reachY);
      sum += weight * rgb[3 * (v * source.width + u) + c]!;
      total += weight;
    }
  }
  return sum / total;
}

describe('a picture', () => {
  it('is resized with a triangle over its pixels, as wide as the picture shrinks', () => {
    fc.assert(
      fc.property(size, size, fit, (source, target, how) => {
        const rgb = noise(3 * source.width * source.height);
        const placement = placementOf(source, target, how);
        const out = resizePicture({ ...source, rgb }, target, placement, grey);
        for (let y = 0; y < placement.covered.height; y++) {
          for (let x = 0; x < placement.covered.width; x++) {
            for (const c of [0, 1, 2]) {
              const value = out[(c * target.height + y) * target.width + x]!;
              const wanted = reference(rgb, source, placement, [x, y, c]);
              expect(Math.abs(value - wanted)).toBeLessThanOrEqual(0.5001);
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('that has the size already stays as it is', () => {
    const rgb = noise(3 * 5 * 4);
    const source = { width: 5, height: 4 };
    const out = resizePicture(
      { ...source, rgb },
      source,
      placementOf(source, source, 'cover'),
      grey,
    );
    for (let i = 0; i < 20; i++) {
      expect([out[i], out[20 + i], out[40 + i]]).toEqual([...rgb.subarray(3 * i, 3 * i + 3)]);
    }
  });
});

describe('the place of a picture', () => {
  it('covers the target, its middle kept, or fits into it at the top left', () => {
    fc.assert(
      fc.property(size, size, (source, target) => {
        const cover = placementOf(source, target, 'cover');
        const right = source.width * cover.scaleX + cover.left;
        const bottom = source.height * cover.scaleY + cover.top;
        expect(cover.left).toBeLessThanOrEqual(0);
        expect(cover.top).toBeLessThanOrEqual(0);
        expect(right).toBeGreaterThan(target.width - 1e-9);
        expect(bottom).toBeGreaterThan(target.height - 1e-9);
        expect(Math.abs(right - target.width + cover.left)).toBeLessThanOrEqual(1 + 1e-9);
        expect(cover.covered).toEqual(target);

        const { covered, left, top } = placementOf(source, target, 'letterbox');
        expect([left, top]).toEqual([0, 0]);
        expect(covered.width).toBeLessThanOrEqual(target.width);
        expect(covered.height).toBeLessThanOrEqual(target.height);
        expect(covered.width === target.width || covered.height === target.height).toBe(true);
      }),
    );
  });
});

describe('a mask', () => {
  it('lies where its picture lies: what is coloured by class keeps its class', () => {
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 3 }), (source, factor) => {
        // Enlarged by a whole factor, every pixel of the picture is a square of its own colour's class.
        const target = { width: source.width * factor, height: source.height * factor };
        const ids = noise(source.width * source.height);
        const placement = placementOf(source, target, 'letterbox');
        const out = resizeMask({ ...source, ids }, target, placement);
        out.forEach((id, i) => {
          const x = Math.floor((i % target.width) / factor);
          const y = Math.floor(i / target.width / factor);
          expect(id).toBe(ids[y * source.width + x]);
        });
      }),
    );
  });

  it('holds no id that was not there, and ignores what the picture leaves free', () => {
    fc.assert(
      fc.property(size, size, fit, (source, target, how) => {
        const ids = Uint8Array.from({ length: source.width * source.height }, (_, i) => i % 5);
        const placement = placementOf(source, target, how);
        const out = resizeMask({ ...source, ids }, target, placement);
        out.forEach((id, i) => {
          const inside =
            i % target.width < placement.covered.width &&
            i / target.width < placement.covered.height;
          expect(inside ? id < 5 : id === 255).toBe(true);
        });
      }),
    );
  });
});
