/**
 * Composition root: puts engine, latency source, data, space and store together. The window and the
 * command line both work through it; what differs between them (how children start, where files lie)
 * comes in as options.
 */
import { randomUUID } from 'node:crypto';
import { availableParallelism, totalmem } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BenchmarkSettings } from './benchmark/benchmark-file.ts';
import type { ChildProcesses } from './child/process.ts';
import type { ChildLimits } from './child/supervised-child.ts';
import type { Engine, EngineIdentity } from './engine/engine.ts';
import type { EngineWish } from './engine/engine-choice.ts';
import type { ScoringLayout } from './engine/layout.ts';
import { bf16Obstacle } from './engine/onednn/processor.ts';
import { notUsual, precisionOf, type Precision } from './engine/precision.ts';
import { engineToGoOnWith, type ScoringPlan } from './engine/scoring-plan.ts';
import { WorkbenchError } from './errors.ts';
import { exportCandidate, type ExportRequest } from './export/export-candidate.ts';
import type { Latency, LatencySource, ModelLatency } from './latency/latency.ts';
import type { MeasuredModelFile, MeasureModelRequest } from './measure-model/measure-model.ts';
import type {
  MeasuredOnPhone,
  PhoneProgress,
  PhoneTarget,
} from './measure-model/measure-on-phone.ts';
import type { AdbChoice } from './phone/adb/find-adb.ts';
import type { Phones } from './phone/phones.ts';
import type { PhoneReport, ReadPhonesOptions } from './phone/report.ts';
import { scoreOf } from './proxy/zico.ts';
import { scoreModel, type ModelScore, type ScoreModelRequest } from './score-model/score-model.ts';
import type { CandidateId, CandidateScore, EvaluatedCandidate } from './search/candidate.ts';
import type { RunFile, RunInfo } from './search/run-store.ts';
import { plannedCandidates, runSearch, type SearchEvent } from './search/search.ts';
import { assertLatencyLimit, assertPhoneSettings } from './search/settings-checks.ts';
import { defaultTermCap, type SearchSettings } from './search/settings.ts';
import { againSettings, notMeasured } from './workbench/again.ts';
import { sizeOf } from './workbench/size-of.ts';
import { runBenchmark, type BenchmarkObserver } from './workbench/benchmark.ts';
import { Engines } from './workbench/engines.ts';
import { LatencySources, type PhoneSession } from './workbench/latency-sources.ts';
import { earlierLatencies, keptRunner } from './workbench/phone-source.ts';
import { startScoring, type ChosenEngine, type Scoring } from './workbench/start-scoring.ts';
import { spaceNamed, spaceOfRun } from './space/index.ts';
import type { DescribedSpace } from './space/described-space.ts';
import { initialNetwork } from './space/initial-network.ts';
import type { Genotype, Purpose, Space } from './space/space.ts';
import { createRun, openRun, openRunReadOnly } from './store/run-file.ts';
import type { BatchSet } from './task/batches.ts';
import { DataSource, type DataChoice } from './task/data-source.ts';
import type { Dataset } from './task/dataset.ts';
import { spareClasses } from './task/data-warnings.ts';
import { drawBatches } from './task/draw-batches.ts';
import type { Warning } from './warning.ts';
import type { Inspection } from './task/inspect-dataset.ts';

export interface WorkbenchOptions {
  readonly processes: ChildProcesses;
  /** Scripts of the children. */
  readonly entries: {
    readonly engine: string;
    readonly latency: string;
    readonly data: string;
    readonly adb: string;
  };
  /** Folder with the files that ship with the product. */
  readonly assetsFolder: string;
  readonly productVersion: string;
}

/** How a session scores. A run keeps its engine, and where scores depend on them the threads of a process. */
export interface SessionOptions extends PhoneSession {
  /** Threads of all scoring processes together; null takes all processors. */
  readonly threads: number | null;
  /** Scoring processes; absent or `auto` lets a search find out by measuring. */
  readonly workers?: number | 'auto' | undefined;
  /** Absent: as with `auto`. */
  readonly engine?: EngineWish | undefined;
  /** Absent: float32, or on a resume the run's own. */
  readonly precision?: Precision | undefined;
}

export interface RunningSearch {
  /** As stored when this session began. */
  readonly info: RunInfo;
  /** The open run file, to read from: while a search holds its lock nobody else can. Until `finished`. */
  readonly reader: Pick<
    RunFile,
    'info' | 'counts' | 'candidates' | 'candidate' | 'rows' | 'points' | 'marks' | 'tags'
  >;
  /** The same file, to note something in. */
  readonly notes: Pick<RunFile, 'setMark' | 'setTags'>;
  /** How many candidates the budget allows; null where only time limits the search. */
  readonly planned: number | null;
  /** Ends the search soon; `finished` follows. May be called twice. */
  stop(): void;
  /** Resolves once the run file is closed. Rejects with the WorkbenchError that ended the search. */
  readonly finished: Promise<'stopped' | 'finished'>;
}

