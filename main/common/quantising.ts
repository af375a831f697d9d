/** How networks are quantised, in the words of the command line. */
import { z } from 'zod';

/** How the range of a value is chosen from its observed numbers. */
export const rangeMethods = ['min-max', 'percentile', 'least-error'] as const;
export type RangeMethod = (typeof rangeMethods)[number];

/** How ranges are found from the numbers that were seen. */
export interface RangeChoice {
  readonly method: RangeMethod;
  /** How many percent of the numbers are inside, for `percentile`. */
  readonly percentile: number;
}

/** What other images have beyond those that calibrated is cut off, and costs more than coarser steps do. */
export const usualRanges: RangeChoice = { method: 'min-max', percentile: 99.99 };

export const rangePercentile = { above: 50, to: 100 } as const;

export const rangeChoiceSchema = z.strictObject({
  method: z.enum(rangeMethods),
  percentile: z.number().gt(rangePercentile.above).max(rangePercentile.to),
});

/** Each method as a person chooses it. */
export const rangeLabels: Readonly<Record<RangeMethod, string>> = {
  'min-max': 'Minimum and maximum',
  percentile: 'Percentile',
  'least-error': 'Least error of rounding and clipping',
};
