/**
 * What the window needs from the workbench. main/workbench.ts provides it; the tests of this folder provide a
 * small one of their own.
 */
import type { Engine } from '../engine/engine.ts';
import type { EngineWish, PrecisionWish, ScoringWish } from '../common/engines.ts';
import type { Scored } from '../engine/engine-choice.ts';
import type { Graph, NetworkSummary } from '../graph/graph.ts';
import type { FileOutput } from '../graph/onnx/file-outputs.ts';
import type { Latency, LatencyRequest } from '../latency/latency.ts';
import type { MeasuredModelFile, MeasureModelRequest } from '../measure-model/measure-model.ts';
import type { LookAtTrained } from '../measure-model/trained-model.ts';
import type { EvaluatedCandidate } from '../run/candidate.ts';
import type { RunInfo } from '../run/run-store.ts';
import type { Budget } from '../search/settings-checks.ts';
import type { ChildExport, ExportProgress } from '../export/in-child.ts';
import type { Convert } from './convert-model.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import type { Space } from '../space/space.ts';
import type { SpacePreviews } from '../space/previews.ts';
import type { Reading } from './reading/reading.ts';
import type { ShownImages } from './shown-images.ts';
import type { BenchmarkSpace } from '../common/benchmarks.ts';
import type { JudgedFronts } from './reading/front-truth.ts';
import type { RunLooking, ScoredGenotype } from './reading/look-types.ts';
import type { FarmWish } from '../workbench/farm-wish.ts';
import type { RunLocation } from '../workbench/stored-networks.ts';
import type { AdbChoice } from '../phone/adb/find-adb.ts';
import type { WindowPhoneSession } from './phones/at-work.ts';
import type { RunningSearch, SearchListener, Workbench } from '../workbench.ts';
import type { PhoneWatchOptions, WatchedPhones } from './phones/watch.ts';
import type { DataDescription, Waiting } from '../task/data-source.ts';
import type { Task } from '../task/batches.ts';

/** What can be read from a run. */
export type RunReader = RunningSearch['reader'];
/** What a person may change in a run. */
export type NoteWriter = RunningSearch['notes'];
export type WindowSearch = Pick<
  RunningSearch,
  'reader' | 'notes' | 'pause' | 'goOn' | 'stop' | 'finished'
>;

export type { ScoringWish, SearchListener };

/** How a search is scored, and what it does with phones. */
export interface SearchSession extends ScoringWish, ResumeSession {
  /** Run file whose candidates the search begins with. */
  readonly from?: string | undefined;
}

export interface ResumeSession extends WindowPhoneSession {
  /** Other computers that score; absent: this one alone. */
  readonly farm?: FarmWish;
  /** About the images that the search begins with. */
  readonly opening?: Waiting;
  /** The run file was checked in another process. */
  readonly looked?: string;
}

export interface Services extends Pick<
  Workbench,
  | 'engine'
  | 'bf16Obstacle'
  | 'knownInChild'
  | 'engineToTakeOver'
  | 'scoringTrial'
  | 'scoreAgain'
  | 'scoreNetwork'
  | 'giveZico'
  | 'scoreModel'
  | 'benchmark'
  | 'searchBenchmark'
  | 'judgeBenchmark'
  | 'close'
