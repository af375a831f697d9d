/**
 * Composition root: puts engine, latency source, data, space and store together. The window and the
 * command line both work through it; what differs between them (how children start, where files lie)
 * comes in as options.
 */
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { scoresFolderIn } from './benchmark/score-cache.ts';
import { askOnce } from './child/one-shot.ts';
import type { BenchmarkSettings, JudgedPredictors } from './common/benchmarks.ts';
import type { SearchBenchmarkSettings } from './common/search-benchmarks.ts';
import type { Engine, EngineIdentity } from './engine/engine.ts';
import type { EngineWish } from './common/engines.ts';
import { isCalibrated } from './common/export-formats.ts';
import { usualRanges, type RangeChoice } from './common/quantising.ts';
import type { Scored } from './engine/engine-choice.ts';
import { bf16Obstacle } from './engine/onednn/processor.ts';
import type { PrecisionWish } from './engine/precision.ts';
import { asScoredBy } from './engine/revision.ts';
import { engineForResume } from './engine/scoring-plan.ts';
import { exportCandidate, type ExportRequest } from './export/export-candidate.ts';
import type { Latency, LatencySource, ModelLatency } from './latency/latency.ts';
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
import {
  besides,
  hasZico,
  type CandidateId,
  type CandidateScore,
  type EvaluatedCandidate,
} from './run/candidate.ts';
import type { RunFile, RunInfo } from './run/run-store.ts';
import {
  assertLatencyLimit,
  assertPhoneSettings,
  assertSearchMethod,
  type Budget,
  budgetRaised,
} from './search/settings-checks.ts';
import { defaultTermCap } from './common/settings/score.ts';
import type { SearchSettings } from './common/settings/index.ts';
import type { DescribedSpace } from './space/described-space.ts';
import { spaceNamed, spaceOfRun } from './space/index.ts';
import type { Space } from './space/space.ts';
import { createRun, openRun, openRunReadOnly } from './store/run-file.ts';
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
import { measureAgain, scoreAgain } from './workbench/again.ts';
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
import { estimateWarning } from './workbench/estimate-range.ts';
import { assertFarmForPhones, measuresOnFarm } from './workbench/farm-wish.ts';
import { Farms, type JoinedFarm } from './workbench/farms.ts';
import {
  evaluatedCandidate,
  knownNetwork,
  measureBesides,
  scoreBesides,
} from './workbench/extra-scores.ts';
import type { KnownRequest } from './workbench/guide-protocol.ts';
import { knownInChild, type GuideProcess } from './workbench/guides.ts';
import type { WhatIsKnown } from './search/guided/knowledge.ts';
import { LatencySources, type PhoneSession, type Purpose } from './workbench/latency-sources.ts';
import { childLimits, type SessionOptions, type WorkbenchOptions } from './workbench/options.ts';
import { earlierLatencies, runnerOfRun } from './workbench/phone-source.ts';
import {
  beginSearch,
  type RunningSearch,
  type SearchListener,
  type SearchParts,
} from './workbench/running-search.ts';
import { planOf, Scorers } from './workbench/scorers.ts';
import { engineToTakeOver, takenFrom, type WantedFromRun } from './workbench/taken-over.ts';
import { scoringTrial, type TrialRate } from './workbench/scoring-trial.ts';
import { assertSameData, batchesFor, runWarnings } from './workbench/search-data.ts';
import { assertNoFarmForCode, spaceToGoOn } from './workbench/code-spaces.ts';
import type { ChosenEngine, Scoring } from './workbench/start-scoring.ts';

export type { RunningSearch, SearchListener, SessionOptions, WorkbenchOptions };

export interface ExportOptions extends Pick<ExportRequest, 'formats' | 'onProgress'> {
  /** How int8 files come to their ranges. */
  readonly ranges?: RangeChoice | undefined;
  /** The path of images that the person has agreed to, as the run names it. */
  readonly agreedData?: string | null | undefined;
}

export class Workbench {
  private readonly options: WorkbenchOptions;
  private readonly searches = new Set<RunningSearch>();
  private readonly data: DataSource;
  private readonly engines: Engines;
  private readonly scorers: Scorers;
  private readonly latencies: LatencySources;
  private readonly agreements: Agreements;
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
    latency: ModelLatency,
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

