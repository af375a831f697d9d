/**
 * What the window needs of the workbench. main/workbench.ts provides it; the tests of this folder
 * provide a small one of their own.
 */
import type { EngineIdentity } from '../engine/engine.ts';
import type { Graph, NetworkSummary } from '../graph/graph.ts';
import type { Candidate, CandidateId } from '../search/candidate.ts';
import type { RunInfo } from '../search/run-store.ts';
import type { SearchEvent } from '../search/search.ts';
import type { SearchSettings } from '../search/settings.ts';
import type { Space } from '../space/space.ts';

export interface RunningSearch {
  /** As stored when this session began. */
  readonly info: RunInfo;
  /** Ends the search after what is in flight; `finished` follows. May be called twice. */
  stop(): void;
  /** Resolves once the run file is closed. Rejects with the WorkbenchError that ended the search. */
  readonly finished: Promise<'stopped' | 'finished'>;
}

/** Hears a running search, possibly before its start has returned. */
export type SearchListener = (event: SearchEvent) => void;

/** A run file opened for reading only: it takes no lock and may be read while its search runs. */
export interface RunReader {
  info(): RunInfo;
  /** Without reading the candidates themselves; `generation` is the latest one, 0 in an empty run. */
  counts(): { readonly evaluated: number; readonly failed: number; readonly generation: number };
  /** Candidates with id > after, in id order; their layers may be missing. */
  candidates(after?: number): readonly Candidate[];
  candidate(id: CandidateId): Candidate | null;
  close(): void;
}

export interface Services {
  readonly productVersion: string;
  readonly engine: EngineIdentity;
  readonly defaultSettings: SearchSettings;
  /** Describes the images that ship with the product. */
  readonly embeddedData: string;
  readonly spaces: readonly Space[];
  /** Parameters, MACs and layers of a network. */
  readonly summarise: (graph: Graph) => NetworkSummary;
  /** Looks at a folder or file of images. Throws WorkbenchError where it holds none. */
  describeData(path: string): Promise<string>;
  /**
   * Creates the run file and starts. Resolves when the file exists and is locked by this search.
   * Throws WorkbenchError: `run-exists`, `disk-full`, settings the space or the data refuse.
   */
  startSearch(
    settings: SearchSettings,
    path: string,
    onEvent: SearchListener,
  ): Promise<RunningSearch>;
  /** Goes on with a stored run. Throws WorkbenchError: `run-in-use`, `not-a-run-file`, `newer-version`. */
  resumeSearch(path: string, onEvent: SearchListener): Promise<RunningSearch>;
  /** Throws WorkbenchError: `not-a-run-file`, `newer-version`, `run-damaged`. */
  openRunReadOnly(path: string): RunReader;
  /** Writes model.onnx and architecture.json into the folder; returns the files' names. */
  exportCandidate(run: string, id: CandidateId, folder: string): Promise<readonly string[]>;
  /** Ends child processes. Every search has finished before. */
  close(): Promise<void>;
}