> {
  /** Latency of a model of the person's on this computer; the file is read outside of the window's process. */
  measureModel(
    request: MeasureModelRequest,
    latency: LatencyRequest,
    signal?: AbortSignal,
  ): Promise<MeasuredModelFile>;
  /** What a model file says it gives, read outside of the window's process. Throws `not-onnx`, `model-not-read`. */
  modelOutputs(file: string, signal?: AbortSignal): Promise<readonly FileOutput[]>;
  readonly productVersion: string;
  readonly defaultSettings: SearchSettings;
  /** Describes the images that ship with the product. */
  readonly embeddedData: string;
  readonly embedded: Readonly<Record<Task, string>>;
  readonly spaces: readonly Space[];
  /** One of the built-in spaces. Throws `unknown-space`. */
  describedSpace(name: string): DescribedSpace;
  /** Checks descriptions while they are being written. */
  readonly previews: Pick<SpacePreviews, 'check' | 'draw' | 'sizes'>;
  /** Parameters, MACs and layers of a network. */
  readonly summarise: (graph: Graph) => NetworkSummary;
  /** Looks at a folder or file of images. Throws WorkbenchError where it holds none. */
  describeData(path: string, waiting?: Waiting): Promise<DataDescription>;
  /**
   * Creates the run file and starts, in the space that the settings name or in the one given. Resolves when the file exists and is locked by this search.
   * Throws WorkbenchError: `run-exists`, `disk-full`, settings the space or the data refuse.
   */
  startSearch(
    settings: SearchSettings,
    path: string,
    onEvent: SearchListener,
    session: SearchSession,
    space?: DescribedSpace,
  ): Promise<WindowSearch>;
  /** Continues a stored run. Throws WorkbenchError: `run-in-use`, `not-a-run-file`, ... */
  resumeSearch(
    path: string,
    onEvent: SearchListener,
    session: ResumeSession,
    budget: Budget,
  ): Promise<WindowSearch>;
  /** Looks at run files that nobody is writing, and makes notes in them, outside of the window's process. */
  readonly looking: RunLooking;
  /** Model files as graphs, read outside of the window's process. */
  readonly drawing: Pick<Reading, 'drawnModel' | 'drawnNode' | 'letDrawnGo'>;
  /** Makes pictures of the images that are scored, outside of the window's process. */
  readonly shownImages: Pick<ShownImages, 'show' | 'letGo'>;
  /** What fronts give away, by the accuracies that are known of a space; computed outside of the window's process. */
  judgeFronts(
    space: BenchmarkSpace,
    fronts: readonly (readonly ScoredGenotype[])[],
  ): Promise<JudgedFronts>;
  /** Writes the candidate's files, outside of the window's process; returns their names. */
  exportCandidate(
    request: Omit<ChildExport, 'productVersion' | 'assetsFolder'>,
    onProgress: (progress: ExportProgress) => void,
  ): Promise<readonly string[]>;
  /** Converts a model of the person's, outside of the window's process. */
  readonly convertModel: Convert;
  /** The path of images that a person has to agree to before a stored run may read them; null where there is none. */
  dataToAgreeTo(info: RunInfo): string | null;
  /** The person has agreed. */
  agreeToData(info: RunInfo): void;
  /** Takes its latency again, from the run's source. Throws `not-measured`. */
  measureAgain(
    info: RunInfo,
    candidate: EvaluatedCandidate,
    signal: AbortSignal,
    session: WindowPhoneSession,
  ): Promise<Latency>;
  /** Takes the latency of a network that `scoreNetwork` gave; where the run counts MACs, on this computer. */
  measureNetwork(
    run: RunLocation,
    network: EvaluatedCandidate,
    signal: AbortSignal,
    session: WindowPhoneSession,
  ): Promise<Latency>;
  /** Whose network a trained model is, looked at outside of the window's process. */
  readonly lookAtTrained: LookAtTrained;
  /** Its latency, on the run's phone or on this computer. */
  measureTrained(
    ...args: Parameters<Workbench['measureTrained']>
  ): ReturnType<Workbench['measureTrained']>;
  /**
   * A scoring engine of its own; the caller closes it.
   * @param scored what the precision `auto` looks at
   */
  openEngine(wish: EngineWish, precision: PrecisionWish, scored: Scored): Engine;
}

/** What the window needs beyond that, to show phones. */
export interface PhoneServices {
  /** Follows the phones of an adb server; the caller closes it. */
  openPhones(choice: AdbChoice): WatchedPhones;
  /** Runs the self-test on a phone. Throws what `checkPhone` in phone/ throws. */
  readonly checkPhone: PhoneWatchOptions['check'];
}

/** What the window needs to look at other computers. */
export interface FarmServices {
  readonly farms: Pick<Workbench['farms'], 'watch' | 'needed'>;
}