  /**
   * Creates the run file and starts. Resolves when the file exists and is locked by this search.
   * @param space by default the one that the settings name; its description is stored with the run
   * Throws WorkbenchError: `run-exists`, `disk-full`, what space or data refuse.
   */
  async startSearch(
    settings: SearchSettings,
    path: string,
    onEvent: SearchListener,
    session: SessionOptions = {},
    space: DescribedSpace = spaceNamed(settings.space),
  ): Promise<RunningSearch> {
    assertLatencyLimit(settings); // before a file is made for it
    assertPhoneSettings(settings);
    assertSearchMethod(settings);
    assertNoFarmForCode(space, session);
    const batches = await batchesFor(this.data, space, settings, session.opening);
    const usual = await this.scorers.choose(space, batches, session, settings);
    const ranged = await estimateWarning(space, settings.latency);
    const plan = planOf(usual);
    const begun = takenFrom(session.from ?? null, { settings, space, batches, plan });
    const begunWith = { ...settings, takenOver: begun.candidates.length };
    assertSearchMethod(begunWith);
    const asked = { ...usual, threads: begun.threads ?? usual.threads };
    const farm = await this.joined(settings, asked, session);
    const chosen = farm?.chosen ?? asked;
    let source: LatencySource | null = null;
    const runId = randomUUID();
    try {
      const purpose = { purpose: path, kept: null, session };
      const latency = await this.latencyFor(begunWith, purpose, runId, space);
      source = latency.source;
      const store = createRun(path, {
        runId,
        settings: latency.settings,
        scoring: planOf(chosen),
        space: space.description,
        dataDescription: batches.description,
        warnings: [
          ...(ranged ? [ranged] : []),
          ...runWarnings(space, batches),
          ...(farm?.warnings ?? []),
        ],
        productVersion: this.options.productVersion,
        createdAt: new Date().toISOString(),
        status: 'running',
        elapsedSeconds: 0,
      });
      for (const candidate of begun.candidates) store.add(candidate, 0);
      this.agreements.add(store.info());
      await nextTurn(); // making the file kept the window long enough
      return this.begin({
        space,
        store,
        batches,
        chosen,
        ...{ source, onEvent, session },
        ...(farm && { startScoring: farm.startScoring }),
      });
    } catch (error) {
      await Promise.all([source?.close(), farm?.close()]);
      throw error;
    }
  }

  /** How fast a search would be here. Throws what `scoringTrial` of workbench/scoring-trial.ts throws. */
  scoringTrial(
    settings: SearchSettings,
    space: DescribedSpace,
    session: SessionOptions,
    signal: AbortSignal,
  ): Promise<TrialRate | null> {
    const { data, scorers, latencies } = this;
    return scoringTrial({ data, scorers, latencies }, settings, space, session, signal);
  }

  /** The engine with which a new search takes over the candidates of a run; null where it cannot. */
  engineToTakeOver(info: RunInfo, wanted: WantedFromRun): ReturnType<typeof engineToTakeOver> {
    return engineToTakeOver(info, wanted, this.engines);
  }

  /**
   * Continues a stored run, with its engine. `budget` raises its limits, and is kept. Throws WorkbenchError:
   * `run-in-use`, `not-a-run-file`, `data-not-agreed`, `data-changed`, `engine-missing`, `engine-contradicts`, `space-code-needed`, `space-code-changed`.
   */
  async resumeSearch(
    path: string,
    onEvent: SearchListener,
    session: SessionOptions = {},
    budget: Budget = {},
  ): Promise<RunningSearch> {
    const store = openRun(path, session.looked);
    let farm: JoinedFarm | null = null;
    try {
      const { settings, dataDescription, scoring = null } = store.info();
      const { engine: wish = 'auto', precision: asked = 'auto' } = session;
      const wished = asked === 'auto' ? null : asked;
      const goingOn = engineForResume(scoring, wish, this.engines, wished);
      const { name, threads, precision, instructions, warning } = goingOn;
      this.agreements.assert(store.info(), session.agreedData);
      const space = spaceToGoOn(store, session.space ?? null);
      assertNoFarmForCode(space, session);
      const drawn = await batchesFor(this.data, space, settings, session.opening);
      const batches = asScoredBy(scoring?.version ?? null, drawn);
      assertSameData(dataDescription, batches.description, settings);
      const asOwn = {
        ...(await this.scorers.choose(
          ...([space, batches, { ...session, engine: name, precision }, settings] as const),
        )),
        ...{ threads, instructions },
      };
      farm = await this.joined(settings, asOwn, session);
      const chosen = farm?.chosen ?? asOwn;
      if (scoring === null) store.setScoring(planOf(chosen));
      const note = scoring?.note ?? null;
      const kept = settings.latency === 'phone' ? runnerOfRun(store.candidates()) : null;
      const earlier = () => earlierLatencies(store);
      const purpose = { purpose: path, kept, earlier, session };
      const { source } = await this.latencyFor(settings, purpose, store.info().runId, space);
      const { warnings: before = [] } = store.info();
      const more = (farm?.warnings ?? []).filter(
        ({ code }) => !before.some((one) => one.code === code),
      );
      if (more.length > 0) store.setSettings(settings, [...before, ...more]);
      if (Object.keys(budget).length > 0) {
        const { warnings = [] } = store.info();
        store.setSettings({ ...settings, ...budget }, [
          ...warnings,
          budgetRaised(settings, budget),
        ]);
      }
      const goneOnWith = { ...chosen, note, warning };
      return this.begin({
        ...{ space, store, batches, chosen: goneOnWith, source, onEvent, session },
        ...(farm && { startScoring: farm.startScoring }),
      });
    } catch (error) {
      await farm?.close();
      store.close();
      throw error;
    }
  }