/**
 * Limits for one candidate. Five minutes are many times what the largest supported network needs; 60 % of
 * the memory leaves room for the window and whatever else runs.
 */
const limits: ChildLimits = { timeoutMs: 300_000, memoryBytes: 0.6 * totalmem() };

export class Workbench {
  private readonly options: WorkbenchOptions;
  private readonly searches = new Set<RunningSearch>();
  private readonly data: DataSource;
  private readonly engines: Engines;
  private readonly latencies: LatencySources;
  /** What was measured already, by kind of task: a window starts many searches. */
  private readonly layouts = new Map<string, ScoringLayout>();

  constructor(options: WorkbenchOptions) {
    this.options = options;
    const { processes, entries, assetsFolder } = options;
    this.data = new DataSource({ processes, entry: entries.data, limits, assetsFolder });
    const processors = availableParallelism();
    this.engines = new Engines({ processes, entry: entries.engine, limits, processors });
    this.latencies = new LatencySources({ processes, entries, limits });
  }

  /** Why bf16 is not to be had here; null where nothing speaks against it. */
  get bf16Obstacle(): string | null {
    return bf16Obstacle();
  }

  /** The engine that scores where nobody says otherwise, in a process of its own. */
  get engine(): EngineIdentity {
    return this.engines.usual;
  }

  /** Follows the phones of an adb server; the caller closes it. */
  openPhones(adb: AdbChoice): Phones {
    return this.latencies.openPhones(adb);
  }

