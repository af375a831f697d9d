/**
 * What the scatter shows. Until a person zooms or pans it fits all points, growing only when one is outside;
 * afterwards it remains where they put it, whatever arrives.
 */
import type { Span } from '../../../main/common/ticks.ts';
import { carry, grow, pan, size, spanOf, zoomAt, type Frame, type View } from './axis.ts';

const empty: View = { x: { from: -1, to: 1 }, y: { from: 0, to: 1 } };

/** Range of the points in axis coordinates; null without points. */
export type PointRange =
  | (View & {
      /** The smallest extent of an axis, for when all its points have the same value. */
      readonly least?: { readonly x: number; readonly y: number };
    })
  | null;

export class Viewport {
  #fit: View = $state.raw(empty);
  #own: View | null = $state.raw(null);
  #known = false;

  get view(): View {
    return this.#own ?? this.#fit;
  }

  /** True once a person has zoomed or panned. */
  get moved(): boolean {
    return this.#own !== null;
  }

  /** New points of the same ranking: the fitted view may only grow. */
  pointsArrived(extent: PointRange): void {
    if (!extent) return;
    const wanted = padded(extent);
    if (this.#known) {
      const x = grow(this.#fit.x, wanted.x, extent.x);
      const y = grow(this.#fit.y, wanted.y, extent.y);
      if (x !== this.#fit.x || y !== this.#fit.y) this.#fit = { x, y };
    } else {
      this.#known = true;
      this.#fit = wanted;
    }
  }

  /** Another beta or cap shifts all scores: the view goes with them, on the axes that `moved` names. */
  valuesMoved(extent: PointRange, moved: { readonly x: boolean; readonly y: boolean }): void {
    if (!extent) return;
    const after = padded(extent);
    const fit = { x: moved.x ? after.x : this.#fit.x, y: moved.y ? after.y : this.#fit.y };
    if (this.#own && this.#known) {
      this.#own = {
        x: moved.x ? carry(this.#own.x, this.#fit.x, fit.x) : this.#own.x,
        y: moved.y ? carry(this.#own.y, this.#fit.y, fit.y) : this.#own.y,
      };
    }
    this.#fit = fit;
  }

  /** New axes have nothing in common with the previous ones. */
  axesChanged(extent: PointRange): void {
    this.#own = null;
    if (extent) this.#fit = padded(extent);
    this.#known = extent !== null;
  }

  /** Shows all points again. */
  fitAll(extent: PointRange): void {
    this.#own = null;
    if (extent) this.#fit = padded(extent);
  }

  zoom(frame: Frame, pointer: { x: number; y: number }, factor: number): void {
    this.#own = zoomAt(this.view, frame, pointer, factor, this.#fit);
  }

  pan(frame: Frame, dx: number, dy: number): void {
    this.#own = pan(this.view, frame, dx, dy);
  }

  /** Moves just enough that the point is inside; used when the keyboard walks out of the view. */
  reveal(x: number, y: number): void {
    const view = this.view;
    const moved = { x: holding(view.x, x), y: holding(view.y, y) };
    if (moved.x !== view.x || moved.y !== view.y) this.#own = moved;
  }
}

function holding(span: Span, at: number): Span {
  const margin = size(span) * 0.08;
  const shift =
    at < span.from + margin
      ? at - margin - span.from
      : at > span.to - margin
        ? at + margin - span.to
        : 0;
  const inside = at >= span.from && at <= span.to;
  return inside || shift === 0 ? span : { from: span.from + shift, to: span.to + shift };
}

function padded(extent: NonNullable<PointRange>): View {
  const { x, y, least = { x: 0.02, y: 1 } } = extent;
  return {
    x: spanOf(x.from, x.to, 0.06, least.x),
    y: spanOf(y.from, y.to, 0.08, least.y),
  };
}
