/**
 * What the command line needs of the workbench. main/workbench.ts provides it; the tests of this folder
 * provide a small one of their own.
 */
import type { Engine, EngineName } from '../engine/engine.ts';
import type { CandidateId } from '../search/candidate.ts';
import type { RunInfo, RunStore } from '../search/run-store.ts';
import type { SearchEvent } from '../search/search.ts';
import type { SearchSettings } from '../search/settings.ts';
import type { DataChoice } from '../task/data-source.ts';
import type { Inspection } from '../task/inspect-dataset.ts';

/** What may differ from session to session of one run, because no result depends on it. */
export interface SessionOptions {
  /** Threads of the scoring engine; null lets the workbench choose. */
  readonly threads: number | null;
  /** onnxruntime unless said otherwise. */
  readonly engine?: EngineName;
}

export interface RunningSearch {
  /** As stored when this session began. */
  readonly info: RunInfo;
  /** How many candidates the budget allows; null where only time limits the search. */
  readonly planned: number | null;
  /** Ends the search soon; `finished` follows. May be called twice. */
  stop(): void;
  /** Resolves once the run file is closed. Rejects with the WorkbenchError that ended the search. */
  readonly finished: Promise<'stopped' | 'finished'>;
}

export type SearchListener = (event: SearchEvent) => void;

export interface CliServices {
  /** A scoring engine of its own; the caller closes it. */
  openEngine(options: SessionOptions): Engine;
  /**
   * Creates the run file and starts. Throws WorkbenchError: `run-exists`, `disk-full`, settings that
   * the space or the data refuse.
   */
  startSearch(
    settings: SearchSettings,
    path: string,
    onEvent: SearchListener,
    session: SessionOptions,
  ): Promise<RunningSearch>;
  /** Throws WorkbenchError: `run-in-use`, `not-a-run-file`, `newer-version`, `data-changed`. */
  resumeSearch(
    path: string,
    onEvent: SearchListener,
    session: SessionOptions,
  ): Promise<RunningSearch>;
  /** Throws WorkbenchError: `not-a-run-file`, `newer-version`, `run-damaged`. */
  openRunReadOnly(path: string): Pick<RunStore, 'info' | 'candidates' | 'close'>;
  /** Writes model.onnx and architecture.json into the folder; returns the files' names. */
  exportCandidate(run: string, id: CandidateId, folder: string): Promise<readonly string[]>;
  /** Says what a file or folder holds; decodes `check` of its images. Throws what opening it throws. */
  inspectData(choice: DataChoice, check: number, signal?: AbortSignal): Promise<Inspection>;
  /** Stops what runs and ends child processes. */
  close(): Promise<void>;
}
