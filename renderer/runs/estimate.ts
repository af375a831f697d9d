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
      const { space, batches, batchSize, latency } = run.settings;
      return (
        run.error === null &&
        run.path.startsWith(folder) &&
        run.evaluated + run.failed >= enough &&
        run.elapsedSeconds > 0 &&
        space === settings.space &&
        batches === settings.batches &&
        batchSize === settings.batchSize &&
        latency === settings.latency
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
