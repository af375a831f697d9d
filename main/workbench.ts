/**
 * Composition root: puts engine, latency source, data, space and store together. The window and the
 * command line both work through it; what differs between them (how children start, where files lie)
 * comes in as options.
 */
import { availableParallelism } from 'node:os';
import { scoresFolderIn } from './benchmark/score-cache.ts';
import { askOnce } from './child/one-shot.ts';
import type { BenchmarkSettings, JudgedPredictors } from './common/benchmarks.ts';
import type { SearchBenchmarkSettings } from './common/search-benchmarks.ts';
import type { Engine, EngineIdentity } from './engine/engine.ts';
import type { EngineWish } from './common/engines.ts';
import type { Scored } from './engine/engine-choice.ts';
import { bf16Obstacle } from './engine/onednn/processor.ts';
import type { PrecisionWish } from './engine/precision.ts';
import type { Latency, LatencyRequest } from './latency/latency.ts';
import type {
  MeasuredModelFile,
  MeasureModelRequest,
  ReadToMeasure,
} from './measure-model/measure-model.ts';
import type {
  MeasuredOnPhone,
  PhoneProgress,
  PhoneTarget,
} from './measure-model/measure-on-phone.ts';
import type { AdbChoice } from './phone/adb/find-adb.ts';
import type { Phones } from './phone/phones.ts';
import type { PhoneReport, ReadPhonesOptions } from './phone/report.ts';
import {
  scoreModel,
  type ModelScore,
  type ScoreModelRequest,
  type ScoreModelServices,
} from './score-model/score-model.ts';
import type { CandidateScore, EvaluatedCandidate } from './run/candidate.ts';
import type { RunFile, RunInfo } from './run/run-store.ts';
import type { TrainedLatency, TrainedModel } from './run/trained-model.ts';
import { defaultTermCap } from './common/settings/score.ts';
import type { DescribedSpace } from './space/described-space.ts';
import type { Space } from './space/space.ts';
import { openRunReadOnly } from './store/run-file.ts';
import { stateFolder } from './system-folders.ts';
import type { BatchSet } from './task/batches.ts';
import {
  DataSource,
  type DataChoice,
  describeDataset,
  type DataDescription,
  type Waiting,
} from './task/data-source.ts';
import type { Dataset } from './task/dataset.ts';
import type { Inspection } from './task/inspect-dataset.ts';
import { Agreements } from './workbench/agreements.ts';
import { Computer } from './workbench/computer.ts';
import { runBenchmark, type BenchmarkObserver } from './workbench/benchmark.ts';
import { benchmarkSearches } from './workbench/benchmark-searches.ts';
import {
  judgeBenchmark,
  type JudgeRequest,
  type JudgingProgress,
} from './workbench/judge-benchmark.ts';
import {
  unmeasured,
  type SearchBenchmarkRequest,
  type SearchBenchmarkResult,
} from './workbench/search-benchmark.ts';
import { Engines } from './workbench/engines.ts';
import { Farms } from './workbench/farms.ts';
import type { KnownRequest } from './workbench/guide-protocol.ts';
import { knownInChild, type GuideProcess } from './workbench/guides.ts';
import type { WhatIsKnown } from './search/guided/knowledge.ts';
import { LatencySources } from './workbench/latency-sources.ts';
import { childLimits, type SessionOptions, type WorkbenchOptions } from './workbench/options.ts';
import type { RunningSearch, SearchListener } from './workbench/running-search.ts';
import { Scorers } from './workbench/scorers.ts';
import { RunningSearches } from './workbench/running-searches.ts';
import { StoredNetworks } from './workbench/stored-networks.ts';
import type { Scoring } from './workbench/start-scoring.ts';
import { TrainedNetworks } from './workbench/trained-networks.ts';

export type { RunningSearch, SearchListener, SessionOptions, WorkbenchOptions };

export class Workbench {
  private readonly options: WorkbenchOptions;
  private readonly data: DataSource;
  private readonly engines: Engines;
  private readonly scorers: Scorers;
  private readonly latencies: LatencySources;
  private readonly agreements: Agreements;
  private readonly searches: RunningSearches;
  private readonly networks: StoredNetworks;
  private readonly trained: TrainedNetworks;
  /** Other computers that score. */
  readonly farms: Farms;

