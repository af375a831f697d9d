/** How the points of every style look, ready to be copied into a picture. */
import { rampSteps, type Palette, type RedGreenBlue } from '../../ground/chart/palette.ts';
import { fadedStyle, pointLook, pointRadius, styleCount, type Colouring } from './point-styles.ts';
import { statuses } from '../../ground/chart/statuses.ts';
import type { StatusShape } from '../../ground/chart/mark-shapes.ts';

export interface Stamps {
  /** Pixels along one side of a stamp. */
  readonly side: number;
  /** One stamp a style: packed colours, the highest byte their opacity. */
  readonly pixels: readonly Uint32Array[];
  /**
   * 1 at `above * styleCount + below` where a stamp hides another one at the same place, because it is at least
   * as opaque everywhere.
   */
  readonly hides: Uint8Array;
}

/**
 * @param scale device pixels a CSS pixel
 * @param by old generations are dimmed; choices of a gene are all equally new
 */
export function stampsOf(palette: Palette, scale: number, by: Colouring['by']): Stamps {
  const side = Math.ceil((pointRadius * 2 + 2) * scale);
  const stamp = (colour: RedGreenBlue, opacity: number, shape: StatusShape) =>
    stampOf(colour, opacity, shape, side, scale);
  const pixels = Array.from({ length: styleCount }, (_, style) => {
    const { opacity, shape } = pointLook(style, by);
    return stamp(bytesOf(palette, style), opacity, shape);
  });
  return { side, pixels, hides: hidesOf(pixels) };
}

/** Stamps of what is compared side by side, one a category: pale, since lines and marks stand above them. */
export function categoryStamps(palette: Palette, scale: number): Stamps {
  const side = Math.ceil((pointRadius * 2 + 2) * scale);
  const pixels = palette.categoryBytes.map((colour) =>
    stampOf(colour, 0.28, 'circle', side, scale),
  );
  return { side, pixels, hides: hidesOf(pixels) };
}

function bytesOf(palette: Palette, style: number): RedGreenBlue {
  if (style === fadedStyle) return palette.fadedBytes;
  const status = statuses[style - rampSteps];
  return status ? palette.statusBytes[status] : palette.generationBytes[style]!;
}

function hidesOf(pixels: readonly Uint32Array[]): Uint8Array {
  const hides = new Uint8Array(styleCount * styleCount);
  for (let above = 0; above < pixels.length; above++) {
    for (let below = 0; below < pixels.length; below++) {
      const hidden = pixels[above]!.every(
        (colour, at) => colour >>> 24 >= pixels[below]![at]! >>> 24,
      );
      hides[above * styleCount + below] = Number(hidden);
    }
  }
  return hides;
}

function stampOf(
  [red, green, blue]: RedGreenBlue,
  opacity: number,
  shape: StatusShape,
  side: number,
  scale: number,
): Uint32Array {
  const middle = (side - 1) / 2;
  const stamp = new Uint32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const distance = distanceIn(shape, x - middle, y - middle);
      const covered = Math.max(0, Math.min(1, pointRadius * scale + 0.5 - distance));
      const alpha = Math.round(covered * opacity * 255);
      stamp[y * side + x] = ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    }
  }
  return stamp;
}

/** Distance from the middle as the shape counts it: its edge is where this is the radius. */
function distanceIn(shape: StatusShape, x: number, y: number): number {
  switch (shape) {
    case 'circle':
      return Math.hypot(x, y);
    case 'diamond':
      return (Math.abs(x) + Math.abs(y)) * 0.85;
    case 'square':
      return Math.max(Math.abs(x), Math.abs(y)) * 1.1;
  }
}
