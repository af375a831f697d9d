/**
 * The layer of dominated points, written pixel by pixel: 50,000 calls of drawImage take several
 * hundred milliseconds without a graphics card, 50,000 stamps of 8 x 8 pixels a few.
 */
import type { Frame } from '../axis.ts';
import { rampStep, rampSteps, type Palette } from './palette.ts';
import type { Points } from './points.ts';

const radius = 3;

export interface Stamps {
  /** Pixels along one side of a stamp. */
  readonly side: number;
  /** One stamp a step of the ramp: packed colours, the highest byte their opacity. */
  readonly pixels: readonly Uint32Array[];
}

/** @param scale device pixels a CSS pixel */
export function stampsOf(palette: Palette, scale: number): Stamps {
  const side = Math.ceil((radius * 2 + 2) * scale);
  const middle = (side - 1) / 2;
  const pixels = palette.generationBytes.map(([red, green, blue], step) => {
    const opacity = 0.5 + 0.42 * (step / (rampSteps - 1)); // old ones recede
    const stamp = new Uint32Array(side * side);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const distance = Math.hypot(x - middle, y - middle);
        const covered = Math.max(0, Math.min(1, radius * scale + 0.5 - distance));
        const alpha = Math.round(covered * opacity * 255);
        stamp[y * side + x] = ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
      }
    }
    return stamp;
  });
  return { side, pixels };
}

export interface PaintOptions {
  /** Index of the first point to paint. */
  readonly first: number;
  readonly lastGeneration: number;
  readonly front: ReadonlySet<number>;
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

  clear(): void {
    this.#pixels.fill(0);
  }

  /** Paints the points from `first` on that are not on the front. */
  paint(stamps: Stamps, points: Points, generation: Int32Array, options: PaintOptions): void {
    const { first, lastGeneration, front, frame } = options;
    const scale = this.#scale;
    const half = stamps.side / 2;
    for (let i = first; i < points.length; i++) {
      const x = points.x[i];
      const y = points.y[i];
      const inside = x >= frame.left && x <= frame.right && y >= frame.top && y <= frame.bottom;
      if (!inside || front.has(i)) continue; // also leaves out what has no place: NaN compares false
      const stamp = stamps.pixels[rampStep(generation[i], lastGeneration)];
      this.#stamp(stamp, stamps.side, Math.round(x * scale - half), Math.round(y * scale - half));
    }
  }

  put(context: CanvasRenderingContext2D): void {
    context.putImageData(this.#image, 0, 0);
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
