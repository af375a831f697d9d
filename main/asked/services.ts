/**
 * What command line and library need of the workbench, which main/workbench.ts describes; tests of the command line
 * provide a small one of their own.
 */
import type { RunFile } from '../run/run-store.ts';
import type { RunningSearch, SearchListener, Workbench } from '../workbench.ts';

export type { SessionOptions } from '../workbench.ts';
export type { SearchListener };

export type AskedRunningSearch = Pick<RunningSearch, 'info' | 'planned' | 'stop' | 'finished'>;

/** What can be read from a run. */
export type AskedRunReader = Pick<
  RunFile,
  'info' | 'candidates' | 'counts' | 'tags' | 'extras' | 'trained' | 'withoutDigest' | 'close'
>;

export interface AskedServices extends Pick<
  Workbench,
  | 'openEngine'
  | 'startScoring'
  | 'scoreModel'
  | 'measureModel'
  | 'measureOnPhone'
  | 'exportCandidate'
  | 'scoreNetwork'
  | 'giveZico'
  | 'exportNetwork'
  | 'attachTrained'
  | 'detachTrained'
  | 'inspectData'
  | 'readPhones'
  | 'close'
> {
  readonly farms: Pick<Workbench['farms'], 'openWorker' | 'status' | 'watch'>;
  startSearch(...args: Parameters<Workbench['startSearch']>): Promise<AskedRunningSearch>;
  resumeSearch(...args: Parameters<Workbench['resumeSearch']>): Promise<AskedRunningSearch>;
  openRunReadOnly(path: string): AskedRunReader;
}