  /** The path of images that a person has to agree to before a stored run may read them; null where there is none. */
  dataToAgreeTo(info: RunInfo): string | null {
    return this.agreements.wanted(info);
  }

  /** The person has agreed that a stored run reads its images. */
  agreeToData(info: RunInfo): void {
    this.agreements.add(info);
  }

  /**
   * Scores a stored candidate again. Throws `data-not-agreed`, and what `scoreAgain` of workbench/again.ts
   * throws.
   */
  async scoreAgain(
    info: RunInfo,
    candidate: EvaluatedCandidate,
    signal: AbortSignal,
  ): Promise<CandidateScore> {
    this.agreements.assert(info, null);
    return scoreAgain({ data: this.data, engines: this.engines }, info, candidate, signal);
  }

  /** Takes the latency of a stored candidate again. Throws `not-measured`, and what measuring throws. */
  measureAgain(
    info: RunInfo,
    candidate: EvaluatedCandidate,
    signal: AbortSignal,
    session: PhoneSession = {},
  ): Promise<Latency> {
    return measureAgain(this.latencies, info, candidate, signal, session);
  }

  openRunReadOnly(path: string): RunFile {
    return openRunReadOnly(path);
  }

  /**
   * A network of a run's space: as its search scored it, or else scored now as the search would have, and
   * stored besides the candidates.
   * @param text a genotype
   * @param agreedData the path of images that the person has agreed to, as the run names it
   * Throws `genotype-outside-space`, `candidate-failed`, `run-in-use`, `data-not-agreed`, `data-changed`,
   * `engine-missing`, and what scoring throws.
   */
  async scoreNetwork(
    path: string,
    text: string,
    signal: AbortSignal,
    agreedData: string | null = null,
  ): Promise<EvaluatedCandidate> {
    const reader = openRunReadOnly(path);
    const info = reader.info();
    const genotype = spaceOfRun(info).parse(text);
    let known: EvaluatedCandidate | null;
    try {
      known = knownNetwork(reader, genotype);
    } finally {
      reader.close();
    }
    if (known !== null) return known;
    this.agreements.assert(info, agreedData);
    const { data, engines, latencies } = this;
    const scored = await scoreBesides({ data, engines, latencies }, info, genotype, signal);
    const store = openRun(path);
    try {
      // Somebody may have been quicker.
      if (store.extra(genotype) === null) store.addExtra(scored);
    } finally {
      store.close();
    }
    return scored;
  }

  /**
   * Latency of a network that `scoreNetwork` gave: from the source of its run, and stored with a network that was
   * scored besides and has none; of a run that counts MACs on this computer, where nothing is stored. Throws what
   * measuring throws.
   */
  async measureNetwork(
    path: string,
    network: EvaluatedCandidate,
    signal: AbortSignal,
    session: PhoneSession = {},
  ): Promise<Latency> {
    const reader = openRunReadOnly(path);
    const info = reader.info();
    reader.close();
    const latency = await measureBesides(this.latencies, info, network, signal, session);
    if (network.id !== besides || info.settings.latency === 'macs') return latency;
    const store = openRun(path);
    try {
      const stored = store.extra(network.genotype);
      if (stored?.latency === null) store.addExtra({ ...stored, latency });
    } finally {
      store.close();
    }
    return latency;
  }

