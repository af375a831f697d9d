/**
 * What the command line needs of the workbench. main/workbench.ts provides it; the tests of this folder
 * provide a small one of their own.
 */
import type { Engine } from '../engine/engine.ts';
import type { EngineWish, Scored } from '../engine/engine-choice.ts';
import type { ScoringLayout } from '../engine/layout.ts';
import type { PrecisionWish } from '../engine/precision.ts';
import type { ScoringPlan } from '../engine/scoring-plan.ts';
import type { ExportFormat } from '../export/formats.ts';
import type { PhoneActivity } from '../phone/pool/activity.ts';
import type { PhoneReport, ReadPhonesOptions } from '../phone/report.ts';
import type { CandidateId } from '../search/candidate.ts';
import type { RunFile, RunInfo } from '../search/run-store.ts';
import type { SearchEvent } from '../search/search.ts';
import type { Budget } from '../search/settings-checks.ts';
import type { SearchSettings } from '../search/settings.ts';
import type { ModelScore, ScoreModelRequest } from '../score-model/score-model.ts';
import type { Space } from '../space/space.ts';
import type { BatchSet } from '../task/batches.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import type { ModelLatency } from '../latency/latency.ts';
import type { MeasuredModelFile, MeasureModelRequest } from '../measure-model/measure-model.ts';
import type {
  MeasuredOnPhone,
  PhoneProgress,
  PhoneTarget,
} from '../measure-model/measure-on-phone.ts';
import type { DataChoice } from '../task/data-source.ts';
import type { Inspection } from '../task/inspect-dataset.ts';

/** How a session scores. A run keeps its engine, and where scores depend on them the threads of a process. */
export interface SessionOptions {
  /** Threads of all scoring processes together; null lets the workbench choose. */
  readonly threads: number | null;
  /** Scoring processes; absent or `auto` lets the workbench find out by measuring. */
  readonly workers?: number | 'auto' | undefined;
  /** Absent: as with `auto`, which takes onednn where it can. */
  readonly engine?: EngineWish | undefined;
  /** Absent: as with `auto`, which decides by what is scored, or on a resume takes the run's own. */
  readonly precision?: PrecisionWish | undefined;
  /** On a resume: the path of images that the person has agreed to, as the run names it. */
  readonly agreedData?: string | null | undefined;
  /** Hears what the phones of the search do, where it measures on phones. */
  readonly onPhones?: ((phones: readonly PhoneActivity[]) => void) | undefined;
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

/** What can be read of a run. */
export type RunReader = Pick<RunFile, 'info' | 'candidates' | 'withoutDigest' | 'close'>;

export interface ExportOptions {
  readonly formats: readonly ExportFormat[];
  /** Hears which file is being made, of how many. */
  readonly onProgress?: (file: string, index: number, count: number) => void;
}

export type SearchListener = (event: SearchEvent) => void;

export interface CliServices {
  /** A scoring engine of one process; the caller closes it. */
  openEngine(options: {
    readonly threads: number | null;
    /** Absent: as with `auto`. */
    readonly engine?: EngineWish;
    readonly precision?: PrecisionWish | undefined;
    /** What `auto` looks at. */
    readonly scored?: Scored;
  }): Engine;
  /**
   * An engine for many networks of a space, which has its batches; the caller closes it.
   * @param candidates how many will be scored
   */
  startScoring(
    space: Space,
    batches: BatchSet,
    options: SessionOptions,
    candidates: number,
    signal: AbortSignal,
  ): Promise<{
    readonly engine: Engine;
    readonly layout: ScoringLayout;
    readonly plan: ScoringPlan;
  }>;
  /** Scores a model of the user. Throws what `scoreModel` in score-model/ throws. */
  scoreModel(request: ScoreModelRequest, engine: Engine, signal?: AbortSignal): Promise<ModelScore>;
  /** Latency of a model of the user. Throws what `measureModel` in measure-model/ throws. */
  measureModel(
    request: MeasureModelRequest,
    latency: ModelLatency,
    signal?: AbortSignal,
  ): Promise<MeasuredModelFile>;
  /** Latency of a model of the user on a phone. Throws what `measureOnPhone` in measure-model/ throws. */
  measureOnPhone(
    request: MeasureModelRequest,
    target: PhoneTarget,
    progress: PhoneProgress,
    signal?: AbortSignal,
  ): Promise<MeasuredOnPhone>;
  /**
   * Creates the run file and starts. Throws WorkbenchError: `run-exists`, `disk-full`, settings that
   * the space or the data refuse.
   */
  startSearch(
    settings: SearchSettings,
    path: string,
    onEvent: SearchListener,
    session: SessionOptions,
    space?: DescribedSpace,
  ): Promise<RunningSearch>;
  /** Throws WorkbenchError: `run-in-use`, `not-a-run-file`, `newer-version`, `data-changed`. */
  resumeSearch(
    path: string,
    onEvent: SearchListener,
    session: SessionOptions,
    budget?: Budget,
  ): Promise<RunningSearch>;
  /** Throws WorkbenchError: `not-a-run-file`, `newer-version`, `run-damaged`. */
  openRunReadOnly(path: string): RunReader;
  /** Writes the candidate's files into the folder; returns their names. */
  exportCandidate(
    run: string,
    id: CandidateId,
    folder: string,
    options: ExportOptions,
  ): Promise<readonly string[]>;
  /** Says what a file or folder holds; decodes `check` of its images. Throws what opening it throws. */
  inspectData(choice: DataChoice, check: number, signal?: AbortSignal): Promise<Inspection>;
  /**
   * Asks the phones that are plugged in.
   * @param adbFile the adb to use; undefined looks for one
   * @throws WorkbenchError `adb-missing`, `adb-unusable`, `adb-version-conflict`, `adb-server`
   */
  readPhones(
    adbFile: string | undefined,
    options: ReadPhonesOptions,
  ): Promise<readonly PhoneReport[]>;
  /** Stops what runs and ends child processes. */
  close(): Promise<void>;
}
