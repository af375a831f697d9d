/** A run that is kept only in memory, for a search whose candidates nobody will ask for later. */
import type { SearchSettings } from '../common/settings/index.ts';
import type { Candidate } from '../run/candidate.ts';
import type { RunCounts, RunInfo, RunStore } from '../run/run-store.ts';

export interface MemoryRun extends RunStore {
  /** In order of commitment. */
  readonly added: readonly Candidate[];
}

/** @param earlier candidates that the run begins with */
export function memoryRun(first: RunInfo, earlier: readonly Candidate[] = []): MemoryRun {
  const added = [...earlier];
  let info = first;
  return {
    path: 'memory',
    added,
    info: () => info,
    add(candidate, elapsedSeconds) {
      added.push(candidate);
      info = { ...info, elapsedSeconds };
    },
    candidates: (after = 0, most = Infinity) =>
      added
        .filter(({ id }) => id > after)
        .toSorted((a, b) => a.id - b.id)
        .slice(0, most),
    candidate: (id) => added.find((one) => one.id === id) ?? null,
    counts: () => runCountsOf(added),
    setScoring(scoring) {
      info = { ...info, scoring };
    },
    setStatus(status, elapsedSeconds) {
      info = { ...info, status, elapsedSeconds };
    },
    close() {},
  };
}

/** As a run file counts its candidates. */
export function runCountsOf(candidates: readonly Candidate[]): RunCounts {
  const failed = candidates.filter(({ status }) => status === 'failed').length;
  const generation = Math.max(0, ...candidates.map((candidate) => candidate.generation));
  return { evaluated: candidates.length - failed, failed, generation };
}

/** What is recorded about a run before its search begins. */
export function newRun(settings: SearchSettings): RunInfo {
  return {
    runId: '00000000-0000-4000-8000-000000000000',
    settings,
    dataDescription: '',
    productVersion: '',
    createdAt: '1970-01-01T00:00:00.000Z',
    status: 'running',
    elapsedSeconds: 0,
  };
}
