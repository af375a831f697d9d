/** What a benchmark will cost, by those that were run here before. */
import type { BenchmarkSettings, BenchmarkSummary } from '../../preload/contract.ts';

/** Fewer scorings than this say little about the next ones. */
const enough = 5;

/** How often a network is scored altogether. */
export function scoringsOf(
  networks: number,
  { repeatability, draws }: Pick<BenchmarkSettings, 'repeatability' | 'draws'>,
): number {
  return networks * (draws + (repeatability ? 2 : 0));
}

/** Seconds that this many scorings take, judging by the latest finished benchmark of the space; null before the first. */
export function secondsOf(
  scorings: number,
  space: BenchmarkSettings['space'],
  done: readonly BenchmarkSummary[],
): number | null {
  for (const { state, settings, scored, seconds } of done) {
    if (state !== 'finished' || settings?.space !== space) continue;
    if (scored < enough || seconds <= 0) continue;
    return (seconds / scoringsOf(scored, settings)) * scorings;
  }
  return null;
}
