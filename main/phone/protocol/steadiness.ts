/** Which repeats count, and which are put back into the queue. Pure. */
import { percentile } from '../../latency/percentiles.ts';
import type { CoreCluster } from '../conditions-record.ts';
import type { GateSettings, Repeat, RequeueReason } from '../measurement.ts';

/** Medians of repeats and frequencies that are further apart than this are not of one state of the phone. */
export const driftLimit = 0.05;

/** What was wrong with one repeat by itself; null where nothing was. */
export function faultOf(
  repeat: Omit<Repeat, 'discarded'>,
  cores: CoreCluster,
  { maxThermalStatus }: Pick<GateSettings, 'maxThermalStatus'>,
): RequeueReason | null {
  const { before, after } = repeat;
  const hot = [before, after].some(({ thermalStatus }) => (thermalStatus ?? 0) > maxThermalStatus);
  if (hot) return 'thermal-status';
  const fell = (from: readonly (number | null)[], to: readonly (number | null)[]): boolean =>
    cores.cores.some((core) => (to[core] ?? Infinity) < (1 - driftLimit) * (from[core] ?? 0));
  // The limit of a core tells of throttling even where it idles again when it is looked at.
  const limits = fell(before.coreLimitKHz, after.coreLimitKHz);
  return limits || fell(repeat.coreKHzBefore, repeat.coreKHzAfter) ? 'frequency-fell' : null;
}

/**
 * @returns the place of the repeat to measure again, because medians of those that count are too far apart:
 *   the one furthest from their median; null where they agree
 */
export function driftingRepeat(repeats: readonly Repeat[]): number | null {
  const counting = repeats
    .map(({ latenciesMs, discarded }, place) => ({ place, discarded, latenciesMs }))
    .filter(({ discarded }) => discarded === null)
    .map(({ place, latenciesMs }) => ({ place, median: percentile(latenciesMs, 0.5) }));
  if (counting.length < 2) return null;
  const medians = counting.map(({ median }) => median);
  const least = Math.min(...medians);
  if (Math.max(...medians) - least <= driftLimit * least) return null;
  const middle = percentile(medians, 0.5);
  const distance = ({ median }: { median: number }) => Math.abs(median - middle);
  return counting.reduce((far, one) => (distance(one) > distance(far) ? one : far)).place;
}

/**
 * The end of a measurement that did not become steady: what was put aside counts again, all of it, so that
 * nothing flatters the figure.
 */
export function unsteady(repeats: readonly Repeat[]): {
  readonly repeats: readonly Repeat[];
  readonly reasons: readonly RequeueReason[];
} {
  const reasons = repeats.flatMap(({ discarded }) => (discarded === null ? [] : [discarded]));
  return {
    repeats: repeats.map((repeat) => ({ ...repeat, discarded: null })),
    reasons: [...new Set(reasons)],
  };
}
