/** What a search will cost: how long by what was measured here before. */
import type { RunSummary, SearchSettings } from '../../preload/contract.ts';

export interface MeasuredRate {
  readonly secondsPerCandidate: number;
  /** The run it was taken from. */
  readonly name: string;
  readonly candidates: number;
}

/** Fewer candidates than this say little about the next ones. */
const enough = 5;

/**
 * The speed of the latest run of this computer that did the same work for each candidate: same space, same
 * images in a batch and batches, latency from the same source. Null when there is none.
 * @param folder where this computer's runs lie; a file from elsewhere reflects another machine's speed
 */
export function measuredRate(
  settings: SearchSettings,
  runs: readonly RunSummary[],
  folder: string,
): MeasuredRate | null {
  const alike = runs
    .filter((run) => {
      return (
        run.error === null &&
        run.path.startsWith(folder) &&
        run.evaluated + run.failed >= enough &&
        run.elapsedSeconds > 0 &&
        isEqualWork(run.settings, settings)
      );
    })
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  const latest = alike[0];
  if (!latest) return null;
  const candidates = latest.evaluated + latest.failed;
  return {
    secondsPerCandidate: latest.elapsedSeconds / candidates,
    name: latest.name,
    candidates,
  };
}

/** Whether candidates of both take as long here. */
export function isEqualWork(one: SearchSettings, other: SearchSettings): boolean {
  return (['space', 'batches', 'batchSize', 'latency'] as const).every(
    (key) => one[key] === other[key],
  );
}

/** Seconds that a search will take, as far as can be predicted. */
export function estimatedSeconds(
  planned: number | null,
  rate: Pick<MeasuredRate, 'secondsPerCandidate'> | null,
  limit: number | null,
): number | null {
  const byRate = planned !== null && rate !== null ? planned * rate.secondsPerCandidate : null;
  if (byRate === null) return null;
  return limit === null ? byRate : Math.min(byRate, limit);
}