  /** Asks the phones that are plugged in. Throws what `Phones.list` throws. */
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
    readonly threads: number | null;
    readonly engine?: EngineWish;
    readonly precision?: Precision | undefined;
  }): Engine {
    return this.engines.openOne(wishes.engine ?? 'auto', wishes.threads, wishes.precision);
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
    const chosen = await this.choose(space, batches, session);
    return this.scoringWith(chosen, space, batches, session, candidates, signal);
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
    ) => this.startScoring(space, batches, { threads: null }, networks, halt);
    return runBenchmark(settings, { assetsFolder, startScoring: start }, observer, signal);
  }

  /** Describes the images in a file or folder. Throws what opening them throws. */
  async describeData(data: string | null): Promise<string> {
    return (await this.data.open({ data, task: null })).description;
  }

  /** Opens a data set without decoding any image. Throws what `openDataset` throws. */
  openData(choice: DataChoice, signal?: AbortSignal): Promise<Dataset> {
    return this.data.open(choice, signal);
  }

  /** Says what a file or folder holds; decodes `check` of its images to find what is wrong. */
  inspectData(choice: DataChoice, check: number, signal?: AbortSignal): Promise<Inspection> {
    return this.data.inspect(choice, check, signal);
  }

  /** Scores a model of the user. `engine` is one of `openEngine`'s, for one model or for many. */
  scoreModel(
    request: ScoreModelRequest,
    engine: Engine,
    signal?: AbortSignal,
  ): Promise<ModelScore> {
    const openData = (choice: DataChoice) => this.openData(choice, signal);
    return scoreModel(request, { openData, engine }, signal);
  }

  /** Latency of a model of the user. Throws what `measureModel` throws. */
  measureModel(
    request: MeasureModelRequest,
    latency: ModelLatency,
    signal?: AbortSignal,
  ): Promise<MeasuredModelFile> {
    return this.latencies.measureModel(request, latency, signal);
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
    onEvent: (event: SearchEvent) => void,
    session: SessionOptions = { threads: null },
    space: DescribedSpace = spaceNamed(settings.space),
  ): Promise<RunningSearch> {
    assertLatencyLimit(settings); // before a file is made for it
    assertPhoneSettings(settings);
    const batches = await this.batchesFor(space, settings);
    const chosen = await this.choose(space, batches, session);
    const latency = await this.latencies.open(settings, { purpose: path, kept: null, session });
    try {
      const store = createRun(path, {
        runId: randomUUID(),
        settings: latency.settings,
        scoring: planOf(chosen),
        space: space.description,
        dataDescription: batches.description,
        warnings: runWarnings(space, batches),
        productVersion: this.options.productVersion,
        createdAt: new Date().toISOString(),
        status: 'running',
        elapsedSeconds: 0,
      });
      await nextTurn(); // making the file kept the window long enough
      return this.run(space, store, batches, chosen, latency.source, onEvent, session);
    } catch (error) {
      await latency.source?.close();
      throw error;
    }
  }

  /**
   * Goes on with a stored run, with its engine. Throws WorkbenchError: `run-in-use`, `not-a-run-file`,
   * `data-changed`, `engine-missing`, `engine-contradicts`.
   */
  async resumeSearch(
    path: string,
    onEvent: (event: SearchEvent) => void,
    session: SessionOptions = { threads: null },
  ): Promise<RunningSearch> {
    const store = openRun(path);
    try {
      const { settings, dataDescription, scoring = null } = store.info();
      const { versions } = this.engines;
      const { engine: wish = 'auto', precision: asked = null } = session;
      const goingOn = engineToGoOnWith(scoring, wish, versions, asked);
      const { name, threads, precision } = goingOn;
      const space = spaceOfRun(store.info());
      const batches = await this.batchesFor(space, settings);
      assertSameData(dataDescription, batches.description, settings);
      const chosen = {
        ...(await this.choose(space, batches, { ...session, engine: name, precision })),
        threads,
      };
      if (scoring === null) store.setScoring(planOf(chosen));
      const note = scoring?.note ?? null;
      const kept = settings.latency === 'phone' ? keptRunner(store.candidates()) : null;
      const earlier = () => earlierLatencies(store);
      const purpose = { purpose: path, kept, earlier, session };
      const { source } = await this.latencies.open(settings, purpose);
      return this.run(space, store, batches, { ...chosen, note }, source, onEvent, session);
    } catch (error) {
      store.close();
      throw error;
    }
  }

  /**
   * Scores a stored candidate once more, with the images, weights, engine and threads of its score, so that
   * it must come out the same. Throws `data-changed`, `engine-missing`, and what scoring throws.
   */
  async scoreAgain(
    info: RunInfo,
    candidate: EvaluatedCandidate,
    signal: AbortSignal,
  ): Promise<CandidateScore> {
    const { settings, dataDescription } = info;
    const { name, version, threads } = candidate.score.engine;
    const precision = precisionOf(candidate.score.engine);
    const plan: ScoringPlan = { engine: name, version, workers: 1, threads, note: null };
    engineToGoOnWith(plan, 'auto', this.engines.versions);
    const space = spaceOfRun(info);
    const batches = await this.batchesFor(space, settings);
    assertSameData(dataDescription, batches.description, settings);
    const layout = { workers: 1, threads };
    const engine = this.engines.openPool(name, layout, limits.memoryBytes, precision);
    try {
      await engine.useBatches(batches);
      const { weights, seed } = settings;
      const network = initialNetwork(space, candidate.genotype, weights, seed, 'scoring');
      return await scoreCandidate(engine, network, settings, signal);
    } finally {
      await engine.close();
    }
  }

  /** Takes the latency of a stored candidate once more. Throws `not-measured`, and what measuring throws. */
  async measureAgain(
    info: RunInfo,
    candidate: EvaluatedCandidate,
    signal: AbortSignal,
    session: PhoneSession = {},
  ): Promise<Latency> {
    const { source } = await this.latencies.open(againSettings(info.settings, candidate), {
      purpose: `measuring candidate ${candidate.id} again`,
      kept: keptRunner([candidate]),
      session,
    });
    if (source === null) throw notMeasured();
    try {
      const { weights, seed } = info.settings;
      const { genotype } = candidate;
      const network = initialNetwork(spaceOfRun(info), genotype, weights, seed, 'deployment');
      return await source.measure(network, signal);
    } finally {
      await source.close();
    }
  }

  openRunReadOnly(path: string): RunFile {
    return openRunReadOnly(path);
  }

  /** Writes the candidate's files into the folder; returns their names. */
  async exportCandidate(
    path: string,
    id: CandidateId,
    folder: string,
    options: Pick<ExportRequest, 'formats' | 'onProgress'> = {},
  ): Promise<readonly string[]> {
    const run = openRunReadOnly(path);
    try {
      const { productVersion } = this.options;
      return await exportCandidate({ run, id, folder, productVersion, ...options });
    } finally {
      run.close();
    }
  }

  /** Stops searches, waits until their files are closed, and ends child processes. */
  async close(): Promise<void> {
    const running = [...this.searches];
    for (const search of running) search.stop();
    await Promise.allSettled(running.map(({ finished }) => finished));
    await this.data.close();
  }

  private async batchesFor(space: Space, settings: SearchSettings): Promise<BatchSet> {
    const images = await this.data.open({ data: settings.data, task: space.task });
    const [channels, height, width] = space.scoringShape;
    if (images.inputShape[0] !== channels || images.classes > space.classes) {
      throw new WorkbenchError(
        'data-do-not-fit',
        `${space.title} takes ${channels}-channel images of up to ${space.classes} classes; these have ${images.inputShape[0]} channels and ${images.classes} classes (${images.description}).`,
        'Choose data that fit the search space.',
      );
    }
    return drawBatches(images, { ...settings, size: [height, width] });
  }

  private run(
    space: DescribedSpace,
    store: RunFile,
    batches: BatchSet,
    chosen: ChosenEngine,
    source: LatencySource | null,
    onEvent: (event: SearchEvent) => void,
    session: SessionOptions,
  ): RunningSearch {
    const info = store.info();
    const { settings } = info;
    const stop = new AbortController();
    const finished = this.search(
      space,
      store,
      batches,
      chosen,
      source,
      onEvent,
      session,
      stop.signal,
    );
    const search: RunningSearch = {
      info,
      reader: store,
      notes: store,
      planned: plannedCandidates(settings, space.networks),
      stop: () => stop.abort(),
      finished: finished.finally(() => this.searches.delete(search)),
    };
    this.searches.add(search);
    // Whoever started the search hears of its error through `finished`; until then it is no stray one.
    search.finished.catch(() => undefined);
    return search;
  }

  private async search(
    space: DescribedSpace,
    store: RunFile,
    batches: BatchSet,
    chosen: ChosenEngine,
    source: LatencySource | null,
    onEvent: (event: SearchEvent) => void,
    session: SessionOptions,
    signal: AbortSignal,
  ): Promise<'stopped' | 'finished'> {
    const { settings } = store.info();
    const network = (genotype: Genotype, purpose: Purpose) =>
      initialNetwork(space, genotype, settings.weights, settings.seed, purpose);
    const { resolution } = space.description;
    let engine: Engine | null = null;
    try {
      await nextTurn(); // whoever asked for the search hears that it runs before its processes start
      const planned = plannedCandidates(settings, space.networks);
      const scoring = await this.scoringWith(chosen, space, batches, session, planned, signal);
      store.setScoring(scoring.plan);
      const scorer = (engine = scoring.engine);
      const { status } = await runSearch({
        space,
        settings,
        store,
        signal,
        onEvent,
        concurrency: scoring.layout.workers,
        scoring: scoring.plan,
        summarise: (genotype) => sizeOf(space.decode(genotype), settings, source),
        score: async (genotype, halt) => ({
          ...(await scoreCandidate(scorer, network(genotype, 'scoring'), settings, halt)),
          resolutions: resolution,
        }),
        latency: source && {
          exclusive: source.exclusive,
          queued: source.queued ?? false,
          measure: (genotype, halt) => source.measure(network(genotype, 'deployment'), halt),
        },
      });
      return status === 'stopped' ? 'stopped' : 'finished';
    } finally {
      store.close();
      await Promise.all([engine?.close(), source?.close()]);
    }
  }

  private async choose(
    space: Space,
    batches: BatchSet,
    { engine = 'auto', precision = 'float32' }: SessionOptions,
  ): Promise<ChosenEngine> {
    const choice = await this.engines.choose(engine, space, batches, precision);
    const version = this.engines.versions[choice.name] ?? '';
    return { ...choice, version, threads: null, precision };
  }

  private scoringWith(
    chosen: ChosenEngine,
    space: Space,
    batches: BatchSet,
    wishes: SessionOptions,
    candidates: number | null,
    signal?: AbortSignal,
  ): Promise<Scoring> {
    return startScoring({
      space,
      batches,
      chosen,
      wishes,
      candidates,
      processors: availableParallelism(),
      memoryBytes: limits.memoryBytes,
      open: (...pool) => this.engines.openPool(...pool),
      known: this.layouts,
      signal,
    });
  }
}