  constructor(options: WorkbenchOptions) {
    this.options = options;
    const { processes, entries, assetsFolder, computer = new Computer() } = options;
    this.data = new DataSource({
      processes,
      entry: entries.data,
      limits: childLimits,
      assetsFolder,
    });
    const processors = availableParallelism();
    this.engines = new Engines({
      processes,
      entry: entries.engine,
      limits: childLimits,
      processors,
      computer,
    });
    this.scorers = new Scorers(this.engines);
    this.agreements = new Agreements(options.stateFolder);
    const latencies = new LatencySources({ processes, entries, limits: childLimits, computer });
    this.latencies = latencies;
    this.farms = new Farms(this.engines, options.productVersion, (adb) =>
      latencies.openPhones(adb),
    );
    const { data, engines, scorers, agreements, farms, guide } = this;
    const { productVersion } = options;
    const shared = { productVersion, data, engines, latencies, agreements };
    this.searches = new RunningSearches({ ...shared, scorers, farms, guide });
    this.networks = new StoredNetworks(shared);
    this.trained = new TrainedNetworks(latencies);
  }

  /** Why bf16 is not available here; null where it is. */
  get bf16Obstacle(): string | null {
    return bf16Obstacle();
  }

  /** The default engine, in a process of its own. */
  get engine(): EngineIdentity {
    return this.engines.usual;
  }

  /** Follows the phones of an adb server; the caller closes it. */
  openPhones(adb: AdbChoice): Phones {
    return this.latencies.openPhones(adb);
  }

  /** Asks the connected phones. Throws what `Phones.list` throws. */
  readPhones(
    adbFile: string | undefined,
    options: ReadPhonesOptions = {},
  ): Promise<readonly PhoneReport[]> {
    return this.latencies.readPhones(adbFile ?? null, options);
  }

  /**
   * A scoring engine of one process; the caller closes it. Throws WorkbenchError `engine-unavailable` where
   * onednn is asked for and was not built.
   */
  openEngine(wishes: {
    readonly threads?: number | null;
    readonly engine?: EngineWish;
    readonly precision?: PrecisionWish | undefined;
    /** What `auto` looks at; left out, it is float32. */
    readonly scored?: Scored;
  }): Engine {
    const { threads, engine = 'auto', precision, scored } = wishes;
    return this.engines.openOne(engine, threads ?? null, precision, scored);
  }

  /**
   * Scoring for many networks of a space, with batches of their own: by one engine, in one process or
   * several, as the session says or as measuring finds. The caller closes the engine.
   * @param candidates how many will be scored; null where nobody knows
   * Throws WorkbenchError: why not, where the session names an engine that cannot score the space
   */
  async startScoring(
    space: Space,
    batches: BatchSet,
    session: SessionOptions,
    candidates: number | null,
    signal?: AbortSignal,
  ): Promise<Scoring> {
    // Benchmarks report capped scores as well as plain ones.
    const scored = { termCap: defaultTermCap, batches: batches.batches.length };
    const chosen = await this.scorers.choose(space, batches, session, scored);
    return this.scorers.start(chosen, space, batches, session, candidates, signal);
  }

  /** Scores networks whose accuracies are known. Throws what `runBenchmark` throws. */
  benchmark(
    settings: BenchmarkSettings,
    observer: BenchmarkObserver,
    signal: AbortSignal,
  ): Promise<void> {
    const { assetsFolder } = this.options;
    const start = (
      ...[space, batches, networks, halt]: Parameters<
        Parameters<typeof runBenchmark>[1]['startScoring']
      >
    ) => this.startScoring(space, batches, {}, Math.min(networks, unmeasured), halt);
    const services = { assetsFolder, scoresFolder: this.benchmarkScores, startScoring: start };
    return runBenchmark(settings, services, observer, signal);
  }

