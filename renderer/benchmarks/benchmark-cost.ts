/** What a benchmark will cost, by those that were run here before. */
import type { BenchmarkSummary } from '../../preload/contract.ts';

/** Fewer scorings than this say little about the next ones. */
const enough = 5;

/** How often a network is scored altogether. */
export function scoringsOf(networks: number, repeatability: boolean): number {
  return networks * (repeatability ? 3 : 1);
}

/** Seconds that this many scorings take, judging by the latest finished benchmark; null before the first. */
export function secondsOf(scorings: number, done: readonly BenchmarkSummary[]): number | null {
  for (const { state, settings, scored, seconds } of done) {
    if (state !== 'finished' || !settings || scored < enough || seconds <= 0) continue;
    return (seconds / scoringsOf(scored, settings.repeatability)) * scorings;
  }
  return null;
}
