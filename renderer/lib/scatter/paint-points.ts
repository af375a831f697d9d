/**
 * The layer of dominated points, written pixel by pixel: 50,000 calls of drawImage take several
 * hundred milliseconds without a graphics card, 50,000 stamps of 8 x 8 pixels a few.
 */
import type { Frame } from '../axis.ts';
import { rampSteps, type Palette, type RedGreenBlue } from './palette.ts';
import { fadedStyle, noStyle, styleCount, type Colouring } from './point-styles.ts';
import { statuses } from './statuses.ts';
import { markShapes, type Shape } from './mark-shapes.ts';
import type { Points } from './points.ts';

const radius = 3;

export interface Stamps {
  /** Pixels along one side of a stamp. */
  readonly side: number;
  /** One stamp a style: packed colours, the highest byte their opacity. */
  readonly pixels: readonly Uint32Array[];
}

/**
 * @param scale device pixels a CSS pixel
 * @param by old generations recede; choices of a gene are all equally new
 */
export function stampsOf(palette: Palette, scale: number, by: Colouring['by']): Stamps {
  const side = Math.ceil((radius * 2 + 2) * scale);
  const stamp = (colour: RedGreenBlue, opacity: number, shape: Shape) =>
    stampOf(colour, opacity, shape, side, scale);
  const pixels = Array.from({ length: styleCount }, (_, style) => {
    if (style === fadedStyle) return stamp(palette.fadedBytes, 0.22, 'circle');
    if (style >= rampSteps) {
      const status = statuses[style - rampSteps];
      return stamp(
        palette.statusBytes[status],
        status === 'dominated' ? 0.55 : 1,
        markShapes[status],
      );
    }
    const opacity = by === 'generation' ? 0.5 + 0.42 * (style / (rampSteps - 1)) : 0.78;
    return stamp(palette.generationBytes[style], opacity, 'circle');
  });
  return { side, pixels };
}

function stampOf(
  [red, green, blue]: RedGreenBlue,
  opacity: number,
  shape: Shape,
  side: number,
  scale: number,
): Uint32Array {
  const middle = (side - 1) / 2;
  const stamp = new Uint32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const distance = distanceIn(shape, x - middle, y - middle);
      const covered = Math.max(0, Math.min(1, radius * scale + 0.5 - distance));
      const alpha = Math.round(covered * opacity * 255);
      stamp[y * side + x] = ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    }
  }
  return stamp;
}

/** Distance from the middle as the shape counts it: its edge is where this is the radius. */
function distanceIn(shape: Shape, x: number, y: number): number {
  switch (shape) {
    case 'circle':
      return Math.hypot(x, y);
    case 'diamond':
      return (Math.abs(x) + Math.abs(y)) * 0.85;
    case 'square':
      return Math.max(Math.abs(x), Math.abs(y)) * 1.1;
  }
}

export interface PaintOptions {
  readonly stamps: Stamps;
  readonly styles: Uint8Array;
  readonly frame: Frame;
}

export class PointLayer {
  readonly #image: ImageData;
  readonly #pixels: Uint32Array;
  readonly #scale: number;

  constructor(width: number, height: number, scale: number) {
    this.#image = new ImageData(width, height);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
    this.#scale = scale;
  }

  /** Paints all points: what is outside the filter first, so that it lies below. */
  paint(points: Points, options: PaintOptions): void {
    this.#pixels.fill(0);
    this.#pass(points, options, true);
    this.#pass(points, options, false);
  }

  put(context: CanvasRenderingContext2D): void {
    context.putImageData(this.#image, 0, 0);
  }

  #pass(points: Points, { stamps, styles, frame }: PaintOptions, faded: boolean): void {
    const scale = this.#scale;
    const { side } = stamps;
    const half = side / 2;
    const { left, right, top, bottom } = frame;
    const { x: xs, y: ys, length } = points;
    for (let i = 0; i < length; i++) {
      const style = styles[i];
      if (style === noStyle || (style === fadedStyle) !== faded) continue;
      const x = xs[i];
      const y = ys[i];
      // Also leaves out what has no place: NaN compares false.
      if (!(x >= left && x <= right && y >= top && y <= bottom)) continue;
      this.#stamp(
        stamps.pixels[style],
        side,
        Math.round(x * scale - half),
        Math.round(y * scale - half),
      );
    }
  }

  /** The more opaque pixel wins, so that crowds of old points do not add up to a dark cloud. */
  #stamp(stamp: Uint32Array, side: number, left: number, top: number): void {
    const { width, height } = this.#image;
    const pixels = this.#pixels;
    const fromX = Math.max(0, -left);
    const toX = Math.min(side, width - left);
    const toY = Math.min(side, height - top);
    for (let y = Math.max(0, -top); y < toY; y++) {
      let at = (top + y) * width + left + fromX;
      let from = y * side + fromX;
      for (let x = fromX; x < toX; x++, at++, from++) {
        const colour = stamp[from];
        if (colour >>> 24 >= pixels[at] >>> 24) pixels[at] = colour;
      }
    }
  }
}