  /** Judges the networks of a stored benchmark for a beta. Throws what `judgeBenchmark` throws; `judge-crashed`. */
  async judgeBenchmark(
    asked: Omit<JudgeRequest, 'assetsFolder' | 'scoresFolder'>,
    onProgress: (progress: JudgingProgress) => void,
    signal: AbortSignal,
  ): Promise<JudgedPredictors> {
    const { assetsFolder, entries, processes } = this.options;
    const request = { ...asked, assetsFolder, scoresFolder: this.benchmarkScores };
    if (entries.judge === undefined) return judgeBenchmark(request, onProgress, signal);
    return askOnce({ processes, entry: entries.judge, name: 'judge' }, request, onProgress, signal);
  }

  /** Where scores of benchmarks are kept; the command line keeps its own there as well. */
  private get benchmarkScores(): string {
    return scoresFolderIn(this.options.stateFolder ?? stateFolder());
  }

  /**
   * Searches networks whose accuracies are known, and judges their fronts; scores are kept for the next question.
   * Throws `table-incomplete`, and what scoring throws.
   */
  async searchBenchmark(
    settings: SearchBenchmarkSettings,
    observer: Pick<SearchBenchmarkRequest, 'began' | 'progress'>,
    signal: AbortSignal,
  ): Promise<SearchBenchmarkResult> {
    const { assetsFolder } = this.options;
    const { guide } = this;
    const start = (space: DescribedSpace, batches: BatchSet): Promise<Scoring> =>
      this.startScoring(space, batches, {}, unmeasured, signal);
    return await benchmarkSearches(
      settings,
      { assetsFolder, guide, start },
      {
        ...{ ...observer, signal, scoresFolder: this.benchmarkScores },
      },
    );
  }

  /** Describes the images in a file or folder, and counts them. Throws what opening them throws. */
  async describeData(data: string | null, waiting?: Waiting): Promise<DataDescription> {
    return describeDataset(await this.data.open({ data, task: null }, waiting));
  }

  /** Opens a data set without decoding any image. Throws what `openDataset` throws. */
  openData(choice: DataChoice, waiting?: Waiting): Promise<Dataset> {
    return this.data.open(choice, waiting);
  }

  /** Says what a file or folder holds; decodes `check` of its images to find what is wrong. */
  inspectData(choice: DataChoice, check: number, waiting?: Waiting): Promise<Inspection> {
    return this.data.inspect(choice, check, waiting);
  }

  /**
   * Scores a model of the user. `engine` is one of `openEngine`'s, for one model or for many.
   * @param readModel where the model is read; in this process unless stated
   * @param onProgress is told how far opening the images is
   */
  scoreModel(
    request: ScoreModelRequest,
    engine: Engine,
    signal?: AbortSignal,
    readModel?: ScoreModelServices['readModel'],
    onProgress?: Waiting['onProgress'],
  ): Promise<ModelScore> {
    const openData = (choice: DataChoice) => this.openData(choice, { signal, onProgress });
    return scoreModel(request, { openData, engine, ...(readModel && { readModel }) }, signal);
  }

  /**
   * Latency of a model of the user. Throws what `measureModel` throws.
   * @param readModel where the model is read; in this process unless stated
   */
  measureModel(
    request: MeasureModelRequest,
    latency: LatencyRequest,
    signal?: AbortSignal,
    readModel?: ReadToMeasure,
  ): Promise<MeasuredModelFile> {
    return this.latencies.measureModel(request, latency, signal, readModel);
  }

  /** Latency of a model of the user on a phone. Throws what `measureOnPhone` throws. */
  measureOnPhone(
    request: MeasureModelRequest,
    target: PhoneTarget,
    progress: PhoneProgress,
    signal?: AbortSignal,
  ): Promise<MeasuredOnPhone> {
    return this.latencies.measureOnPhone(request, target, progress, signal);
  }

  /** Creates the run file and starts; as `RunningSearches.start`. */
  startSearch(...asked: Parameters<RunningSearches['start']>): Promise<RunningSearch> {
    return this.searches.start(...asked);
  }

  /** Continues a stored run, with its engine; as `RunningSearches.resume`. */
  resumeSearch(...asked: Parameters<RunningSearches['resume']>): Promise<RunningSearch> {
    return this.searches.resume(...asked);
  }

