/** The figures of a measurement, computed from its repeats. Pure. */
import { latencyInterval } from '../../latency/interval.ts';
import { percentile } from '../../latency/percentiles.ts';

export interface Figures {
  readonly medianMs: number;
  /** Null for a single repeat. */
  readonly intervalMs: readonly [number, number] | null;
  readonly p90Ms: number;
  readonly minMs: number;
}

/** @param repeats latencies of each repeat, at least one of at least one */
export function latencyFigures(repeats: readonly (readonly number[])[]): Figures {
  const all = repeats.flat();
  const interval = latencyInterval(repeats);
  return {
    medianMs: percentile(all, 0.5),
    intervalMs: interval && [interval.lowMs, interval.highMs],
    p90Ms: percentile(all, 0.9),
    minMs: Math.min(...all),
  };
}
