/** Counts of values in equal bins; the value `high` falls into the last one. */
export function histogram(
  values: readonly number[],
  low: number,
  high: number,
  bins: number,
): number[] {
  const counts = new Array<number>(bins).fill(0);
  const scale = bins / (high - low || 1);
  for (const value of values) {
    const bin = Math.max(0, Math.min(bins - 1, Math.floor((value - low) * scale)));
    counts[bin]!++;
  }
  return counts;
}

export interface LatencyBins {
  readonly counts: readonly number[];
  readonly low: number;
  readonly high: number;
  /** Runs beyond `high`, which are named rather than drawn: one of them would flatten the rest. */
  readonly slower: number;
}

/** From the quickest run to a little beyond the 95th percentile, so that one slow run does not flatten the rest. */
export function latencyScale(runsMs: readonly number[]): Pick<LatencyBins, 'low' | 'high'> {
  const sorted = [...runsMs].sort((a, b) => a - b);
  const low = sorted[0] ?? 0;
  const p95 = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? low;
  return { low, high: low + Math.max((p95 - low) * 1.1, low * 1e-3, Number.MIN_VALUE) };
}

export function latencyBins(runsMs: readonly number[], bins: number): LatencyBins {
  const { low, high } = latencyScale(runsMs);
  const inside = runsMs.filter((value) => value <= high);
  return {
    counts: histogram(inside, low, high, bins),
    low,
    high,
    slower: runsMs.length - inside.length,
  };
}
