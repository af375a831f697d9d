/**
 * A limit on latency. Where latencies are estimated the limit is met before anything is scored. Where they are
 * measured they are not known beforehand: networks that cannot be fast enough are skipped, and those measured
 * beyond the limit lose against everything that meets it (constraint domination).
 */
import type { Candidate, EvaluatedCandidate } from '../run/candidate.ts';
import type { Size } from './size.ts';

export class LatencyLimit {
  readonly #maxMs: number | null;
  /** The lowest that was measured. */
  #msPerMac: number | null = null;

  constructor(maxLatencyMs: number | null) {
    this.#maxMs = maxLatencyMs;
  }

  /** Learns from measurements. Called between generations, so that a resumed search learns the same. */
  learn(candidates: readonly Candidate[]): void {
    if (this.#maxMs === null) return;
    for (const candidate of candidates) {
      if (candidate.status !== 'evaluated' || candidate.macs === 0) continue;
      const { latency, macs } = candidate;
      if (latency === null || latency.conditions.estimate) continue;
      this.#msPerMac = Math.min(this.#msPerMac ?? Infinity, latency.latencyMs / macs);
    }
  }

  /**
   * The size with the latency at the best rate that was measured so far. Networks within it may turn out to be
   * even faster; that improves the rate, and larger ones are admitted.
   */
  expected(size: Size): Size {
    if (this.#msPerMac === null) return size;
    const byMacs = this.#msPerMac * size.macs;
    return { ...size, leastMs: Math.max(size.leastMs ?? 0, byMacs) };
  }

  /** How far a candidate exceeds the limit, as a share of it; 0 where it meets it. */
  violationOf({ latency }: EvaluatedCandidate): number {
    if (this.#maxMs === null || latency === null) return 0;
    return Math.max(latency.latencyMs / this.#maxMs - 1, 0);
  }
}
