/** The axes of parallel coordinates: every measure and gene that differs between candidates. */
import { rangeBetween, type FilterRange } from '../../open-run/measures/filter.ts';
import { extentOf, naturallyLogarithmic, type Measure } from '../../open-run/measures/measures.ts';

export interface ParallelAxis {
  readonly measure: Measure;
  readonly low: number;
  readonly high: number;
  readonly logarithmic: boolean;
}

/** Axes of all measures; those with the same value everywhere say nothing and are left out. */
export function parallelAxes(measures: readonly Measure[], length: number): ParallelAxis[] {
  return measures.flatMap((measure): ParallelAxis[] => {
    const { choices, values, key } = measure;
    if (choices) {
      const low = choices[0]!;
      const high = choices.at(-1);
      return high === undefined || high <= low ? [] : [{ measure, low, high, logarithmic: false }];
    }
    const extent = extentOf(values, length);
    if (!extent || extent.high <= extent.low) return [];
    return [{ measure, ...extent, logarithmic: naturallyLogarithmic(key) && extent.low > 0 }];
  });
}

/** From 0 at the lowest value to 1 at the highest; NaN where there is no value. */
export function shareOf({ low, high, logarithmic }: ParallelAxis, value: number): number {
  return logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

/** The value at a share of the axis. */
export function valueAtShare({ low, high, logarithmic }: ParallelAxis, share: number): number {
  const inside = Math.max(0, Math.min(1, share));
  return logarithmic ? low * (high / low) ** inside : low + (high - low) * inside;
}

/** The range between two shares; of a gene, the choices in it. Null where it holds no choice. */
export function rangeAt(axis: ParallelAxis, a: number, b: number): FilterRange | null {
  const range = rangeBetween(valueAtShare(axis, a), valueAtShare(axis, b));
  const { choices } = axis.measure;
  if (!range || !choices) return range;
  // A value half a pixel short of a choice counts as that choice.
  const slack = (axis.high - axis.low) * 0.02;
  const within = choices.filter(
    (choice) => choice >= range.from - slack && choice <= range.to + slack,
  );
  return within.length === 0 ? null : { from: within[0]!, to: within[within.length - 1]! };
}

/** The range moved by keys: both ends, or the upper one alone; never beyond the axis and never inverted. */
export function stepRange(
  axis: ParallelAxis,
  range: FilterRange | null,
  step: 1 | -1,
  end: 'both' | 'upper',
): FilterRange {
  const { choices } = axis.measure;
  const now = range ?? { from: axis.low, to: axis.high };
  if (choices) {
    const at = (value: number): number => choices.findIndex((choice) => choice >= value);
    const cut = (i: number): number => Math.max(0, Math.min(choices.length - 1, i));
    const from = end === 'both' ? cut(at(now.from) + step) : at(now.from);
    return { from: choices[from]!, to: choices[Math.max(from, cut(at(now.to) + step))]! };
  }
  const moved = (value: number): number => valueAtShare(axis, shareOf(axis, value) + step * 0.05);
  const from = end === 'both' ? moved(now.from) : now.from;
  return { from, to: Math.max(from, moved(now.to)) };
}
