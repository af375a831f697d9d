/**
 * What the command line needs of the workbench. main/workbench.ts provides it; the tests of this folder
 * provide a small one of their own.
 */
import type { Engine } from '../engine/engine.ts';
import type { Candidate, CandidateId } from '../search/candidate.ts';
import type { RunInfo } from '../search/run-store.ts';
import type { SearchSettings } from '../search/settings.ts';

/** What the machine does at this moment for a search. */
export type SearchPhase = 'preparing' | 'scoring' | 'measuring';

export interface SearchObserver {
  /** The candidate is committed to the run file. */
  candidateStored(candidate: Candidate): void;
  phaseChanged(phase: SearchPhase, generation: number): void;
}

/** What may differ from session to session of one run, because no result depends on it. */
export interface SessionOptions {
  /** Threads of the scoring engine; null lets the workbench choose. */
  readonly threads: number | null;
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

/** A run file opened for reading only: it takes no lock. */
export interface RunReader {
  info(): RunInfo;
  /** In id order. */
  candidates(): readonly Candidate[];
  close(): void;
}

export interface CliServices {
  /** A scoring engine of its own; null lets the workbench choose the number of threads. */
  openEngine(options: { readonly threads: number | null }): Promise<Engine>;
  /** Folder with the files that ship with the product. */
  readonly assetsFolder: string;
  /**
   * Creates the run file and starts. Throws WorkbenchError: `run-exists`, `disk-full`, settings that
   * the space or the data refuse.
   */
  startSearch(
    settings: SearchSettings,
    path: string,
    observer: SearchObserver,
    options: SessionOptions,
  ): Promise<RunningSearch>;
  /** Throws WorkbenchError: `run-in-use`, `not-a-run-file`, `newer-version`. */
  resumeSearch(
    path: string,
    observer: SearchObserver,
    options: SessionOptions,
  ): Promise<RunningSearch>;
  /** Throws WorkbenchError: `not-a-run-file`, `newer-version`, `run-damaged`. */
  openRunReadOnly(path: string): RunReader;
  /** Writes model.onnx and architecture.json into the folder; returns the files' names. */
  exportCandidate(run: string, id: CandidateId, folder: string): Promise<readonly string[]>;
  /** Ends child processes. */
  close(): Promise<void>;
}
