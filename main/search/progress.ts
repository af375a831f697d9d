/** How fast a search is and how long it will take, judging by its latest candidates. */

export interface RateMeter {
  /** Notes that a candidate has finished. @param nowMs of a monotonic clock */
  record(nowMs: number): void;
  /** Candidates per minute over the window, null before the first. */
  perMinute(): number | null;
  /** Seconds that this many more candidates take at that rate; null before the first. */
  secondsLeft(remaining: number): number | null;
}

/** So many have to be finished before the time between them says more than the time since the start. */
const enoughBetween = 4;

/**
 * Rate over a moving window of recent candidates: networks differ in cost and a search drifts towards
 * cheap or dear ones, so an average over the whole run would lag behind. The start counts only until a few have
 * finished, since what is prepared before the first would look like a slow search.
 * @param startMs when the first candidate was begun, on the same clock as `record`
 * @param window number of recent candidates that count
 */
export function createRateMeter(startMs: number, window = 20): RateMeter {
  const finishedMs = [startMs];
  let recorded = 0;
  const perMinute = (): number | null => {
    const finished = finishedMs.length - 1;
    const elapsedMs = finishedMs[finished]! - finishedMs[0]!;
    return finished === 0 || elapsedMs <= 0 ? null : (finished / elapsedMs) * 60_000;
  };
  return {
    record(nowMs) {
      finishedMs.push(nowMs);
      recorded += 1;
      if (recorded === enoughBetween || finishedMs.length > window + 1) finishedMs.shift();
    },
    perMinute,
    secondsLeft(remaining) {
      const rate = perMinute();
      return rate === null ? null : (Math.max(remaining, 0) / rate) * 60;
    },
  };
}
