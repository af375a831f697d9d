/** What went wrong on a farm, put together by reason: hundreds of workers may say the same. */
import type { WorkerRecord } from './farm.ts';

/** Workers that get nothing of a search, and why. */
export interface UnfitWorkers {
  readonly why: string;
  readonly workers: readonly string[];
}

export function unfitByReason(
  unfit: readonly { readonly worker: string; readonly why: string }[],
): readonly UnfitWorkers[] {
  const reasons = [...new Set(unfit.map(({ why }) => why))];
  return reasons.map((why) => ({
    why,
    workers: unfit.filter((one) => one.why === why).map(({ worker }) => worker),
  }));
}

/** By name where they are few. */
export function workersText(workers: readonly string[]): string {
  return workers.length > 3
    ? `${workers.length} workers`
    : new Intl.ListFormat('en').format(workers);
}

export function getNothingText(workers: readonly string[]): string {
  return `${workersText(workers)} ${workers.length === 1 ? 'gets' : 'get'} nothing`;
}

/** Failures of all workers by their code, the most frequent first. */
export function failuresByReason(
  workers: readonly Pick<WorkerRecord, 'reasons'>[],
): readonly (readonly [reason: string, count: number])[] {
  const reasons = new Map<string, number>();
  for (const worker of workers) {
    for (const [reason, count] of Object.entries(worker.reasons))
      reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  }
  return [...reasons].sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
}
