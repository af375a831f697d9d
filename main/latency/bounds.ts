/** Between which durations a latency lies, by whatever is known of its error. */
import type { LatencyBounds } from '../common/latency-bounds.ts';
import { meantCoverage } from '../common/measuring.ts';

/** A latency, or what of it says how far it may be off. */
interface Erring {
  readonly latencyMs: number;
  readonly conditions: {
    readonly interval?:
      | { readonly ms: readonly [number, number] | null; readonly covers?: number | undefined }
      | undefined;
    readonly phone?:
      | {
          readonly intervalMs: readonly [number, number] | null;
          readonly unsteady: readonly string[];
        }
      | undefined;
    readonly host?: { readonly unsteady: readonly string[] } | undefined;
    readonly estimate?:
      { readonly p90Percent: number; readonly withinMeasuredRange: boolean } | undefined;
  };
}

/**
 * The interval of what was measured, nine-in-ten bounds of what was estimated; null where nothing is known: a single
 * repeat, or this computer before 0.2.
 */
export function boundsOf({ latencyMs, conditions }: Erring): LatencyBounds | null {
  const { interval, phone, estimate } = conditions;
  const between = (
    ms: readonly [number, number] | null,
    basis: LatencyBounds['basis'],
  ): LatencyBounds | null => ms && { lowMs: ms[0], highMs: ms[1], basis };
  if (interval) {
    const holds = (interval.covers ?? meantCoverage) >= meantCoverage;
    const basis = holds ? 'interval' : 'virtual machine';
    return between(interval.ms, wasUnfit(reasonsOf({ conditions })) ? 'unsteady' : basis);
  }
  if (phone) return between(phone.intervalMs, 'interval of 0.1');
  if (!estimate) return null;
  const factor = 1 + estimate.p90Percent / 100;
  return between([latencyMs / factor, latencyMs * factor], 'estimate');
}

/** Why a figure never became steady; empty where it did, and where nothing was measured. */
function reasonsOf({ conditions: { phone, host } }: Pick<Erring, 'conditions'>): readonly string[] {
  return (phone ?? host)?.unsteady ?? [];
}

/**
 * True where the device was not fit to be measured: more repeats would not have helped.
 * @param unsteady why a figure never became steady
 */
export const wasUnfit = (unsteady: readonly string[]): boolean =>
  unsteady.some((reason) => reason !== 'interval-not-reached');

/** True where a figure never became steady, or an estimate lies outside of what was measured. */
export function isDoubtful(latency: Pick<Erring, 'conditions'>): boolean {
  return (
    reasonsOf(latency).length > 0 || latency.conditions.estimate?.withinMeasuredRange === false
  );
}
