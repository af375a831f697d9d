/** Where every candidate stands on the screen. Typed arrays: this runs over all of them each frame. */
import type { Frame, View } from '../../ground/chart/axis.ts';

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
  /** How many of the first points did not move when points were placed last. */
  unmoved = 0;

  place(input: PointInput, view: View, frame: Frame): void {
    const { length, x, y, generation, upTo } = input;
    this.#reserve(length);
    const [xs, ys] = [this.x, this.y];
    const xScale = (frame.right - frame.left) / (view.x.to - view.x.from);
    const yScale = (frame.bottom - frame.top) / (view.y.to - view.y.from);
    const before = Math.min(this.length, length);
    let unmoved = before;
    for (let i = 0; i < length; i++) {
      const oldX = xs[i];
      const oldY = ys[i];
      if (generation[i]! > upTo) {
        xs[i] = NaN;
        ys[i] = NaN;
      } else {
        xs[i] = frame.left + (x[i]! - view.x.from) * xScale;
        ys[i] = frame.bottom - (y[i]! - view.y.from) * yScale;
      }
      // Two that are not numbers are the same.
      const movedX = xs[i] !== oldX && (xs[i] === xs[i] || oldX === oldX);
      const movedY = ys[i] !== oldY && (ys[i] === ys[i] || oldY === oldY);
      if ((movedX || movedY) && i < unmoved) unmoved = i;
    }
    this.length = length;
    this.unmoved = unmoved;
  }

  /** Where a candidate is, if it has a place. */
  at(index: number): { readonly x: number; readonly y: number } | null {
    const [x, y] = [this.x[index], this.y[index]];
    if (index >= this.length || x === undefined || y === undefined) return null;
    return Number.isNaN(x) || Number.isNaN(y) ? null : { x, y };
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
      const dx = this.x[i]! - x;
      const dy = this.y[i]! - y;
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
