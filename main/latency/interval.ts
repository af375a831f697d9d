/**
 * How far the median of a latency may lie from what later measurements of the same network find. Runs of one
 * repeat resemble each other, so that an interval comes from the medians of repeats. Pure.
 */
import { mostMilliseconds } from '../common/latency-content.ts';
import { meantCoverage } from '../common/measuring.ts';
import { percentile } from './percentiles.ts';

/** Student's t for 95 %, by degrees of freedom from 1 on; beyond the last one the last one is close enough. */
const studentT = [
  ...[12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228],
  ...[2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086],
];
/**
 * Repeats follow each other within seconds and share what changes more slowly: that part of their variance does
 * not shrink with their number. Both constants were found on simulated and real repeats (docs/validation.md).
 */
const sharedVariance = 0.15;
/** Standard deviation, of the logarithm, between measurements apart in time on a device that shows none within one. */
const betweenMeasurements = 0.015;
/** Fewer repeats tell too little of how far they scatter for the first good look to end a measurement. */
export const leastRepeats = 4;

export interface LatencyInterval {
  readonly lowMs: number;
  readonly highMs: number;
  /** Half of its width, as a share of the median. */
  readonly halfWidth: number;
}

/**
 * The interval that 95 of 100 medians of later measurements should lie in: Student's, of the logarithms of the
 * repeats' medians, about the median of all runs.
 * @param repeats latencies of each repeat that counts; at least one run each, all above 0
 * @returns null for a single repeat, which says nothing of how repeats differ
 */
export function latencyInterval(repeats: readonly (readonly number[])[]): LatencyInterval | null {
  const n = repeats.length;
  if (n < 2) return null;
  const logarithms = repeats.map((runs) => Math.log(percentile(runs, 0.5)));
  const mean = logarithms.reduce((sum, x) => sum + x, 0) / n;
  const variance = logarithms.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  const t = studentT[Math.min(n - 1, studentT.length) - 1]!;
  const within = t ** 2 * variance * (1 / n + sharedVariance);
  const distance = Math.sqrt(within + (1.96 * betweenMeasurements) ** 2);
  const median = percentile(repeats.flat(), 0.5);
  // Two repeats that differ fiftyfold say nothing: what follows from them is no figure that a run can hold.
  const highMs = Math.min(median * Math.exp(distance), mostMilliseconds);
  const lowMs = median * Math.exp(-distance);
  return { lowMs, highMs, halfWidth: (highMs - lowMs) / 2 / median };
}

/** As it goes along with a latency. */
export interface StatedInterval {
  /** Null where there was a single repeat. */
  readonly ms: readonly [number, number] | null;
  /** The half-width that was asked for, as a share of the median; null where the number of repeats was fixed. */
  readonly asked: number | null;
  /** False where as many repeats as may be did not suffice for what was asked. */
  readonly reached: boolean;
  /** The share of medians of later measurements that such intervals held; what they are meant to hold where absent. */
  readonly covers?: number;
}

/**
 * @param repeats latencies of each repeat that counts
 * @param covers what such intervals were found to hold
 */
export function statedInterval(
  repeats: readonly (readonly number[])[],
  asked: number | null,
  covers = meantCoverage,
): StatedInterval {
  const known = latencyInterval(repeats);
  const reached = asked === null || (known !== null && known.halfWidth <= asked);
  const ms = known && ([known.lowMs, known.highMs] as const);
  return { ms, asked, reached, ...(covers < meantCoverage && { covers }) };
}
