/** How long what is left of the queue takes, as far as earlier runs tell. */
import { plannedCandidates } from '../../../main/common/planned-candidates.ts';
import type { QueuedSearch, RunSummary, SpaceSummary } from '../../../preload/contract.ts';
import { estimatedSeconds, measuredRate } from '../estimate.ts';

export interface TimeLeft {
  /** Of the searches whose time is known. */
  readonly seconds: number;
  /** Searches whose time is not. */
  readonly unknown: number;
}

/**
 * @param left searches that wait or are at work
 * @param folder where this computer's runs lie
 */
export function timeLeft(
  left: readonly QueuedSearch[],
  runs: readonly RunSummary[],
  spaces: readonly SpaceSummary[],
  folder: string,
): TimeLeft {
  const done = new Map(runs.map((run) => [run.run, run]));
  let [seconds, unknown] = [0, 0];
  for (const { settings, run } of left) {
    const networks = spaces.find(({ name }) => name === settings.space)?.networks ?? Infinity;
    const planned = plannedCandidates(settings, networks);
    const begun = run === null ? undefined : done.get(run);
    const rest =
      planned === null
        ? null
        : Math.max(0, planned - (begun?.evaluated ?? 0) - (begun?.failed ?? 0));
    const limit =
      settings.seconds === null
        ? null
        : Math.max(0, settings.seconds - (begun?.elapsedSeconds ?? 0));
    const own =
      rest === null ? limit : estimatedSeconds(rest, measuredRate(settings, runs, folder), limit);
    if (own === null) unknown += 1;
    else seconds += own;
  }
  return { seconds, unknown };
}