/** What is known of a run's scoring before its processes start. */
function planOf({ name, version, note, threads, precision }: ChosenEngine): ScoringPlan {
  return { engine: name, version, workers: null, threads, note, ...notUsual(precision) };
}

async function scoreCandidate(
  engine: Engine,
  graph: ReturnType<typeof initialNetwork>,
  settings: SearchSettings,
  signal: AbortSignal,
): Promise<CandidateScore> {
  const termCap = settings.termCap ?? defaultTermCap;
  const statistics = await engine.statistics({ graph, termCap }, signal);
  return {
    ...scoreOf(statistics.layers),
    termCap,
    losses: statistics.losses,
    layers: statistics.layers,
    engine: statistics.engine,
    seconds: statistics.seconds,
  };
}

function runWarnings(space: Space, { notes = [], classes }: BatchSet): readonly Warning[] {
  const spare = spareClasses(`Every network of ${space.title}`, space.classes, classes);
  return spare ? [spare, ...notes] : notes;
}

/** The digest at the end of a description names the images that were drawn, wherever their file lies now. */
function assertSameData(stored: string, drawn: string, { data }: SearchSettings): void {
  const digest = (description: string) => description.slice(description.lastIndexOf('digest'));
  if (digest(stored) === digest(drawn)) return;
  throw new WorkbenchError(
    'data-changed',
    `The images ${data === null ? 'that ship with the product' : `in ${data}`} are not those this run was started with, so its scores would not compare.`,
    'Put the original data back, or start a new run.',
  );
}
