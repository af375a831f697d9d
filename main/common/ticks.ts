/** Ticks of an axis at round values, for the charts of the window and of the report. */

/** A stretch of an axis in its own coordinates: the value itself, or its log10. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Tick {
  /** In axis coordinates. */
  readonly at: number;
  /** The value to write there. */
  readonly value: number;
}

const size = (span: Span): number => span.to - span.from;

/**
 * Ticks at round values, at least `gap` pixels apart. None if the span is too small relative to its values to
 * tell them apart.
 */
export function linearTicks(span: Span, pixels: number, gap: number): Tick[] {
  const rough = (size(span) / Math.max(1, pixels)) * gap;
  const largest = Math.max(Math.abs(span.from), Math.abs(span.to));
  if (!(rough > largest * 1e-11) || !Number.isFinite(rough)) return [];
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

/** How an axis is labelled: as log10 or linear, and what values are divided by before they are written. */
export interface AxisScale {
  readonly logarithmic: boolean;
  readonly divisor: number;
}

/** Ticks at values that are round in the unit of the scale, `at` in the coordinates of the span. */
export function scaledTicks(
  span: Span,
  pixels: number,
  gap: number,
  { logarithmic, divisor }: AxisScale,
): Tick[] {
  if (logarithmic) {
    const shift = Math.log10(divisor);
    const shifted = { from: span.from - shift, to: span.to - shift };
    return logTicks(shifted, pixels, gap).map(({ at, value }) => ({ at: at + shift, value }));
  }
  const divided = { from: span.from / divisor, to: span.to / divisor };
  return linearTicks(divided, pixels, gap).map(({ value }) => ({ at: value * divisor, value }));
}
