/** The axes of parallel coordinates: every measure and gene that differs between candidates. */
import { rangeBetween, type FilterRange } from '../../open-run/measures/filter.ts';
import {
  extentOf,
  naturallyLogarithmic,
  type Measure,
  type MeasureKey,
} from '../../open-run/measures/measures.ts';

export interface ParallelAxis {
  readonly measure: Measure;
  readonly low: number;
  readonly high: number;
  readonly logarithmic: boolean;
  /** The lowest value stands at the top. */
  readonly inverted: boolean;
}

/** Axes of all measures; those with the same value everywhere say nothing and are left out. */
export function parallelAxes(
  measures: readonly Measure[],
  length: number,
  isInverted: (key: MeasureKey) => boolean = () => false,
): ParallelAxis[] {
  return measures.flatMap((measure): ParallelAxis[] => {
    const { choices, values, key } = measure;
    if (choices) {
      const low = choices[0]!;
      const high = choices.at(-1);
      return high === undefined || high <= low
        ? []
        : [{ measure, low, high, logarithmic: false, inverted: isInverted(key) }];
    }
    const extent = extentOf(values, length);
    if (!extent || extent.high <= extent.low) return [];
    const logarithmic = naturallyLogarithmic(key) && extent.low > 0;
    return [{ measure, ...extent, logarithmic, inverted: isInverted(key) }];
  });
}

/** From 0 at the foot of the axis to 1 at its top; NaN where there is no value. */
export function shareOf(axis: ParallelAxis, value: number): number {
  const risen = risenTo(axis, value);
  return axis.inverted ? 1 - risen : risen;
}

/** The value at a share of the axis. */
export function valueAtShare(axis: ParallelAxis, share: number): number {
  return valueRisen(axis, axis.inverted ? 1 - share : share);
}

/** From 0 at the lowest value to 1 at the highest, whichever way the axis stands. */
function risenTo({ low, high, logarithmic }: ParallelAxis, value: number): number {
  return logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

function valueRisen({ low, high, logarithmic }: ParallelAxis, risen: number): number {
  const inside = Math.max(0, Math.min(1, risen));
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
  // An end of the range may be open.
  const now = {
    from: Math.max(axis.low, range?.from ?? axis.low),
    to: Math.min(axis.high, range?.to ?? axis.high),
  };
  if (choices) {
    const at = (value: number): number => choices.findIndex((choice) => choice >= value);
    const cut = (i: number): number => Math.max(0, Math.min(choices.length - 1, i));
    const from = end === 'both' ? cut(at(now.from) + step) : at(now.from);
    return { from: choices[from]!, to: choices[Math.max(from, cut(at(now.to) + step))]! };
  }
  // A key means more or less, whichever way the axis stands.
  const moved = (value: number): number => valueRisen(axis, risenTo(axis, value) + step * 0.05);
  const from = end === 'both' ? moved(now.from) : now.from;
  return { from, to: Math.max(from, moved(now.to)) };
}
