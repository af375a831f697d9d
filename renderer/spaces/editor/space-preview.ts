/** Sizes of sampled networks as histograms. */
import { histogram } from '../../ground/statistics/histogram.ts';
import { medianOfSorted } from '../../../main/common/order-statistics.ts';

export interface SizeRange {
  readonly counts: readonly number[];
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Null without networks. */
export function sizeRange(values: readonly number[], bins: number): SizeRange | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const min = sorted[0]!;
  const max = sorted[sorted.length - 1]!;
  const median = medianOfSorted(sorted);
  return { counts: histogram(values, min, max, bins), min, median, max };
}
