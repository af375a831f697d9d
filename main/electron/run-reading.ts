/** What the window shows of a run file as a whole. */
import { statSync } from 'node:fs';
import path from 'node:path';
import type { RunProgress, RunState, RunSummary } from '../../preload/contract.ts';
import { reportOf } from '../errors.ts';
import type { RunStatus } from '../run/run-store.ts';
import { plannedCandidates } from '../common/planned-candidates.ts';
import type { Space } from '../space/space.ts';
import type { RunReader, Services } from './services.ts';

/** A file that says `running` while this app does not run it was left by a process that was killed. */
function stateOf(status: RunStatus): RunState {
  return status === 'finished' ? 'finished' : 'stopped';
}

export function summaryOf(reader: RunReader, run: string, file: string): RunSummary {
  const info = reader.info();
  const { evaluated, failed } = reader.counts();
  return {
    run,
    name: path.parse(file).name,
    path: file,
    state: stateOf(info.status),
    createdAt: info.createdAt,
    settings: info.settings,
    evaluated,
    failed,
    elapsedSeconds: info.elapsedSeconds,
    tags: [...reader.tags()],
    error: null,
  };
}

/** A damaged or newer file is listed as well, with an error that says what to do. */
export function unreadableSummary(
  services: Services,
  run: string,
  file: string,
  error: unknown,
): RunSummary {
  return {
    run,
    name: path.parse(file).name,
    path: file,
    state: 'failed',
    createdAt: changedAt(file),
    settings: services.defaultSettings,
    evaluated: 0,
    failed: 0,
    elapsedSeconds: 0,
    tags: [],
    error: reportOf(error),
  };
}

function changedAt(file: string): string {
  const { mtime } = statSync(file, { throwIfNoEntry: false }) ?? { mtime: new Date(0) };
  return mtime.toISOString();
}

/** Progress of a run that is not being searched. */
export function progressOf(reader: RunReader, run: string, space: Space): RunProgress {
  const info = reader.info();
  return {
    run,
    state: stateOf(info.status),
    revision: 0,
    ...reader.counts(),
    planned: plannedCandidates(info.settings, space.networks),
    phase: 'idle',
    measuring: null,
    confirmed: null,
    candidatesPerMinute: null,
    secondsLeft: null,
    elapsedSeconds: info.elapsedSeconds,
    scoring: info.scoring ?? null,
    computing: null,
    error: null,
  };
}