  /** How fast a search would be here; as `RunningSearches.trial`. */
  scoringTrial(
    ...asked: Parameters<RunningSearches['trial']>
  ): ReturnType<RunningSearches['trial']> {
    return this.searches.trial(...asked);
  }

  /** The engine with which a new search takes over the candidates of a run; null where it cannot. */
  engineToTakeOver(
    ...asked: Parameters<RunningSearches['engineToTakeOver']>
  ): ReturnType<RunningSearches['engineToTakeOver']> {
    return this.searches.engineToTakeOver(...asked);
  }

  /** The path of images that a person has to agree to before a stored run may read them; null where there is none. */
  dataToAgreeTo(info: RunInfo): string | null {
    return this.agreements.wanted(info);
  }

  /** The person has agreed that a stored run reads its images. */
  agreeToData(info: RunInfo): void {
    this.agreements.add(info);
  }

  openRunReadOnly(path: string): RunFile {
    return openRunReadOnly(path);
  }

  /** Attaches a trained model to a candidate; as `TrainedNetworks.attach`. */
  attachTrained(
    ...asked: Parameters<TrainedNetworks['attach']>
  ): ReturnType<TrainedNetworks['attach']> {
    return this.trained.attach(...asked);
  }

  /** Takes what is attached to a candidate away; as `TrainedNetworks.detach`. */
  detachTrained(...asked: Parameters<TrainedNetworks['detach']>): TrainedModel {
    return this.trained.detach(...asked);
  }

  /** The latency of a trained model that was looked at. Throws what measuring throws. */
  measureTrained(...asked: Parameters<TrainedNetworks['measure']>): Promise<TrainedLatency> {
    return this.trained.measure(...asked);
  }

  /** Scores a stored candidate again; as `StoredNetworks.scoreAgain`. */
  scoreAgain(...asked: Parameters<StoredNetworks['scoreAgain']>): Promise<CandidateScore> {
    return this.networks.scoreAgain(...asked);
  }

  /** Takes the latency of a stored candidate again; as `StoredNetworks.measureAgain`. */
  measureAgain(...asked: Parameters<StoredNetworks['measureAgain']>): Promise<Latency> {
    return this.networks.measureAgain(...asked);
  }

  /** A network of a run's space, scored now if it was not before; as `StoredNetworks.scoreNetwork`. */
  scoreNetwork(...asked: Parameters<StoredNetworks['scoreNetwork']>): Promise<EvaluatedCandidate> {
    return this.networks.scoreNetwork(...asked);
  }

  /** Latency of a network that `scoreNetwork` gave; as `StoredNetworks.measureNetwork`. */
  measureNetwork(...asked: Parameters<StoredNetworks['measureNetwork']>): Promise<Latency> {
    return this.networks.measureNetwork(...asked);
  }

  /** A candidate with its ZiCo, computed if its run ranks by other scores; as `StoredNetworks.giveZico`. */
  giveZico(
    ...asked: Parameters<StoredNetworks['giveZico']>
  ): ReturnType<StoredNetworks['giveZico']> {
    return this.networks.giveZico(...asked);
  }

  /** Writes the files of a network that `scoreNetwork` gave into the folder; returns their names. */
  exportNetwork(...asked: Parameters<StoredNetworks['exportNetwork']>): Promise<readonly string[]> {
    return this.networks.exportNetwork(...asked);
  }

  /** Writes the candidate's files into the folder; returns their names. */
  exportCandidate(
    ...asked: Parameters<StoredNetworks['exportCandidate']>
  ): Promise<readonly string[]> {
    return this.networks.exportCandidate(...asked);
  }

  /** Estimates and knowledge of a run in a child; null where this workbench has none for it. */
  get knownInChild(): ((request: KnownRequest) => Promise<WhatIsKnown | null>) | null {
    const { guide } = this;
    return guide && ((request) => knownInChild(guide, request));
  }

  /** Stops searches, waits until their files are closed, and ends child processes. */
  async close(): Promise<void> {
    await this.searches.close();
    await this.data.close();
  }

  private get guide(): GuideProcess | null {
    const { processes, entries } = this.options;
    return entries.guide === undefined ? null : { processes, entry: entries.guide };
  }
}
