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
  const random = xorshift(0x2545_f491 ^ runs.length);
  const sample = new Float64Array(runs.length);
  const medians = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < sample.length; i++) sample[i] = runs[random() % runs.length] ?? 0;
    sample.sort();
    medians[r] = medianOfSorted(sample);
  }
  medians.sort();
  return {
    low: medians[Math.floor(0.025 * (resamples - 1))],
    high: medians[Math.ceil(0.975 * (resamples - 1))],
  };
}

/** Marsaglia 2003, 32 bits. */
function xorshift(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0);
  };
}
