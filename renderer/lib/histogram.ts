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
    counts[bin]++;
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

/** Bins up to a little beyond the 95th percentile. */
export function latencyBins(runsMs: readonly number[], bins: number): LatencyBins {
  const sorted = [...runsMs].sort((a, b) => a - b);
  const low = sorted[0] ?? 0;
  const p95 = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? low;
  const high = low + Math.max((p95 - low) * 1.1, low * 1e-3, Number.MIN_VALUE);
  const inside = sorted.filter((value) => value <= high);
  return {
    counts: histogram(inside, low, high, bins),
    low,
    high,
    slower: sorted.length - inside.length,
  };
}
