/**
 * Candidates as lines, written pixel by pixel: stroking 50,000 lines over a dozen axes takes seconds without a
 * graphics card. It is done in slices of a few milliseconds, so that nothing has to wait for it.
 */
import type { RedGreenBlue } from '../../ground/chart/palette.ts';
import { shareOf, type ParallelAxis } from './axes.ts';

export interface LinesInput {
  readonly axes: readonly ParallelAxis[];
  /** Pixels of each axis, from the left. */
  readonly positions: readonly number[];
  /** Pixels of the highest and of the lowest value. */
  readonly top: number;
  readonly bottom: number;
  /** Indices of the candidates, the last one on top. */
  readonly candidates: ArrayLike<number>;
  readonly colour: (index: number) => RedGreenBlue;
  /** 0 to 255; where lines meet it adds up. */
  readonly opacity: number;
}

/** The pixels of a picture, and how many lines are in it. */
export class LineLayer {
  readonly image: ImageData;
  readonly #pixels: Uint32Array;

  constructor(width: number, height: number) {
    this.image = new ImageData(width, height);
    this.#pixels = new Uint32Array(this.image.data.buffer);
  }

  /** Paints lines from `start` on until the time is up; returns the first one that is left. */
  paint(input: LinesInput, start: number, budgetMs: number): number {
    const { candidates } = input;
    const until = performance.now() + budgetMs;
    let i = start;
    while (i < candidates.length) {
      this.#line(input, candidates[i]!);
      i++;
      // Reading the clock takes longer than painting a line.
      if (i % 64 === 0 && performance.now() >= until) break;
    }
    return i;
  }

  #line(input: LinesInput, index: number): void {
    const { axes, positions, top, bottom, opacity } = input;
    const [red, green, blue] = input.colour(index);
    const colour = ((blue << 16) | (green << 8) | red) >>> 0;
    let lastX = NaN;
    let lastY = NaN;
    for (let a = 0; a < axes.length; a++) {
      const share = shareOf(axes[a]!, axes[a]!.measure.values[index]!);
      const y = bottom - share * (bottom - top);
      const x = positions[a]!;
      // A value that is missing leaves a gap on both of its sides.
      if (lastY === lastY && y === y) this.#segment(lastX, lastY, x, y, colour, opacity);
      lastX = x;
      lastY = y;
    }
  }

  #segment(x0: number, y0: number, x1: number, y1: number, colour: number, opacity: number): void {
    const { width, height } = this.image;
    const pixels = this.#pixels;
    const slope = (y1 - y0) / (x1 - x0);
    const from = Math.max(0, Math.round(x0));
    const to = Math.min(width - 1, Math.round(x1) - 1);
    let y = y0 + (from - x0) * slope;
    for (let x = from; x <= to; x++) {
      const next = y + slope;
      // Steep lines fill every row they cross in this column.
      let low = Math.round(y < next ? y : next);
      let high = Math.round(y < next ? next : y);
      if (high > low) high--;
      if (low < 0) low = 0;
      if (high > height - 1) high = height - 1;
      for (let row = low; row <= high; row++) {
        const at = row * width + x;
        const alpha = (pixels[at]! >>> 24) + opacity;
        pixels[at] = (((alpha > 255 ? 255 : alpha) << 24) | colour) >>> 0;
      }
      y = next;
    }
  }
}

/** The fewer lines, the stronger each. */
export function lineOpacity(lines: number): number {
  return Math.max(6, Math.min(190, Math.round(40_000 / Math.max(1, lines))));
}

/** The candidate whose line passes nearest to a place, none farther than `reach` pixels; -1 where none does. */
export function nearestLine(
  input: Pick<LinesInput, 'axes' | 'positions' | 'top' | 'bottom' | 'candidates'>,
  pointer: { readonly x: number; readonly y: number },
  reach: number,
): number {
  const { axes, positions, top, bottom, candidates } = input;
  const right = positions.findIndex((position) => position >= pointer.x);
  if (right < 1) return -1;
  const share = (pointer.x - positions[right - 1]!) / (positions[right]! - positions[right - 1]!);
  let best = -1;
  let least = reach;
  for (let k = 0; k < candidates.length; k++) {
    const i = candidates[k]!;
    const a = shareOf(axes[right - 1]!, axes[right - 1]!.measure.values[i]!);
    const b = shareOf(axes[right]!, axes[right]!.measure.values[i]!);
    const y = bottom - (a + (b - a) * share) * (bottom - top);
    const distance = Math.abs(y - pointer.y);
    if (distance <= least) {
      least = distance;
      best = i;
    }
  }
  return best;
}
