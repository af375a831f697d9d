/**
 * Axis mathematics of the scatter. A span is a stretch of an axis in its own coordinates: the score
 * itself, or log10 of the cost. Everything here is pure; pixels grow to the right and downwards.
 */
import type { Span, Tick } from '../../../main/common/ticks.ts';

/** What the scatter shows. */
export interface View {
  readonly x: Span;
  readonly y: Span;
}

/** The plotting area in pixels. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const size = (span: Span): number => span.to - span.from;

export const xToPixel = (view: View, frame: Frame, at: number): number =>
  frame.left + ((at - view.x.from) / size(view.x)) * (frame.right - frame.left);

export const yToPixel = (view: View, frame: Frame, at: number): number =>
  frame.bottom - ((at - view.y.from) / size(view.y)) * (frame.bottom - frame.top);

export const pixelToX = (view: View, frame: Frame, pixel: number): number =>
  view.x.from + ((pixel - frame.left) / (frame.right - frame.left)) * size(view.x);

export const pixelToY = (view: View, frame: Frame, pixel: number): number =>
  view.y.from + ((frame.bottom - pixel) / (frame.bottom - frame.top)) * size(view.y);

/** The span of the values, with `pad` of its size added at each end; never empty. */
export function spanOf(from: number, to: number, pad: number, smallest: number): Span {
  const extent = Math.max(to - from, smallest);
  const middle = (from + to) / 2;
  const half = extent / 2 + extent * pad;
  return { from: middle - half, to: middle + half };
}

/** This share of the room around the values is left to them: a mark at the very edge would be half hidden. */
const leastRoom = 0.3;

/** Moves only the end that the values (`inner`) have passed or come close to, to its place in `wanted`. */
export function grow(span: Span, wanted: Span, inner: Span): Span {
  const low = inner.from - (inner.from - wanted.from) * leastRoom < span.from;
  const high = inner.to + (wanted.to - inner.to) * leastRoom > span.to;
  if (!low && !high) return span;
  return { from: low ? wanted.from : span.from, to: high ? wanted.to : span.to };
}

/** How far a view may be zoomed out or in, relative to the one that fits everything. */
const widest = 4;
const narrowest = 1e-3;

function scaleSpan(span: Span, around: number, factor: number, fit: Span): Span {
  const wanted = size(span) * factor;
  const extent = Math.min(size(fit) * widest, Math.max(size(fit) * narrowest, wanted));
  const real = extent / size(span);
  return { from: around + (span.from - around) * real, to: around + (span.to - around) * real };
}

/** Zooms by `factor` (below 1: closer) so that the point under the pointer remains there. */
export function zoomAt(
  view: View,
  frame: Frame,
  pointer: { readonly x: number; readonly y: number },
  factor: number,
  fit: View,
): View {
  return {
    x: scaleSpan(view.x, pixelToX(view, frame, pointer.x), factor, fit.x),
    y: scaleSpan(view.y, pixelToY(view, frame, pointer.y), factor, fit.y),
  };
}

/** Moves the view with the pointer. */
export function pan(view: View, frame: Frame, dx: number, dy: number): View {
  const x = (-dx / (frame.right - frame.left)) * size(view.x);
  const y = (dy / (frame.bottom - frame.top)) * size(view.y);
  return {
    x: { from: view.x.from + x, to: view.x.to + x },
    y: { from: view.y.from + y, to: view.y.to + y },
  };
}

/**
 * The same part of an axis after its values moved: another beta shifts all scores, and a zoomed
 * view has to go with them or it would look at nothing.
 */
export function carry(span: Span, before: Span, after: Span): Span {
  const ratio = size(after) / size(before);
  return {
    from: after.from + (span.from - before.from) * ratio,
    to: after.from + (span.to - before.from) * ratio,
  };
}

/** Ticks at the choices of a gene within the span, as many as are at least `gap` pixels apart. */
export function choiceTicks(
  choices: readonly number[],
  span: Span,
  pixels: number,
  gap: number,
  logarithmic: boolean,
): Tick[] {
  const ticks: Tick[] = [];
  for (const value of choices) {
    const at = logarithmic ? Math.log10(value) : value;
    if (!(at >= span.from && at <= span.to)) continue;
    const last = ticks.at(-1);
    if (last && ((at - last.at) / size(span)) * pixels < gap) continue;
    ticks.push({ at, value });
  }
  return ticks;
}