  /**
   * A candidate of a run that ranks by other scores, with its ZiCo: computed now as the search would have, and
   * stored with it. One that has it is given as it is stored.
   * @param agreedData as for `scoreNetwork`
   * Throws `unknown-candidate`, `candidate-failed`, and what `scoreNetwork` throws.
   */
  async giveZico(
    path: string,
    id: CandidateId,
    signal: AbortSignal,
    agreedData: string | null = null,
  ): Promise<{ readonly info: RunInfo; readonly candidate: EvaluatedCandidate }> {
    const reader = openRunReadOnly(path);
    const info = reader.info();
    let candidate: EvaluatedCandidate;
    try {
      candidate = evaluatedCandidate(reader, id);
    } finally {
      reader.close();
    }
    if (hasZico(candidate.score)) return { info, candidate };
    this.agreements.assert(info, agreedData);
    const { data, engines } = this;
    const score = await scoreAgain({ data, engines }, info, candidate, signal, true);
    const store = openRun(path);
    try {
      store.setZico(id, score);
      return { info, candidate: evaluatedCandidate(store, id) };
    } finally {
      store.close();
    }
  }

  /** Writes the files of a network that `scoreNetwork` gave into the folder; returns their names. */
  async exportNetwork(
    path: string,
    network: EvaluatedCandidate,
    folder: string,
    options: ExportOptions = {},
  ): Promise<readonly string[]> {
    const stored = openRunReadOnly(path);
    try {
      const more = network.id === besides ? [network] : [];
      const run = {
        info: () => stored.info(),
        candidate: () => network,
        candidates: () => [...stored.candidates(), ...more],
      };
      return await this.exported(run, network.id, folder, options);
    } finally {
      stored.close();
    }
  }

  /** Estimates and knowledge of a run in a child; null where this workbench has none for it. */
  get knownInChild(): ((request: KnownRequest) => Promise<WhatIsKnown | null>) | null {
    const { guide } = this;
    return guide && ((request) => knownInChild(guide, request));
  }

  /** Writes the candidate's files into the folder; returns their names. */
  async exportCandidate(
    path: string,
    id: CandidateId,
    folder: string,
    options: ExportOptions = {},
  ): Promise<readonly string[]> {
    const run = openRunReadOnly(path);
    try {
      return await this.exported(run, id, folder, options);
    } finally {
      run.close();
    }
  }

  private exported(
    run: ExportRequest['run'],
    id: CandidateId,
    folder: string,
    { ranges = usualRanges, agreedData = null, ...options }: ExportOptions,
  ): Promise<readonly string[]> {
    if (options.formats?.some(isCalibrated)) this.agreements.assert(run.info(), agreedData);
    const { productVersion } = this.options;
    const calibrating = { open: (choice: DataChoice) => this.openData(choice), ranges };
    return exportCandidate({ run, id, folder, productVersion, calibrating, ...options });
  }

  /** Stops searches, waits until their files are closed, and ends child processes. */
  async close(): Promise<void> {
    const running = [...this.searches];
    for (const search of running) search.stop();
    await Promise.allSettled(running.map(({ finished }) => finished));
    await this.data.close();
  }

  /** The farm that a session names; null where it names none. */
  private async joined(
    settings: SearchSettings,
    asked: ChosenEngine,
    session: SessionOptions,
  ): Promise<JoinedFarm | null> {
    return session.farm ? await this.farms.join(session.farm, settings, asked, session) : null;
  }

  /** The source of a search's latencies: of this computer and what is plugged in, or phones of its farm. */
  private async latencyFor(
    settings: SearchSettings,
    purpose: Purpose & { readonly session: SessionOptions },
    runId: string,
    space: DescribedSpace,
  ): Promise<{ readonly settings: SearchSettings; readonly source: LatencySource | null }> {
    const { farm, onPhones } = purpose.session;
    if (!farm) {
      assertFarmForPhones(settings);
      return await this.latencies.open(settings, purpose);
    }
    if (!measuresOnFarm(settings)) return await this.latencies.open(settings, purpose);
    const { kept, earlier } = purpose;
    const wish = { runId, space, settings, kept, earlier, onPhones };
    return await this.farms.openLatency(farm.access, wish);
  }

  private get guide(): GuideProcess | null {
    const { processes, entries } = this.options;
    return entries.guide === undefined ? null : { processes, entry: entries.guide };
  }

  private begin(parts: Omit<SearchParts, 'scorers' | 'guide'>): RunningSearch {
    const search = beginSearch({ ...parts, scorers: this.scorers, guide: this.guide });
    this.searches.add(search);
    const over = (): unknown => this.searches.delete(search);
    search.finished.then(over, over);
    return search;
  }
}
