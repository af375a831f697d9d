import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { medianOfSorted } from './median.ts';

/**
 * 95 % interval of a median by the percentile bootstrap (Efron and Tibshirani 1993, chapter 13): the
 * 2.5th and 97.5th percentile of the medians of resampled runs. The same runs give the same interval.
 * @returns null for fewer than five runs, which say nothing about a spread
 */
export function medianInterval(
  runs: readonly number[],
  resamples = 1000,
): { readonly low: number; readonly high: number } | null {
  if (runs.length < 5) return null;
  const random = xoroshiro128plus(runs.length);
  const last = runs.length - 1;
  const sample = new Float64Array(runs.length);
  const medians = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < sample.length; i++) sample[i] = runs[uniformInt(random, 0, last)]!;
    sample.sort();
    medians[r] = medianOfSorted(sample);
  }
  medians.sort();
  return {
    low: medians[Math.floor(0.025 * (resamples - 1))]!,
    high: medians[Math.ceil(0.975 * (resamples - 1))]!,
  };
}
