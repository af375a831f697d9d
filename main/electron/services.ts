/**
 * What the window needs of the workbench. main/workbench.ts provides it; the tests of this folder
 * provide a small one of their own.
 */
import type { Engine, EngineIdentity } from '../engine/engine.ts';
import type { Graph, NetworkSummary } from '../graph/graph.ts';
import type { ModelScore, ScoreModelRequest } from '../score-model/score-model.ts';
import type { ChildExport, ExportProgress } from '../export/in-child.ts';
import type { RunStore } from '../search/run-store.ts';
import type { SearchEvent } from '../search/search.ts';
import type { SearchSettings } from '../search/settings.ts';
import type { Space } from '../space/space.ts';

/** What can be read of a run. */
export type RunReader = Pick<RunStore, 'info' | 'counts' | 'candidates' | 'candidate'>;

export interface RunningSearch {
  /** The open run file: while its search holds the lock, nobody else can read it. Until `finished`. */
  readonly reader: RunReader;
  /** Ends the search after what is in flight; `finished` follows. May be called twice. */
  stop(): void;
  /** Resolves once the run file is closed. Rejects with the WorkbenchError that ended the search. */
  readonly finished: Promise<'stopped' | 'finished'>;
}

/** Hears a running search, possibly before its start has returned. */
export type SearchListener = (event: SearchEvent) => void;

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
  /** Goes on with a stored run. Throws WorkbenchError: `run-in-use`, `not-a-run-file`, ... */
  resumeSearch(path: string, onEvent: SearchListener): Promise<RunningSearch>;
  /**
   * Opens a run that nobody writes. Throws WorkbenchError: `run-file-missing`, `not-a-run-file`,
   * `run-newer-version`, `run-in-use`.
   */
  openRunReadOnly(path: string): RunReader & Pick<RunStore, 'close'>;
  /** Writes the candidate's files, away from the window's process; returns their names. */
  exportCandidate(
    request: Omit<ChildExport, 'productVersion'>,
    onProgress: (progress: ExportProgress) => void,
  ): Promise<readonly string[]>;
  /** A scoring engine of its own; the caller closes it. */
  openEngine(): Engine;
  /** Scores a model of the person's. Throws what `scoreModel` in score-model/ throws. */
  scoreModel(request: ScoreModelRequest, engine: Engine, signal: AbortSignal): Promise<ModelScore>;
  /** Ends child processes. Every search has finished before. */
  close(): Promise<void>;
}
