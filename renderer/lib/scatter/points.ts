/** Where every candidate stands on the screen. Typed arrays: this runs over all of them each frame. */
import type { Frame, View } from '../axis.ts';

export interface PointInput {
  readonly length: number;
  /** Axis coordinates; NaN where a candidate has no place. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly generation: Int32Array;
  readonly upTo: number;
}

/** Screen positions; NaN where a candidate has no place. */
export class Points {
  x = new Float32Array(0);
  y = new Float32Array(0);
  length = 0;
  /** So many of the first ones stand where they stood before they were placed the last time. */
  unmoved = 0;

  place(input: PointInput, view: View, frame: Frame): void {
    const { length, x, y, generation, upTo } = input;
    this.#reserve(length);
    const [xs, ys] = [this.x, this.y];
    const xScale = (frame.right - frame.left) / (view.x.to - view.x.from);
    const yScale = (frame.bottom - frame.top) / (view.y.to - view.y.from);
    const { from: left } = view.x;
    const { from: low } = view.y;
    let unmoved = 0;
    let still = true;
    for (let i = 0; i < length; i++) {
      const oldX = xs[i];
      const oldY = ys[i];
      const shown = generation[i] <= upTo;
      xs[i] = shown ? frame.left + (x[i] - left) * xScale : NaN;
      ys[i] = shown ? frame.bottom - (y[i] - low) * yScale : NaN;
      still = still && i < this.length && same(xs[i], oldX) && same(ys[i], oldY);
      if (still) unmoved++;
    }
    this.length = length;
    this.unmoved = unmoved;
  }

  #reserve(length: number): void {
    if (this.x.length >= length) return;
    const [x, y] = [new Float32Array(length * 2), new Float32Array(length * 2)];
    x.set(this.x);
    y.set(this.y);
    this.x = x;
    this.y = y;
  }

  /** Index of the point nearest to a place, none farther than `radius`; -1 where there is none. */
  nearest(x: number, y: number, radius: number): number {
    let best = -1;
    let least = radius * radius;
    for (let i = 0; i < this.length; i++) {
      const dx = this.x[i] - x;
      const dy = this.y[i] - y;
      const distance = dx * dx + dy * dy;
      // Later points are drawn on top, so of two equally near ones the later is meant.
      if (distance <= least) {
        least = distance;
        best = i;
      }
    }
    return best;
  }
}

const same = (a: number, b: number): boolean => a === b || (a !== a && b !== b);
