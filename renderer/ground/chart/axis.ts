/**
 * Axis mathematics of the scatter. A span is a stretch of an axis in its own coordinates: the score
 * itself, or log10 of the cost. Everything here is pure; pixels grow to the right and downwards.
 */

export interface Span {
  readonly from: number;
  readonly to: number;
}

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

export interface Tick {
  /** In axis coordinates. */
  readonly at: number;
  /** The value a person reads there. */
  readonly value: number;
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

/** Moves only the end that the values (`inner`) went beyond, to where `wanted` has it. */
export function grow(span: Span, wanted: Span, inner: Span): Span {
  if (inner.from >= span.from && inner.to <= span.to) return span;
  return {
    from: inner.from < span.from ? wanted.from : span.from,
    to: inner.to > span.to ? wanted.to : span.to,
  };
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

/** Zooms by `factor` (below 1: closer) so that what lies under the pointer stays there. */
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

/** Ticks at round values, at least `gap` pixels apart. */
export function linearTicks(span: Span, pixels: number, gap: number): Tick[] {
  const rough = (size(span) / Math.max(1, pixels)) * gap;
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough * 0.999) ?? 10 * power;
  const ticks: Tick[] = [];
  for (let k = Math.ceil(span.from / step); k * step <= span.to; k++) {
    const value = Number((k * step).toPrecision(12));
    ticks.push({ at: value, value });
  }
  return ticks;
}

/** Mantissas in the order in which they get a tick: the rounder, the earlier. */
const roundness: readonly (readonly number[])[] = [
  [1],
  [2, 5],
  [3, 7],
  [4, 6, 8, 9],
  [1.5, 2.5],
  [1.2, 1.4, 1.6, 1.8],
  [3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5],
  Array.from({ length: 90 }, (_, i) => 1 + i / 10),
  Array.from({ length: 900 }, (_, i) => 1 + i / 100),
];

/** Ticks of a logarithmic axis (`span` in log10): round values, at least `gap` pixels apart. */
export function logTicks(span: Span, pixels: number, gap: number): Tick[] {
  const perUnit = pixels / size(span);
  if (!Number.isFinite(perUnit)) return [];
  const ticks: Tick[] = [];
  const firstDecade = Math.floor(span.from);
  const lastDecade = Math.ceil(span.to);
  for (const mantissas of roundness) {
    // A finer level is only worth its clutter while the axis is still thinly marked.
    if (ticks.length >= Math.max(2, pixels / gap / 3)) break;
    for (let decade = firstDecade; decade <= lastDecade; decade++) {
      for (const mantissa of mantissas) {
        const at = decade + Math.log10(mantissa);
        if (at < span.from || at > span.to) continue;
        if (ticks.some((tick) => Math.abs(tick.at - at) * perUnit < gap)) continue;
        ticks.push({ at, value: Number((mantissa * 10 ** decade).toPrecision(6)) });
      }
    }
  }
  return ticks.sort((a, b) => a.at - b.at);
}

/** How an axis is read: in log10 or as it is, and what its values are divided by before they are written. */
export interface Scale {
  readonly logarithmic: boolean;
  readonly divisor: number;
}

/** Ticks at values that are round in the unit of the scale, `at` in the coordinates of the span. */
export function scaledTicks(
  span: Span,
  pixels: number,
  gap: number,
  { logarithmic, divisor }: Scale,
): Tick[] {
  if (logarithmic) {
    const shift = Math.log10(divisor);
    const shifted = { from: span.from - shift, to: span.to - shift };
    return logTicks(shifted, pixels, gap).map(({ at, value }) => ({ at: at + shift, value }));
  }
  const divided = { from: span.from / divisor, to: span.to / divisor };
  return linearTicks(divided, pixels, gap).map(({ value }) => ({ at: value * divisor, value }));
}

/** Ticks at the choices of a gene that lie in the span, as many as stay `gap` pixels apart. */
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
