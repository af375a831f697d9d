/** How fast a search is and how long it will take, judging by its latest candidates. */

export interface RateMeter {
  /** Notes that a candidate has finished. @param nowMs of a monotonic clock */
  record(nowMs: number): void;
  /** Candidates per minute over the window, null before the first. */
  perMinute(): number | null;
  /** Seconds that this many more candidates take at that rate; null before the first. */
  secondsLeft(remaining: number): number | null;
}

/**
 * Rate over a moving window of recent candidates: networks differ in cost and a search drifts towards
 * cheap or dear ones, so an average over the whole run would lag behind.
 * @param startMs when the first candidate was begun, on the same clock as `record`
 * @param window number of recent candidates that count
 */
export function createRateMeter(startMs: number, window = 20): RateMeter {
  const finishedMs = [startMs];
  const perMinute = (): number | null => {
    const finished = finishedMs.length - 1;
    const elapsedMs = finishedMs[finished]! - finishedMs[0]!;
    return finished === 0 || elapsedMs <= 0 ? null : (finished / elapsedMs) * 60_000;
  };
  return {
    record(nowMs) {
      finishedMs.push(nowMs);
      if (finishedMs.length > window + 1) finishedMs.shift();
    },
    perMinute,
    secondsLeft(remaining) {
      const rate = perMinute();
      return rate === null ? null : (Math.max(remaining, 0) / rate) * 60;
    },
  };
}
