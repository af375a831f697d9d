/**
 * Composition root: puts engine, latency source, data, space and store together. The window and the
 * command line both work through it; what differs between them (how children start, where files lie)
 * comes in as options.
 */
import { randomUUID } from 'node:crypto';
import { availableParallelism, totalmem } from 'node:os';
import type { ChildProcesses } from './child/process.ts';
import type { ChildLimits } from './child/supervised-child.ts';
import type { Engine, EngineIdentity, EngineName } from './engine/engine.ts';
import { builtVersion } from './engine/onednn/addon.ts';
import { OneDnnEngine } from './engine/onednn/engine.ts';
import { OnnxRuntimeEngine } from './engine/onnxruntime/engine.ts';
import { onnxruntimeVersion } from './engine/onnxruntime/version.ts';
import { WorkbenchError } from './errors.ts';
import { exportCandidate } from './export/export-candidate.ts';
import { summarise } from './graph/summary.ts';
import { HostLatency } from './latency/host.ts';
import { scoreOf } from './proxy/zico.ts';
import type { CandidateId, CandidateScore } from './search/candidate.ts';
import type { RunInfo, RunStore } from './search/run-store.ts';
import { plannedCandidates, runSearch, type SearchEvent } from './search/search.ts';
import { defaultTermCap, type SearchSettings } from './search/settings.ts';
import { spaceNamed } from './space/index.ts';
import { initialNetwork } from './space/initial-network.ts';
import type { Genotype, Space } from './space/space.ts';
import { createRun, openRun, openRunReadOnly } from './store/run-file.ts';
import type { BatchSet } from './task/batches.ts';
import { DataSource, type DataChoice } from './task/data-source.ts';
import type { Dataset } from './task/dataset.ts';
import { drawBatches } from './task/draw-batches.ts';
import type { Inspection } from './task/inspect-dataset.ts';

export interface WorkbenchOptions {
  readonly processes: ChildProcesses;
  /** Scripts of the children. */
  readonly entries: { readonly engine: string; readonly latency: string; readonly data: string };
  /** Folder with the files that ship with the product. */
  readonly assetsFolder: string;
  readonly productVersion: string;
}

/** What may differ from session to session of one run, because no result depends on it. */
export interface SessionOptions {
  /** Threads of the scoring engine; null takes all processors. */
  readonly threads: number | null;
  /** onnxruntime unless said otherwise. */
  readonly engine?: EngineName;
}

export interface RunningSearch {
  /** As stored when this session began. */
  readonly info: RunInfo;
  /** The open run file, to read from: while a search holds its lock nobody else can. Until `finished`. */
  readonly reader: Pick<RunStore, 'info' | 'counts' | 'candidates' | 'candidate'>;
  /** How many candidates the budget allows; null where only time limits the search. */
  readonly planned: number | null;
  /** Ends the search soon; `finished` follows. May be called twice. */
  stop(): void;
  /** Resolves once the run file is closed. Rejects with the WorkbenchError that ended the search. */
  readonly finished: Promise<'stopped' | 'finished'>;
}

/** Networks beyond this size gain nothing from more threads, and the window needs some as well. */
const mostThreads = 8;

/**
 * Limits for one candidate. Five minutes are many times what the largest supported network needs; 60 % of
 * the memory leaves room for the window and whatever else runs.
 */
const limits: ChildLimits = { timeoutMs: 300_000, memoryBytes: 0.6 * totalmem() };

export class Workbench {
  private readonly options: WorkbenchOptions;
  private readonly searches = new Set<RunningSearch>();
  private readonly data: DataSource;

  constructor(options: WorkbenchOptions) {
    this.options = options;
    const { processes, entries, assetsFolder } = options;
    this.data = new DataSource({ processes, entry: entries.data, limits, assetsFolder });
  }

  /** The engine that a search uses unless its session says otherwise. */
  get engine(): EngineIdentity {
    return { name: 'onnxruntime', version: onnxruntimeVersion, threads: defaultThreads() };
  }

  /**
   * A scoring engine of its own; the caller closes it.
   * @throws WorkbenchError `engine-unavailable` where onednn is asked for and was not built
   */
  openEngine({ threads, engine = 'onnxruntime' }: SessionOptions): Engine {
    const options = {
      processes: this.options.processes,
      entry: this.options.entries.engine,
      threads: threads ?? defaultThreads(),
      limits,
    };
    if (engine === 'onnxruntime') return new OnnxRuntimeEngine(options);
    const version = builtVersion();
    if (version !== null) return new OneDnnEngine({ ...options, version });
    throw new WorkbenchError(
      'engine-unavailable',
      'The onednn engine was not built.',
      'Build it with "npm run build:native" (docs/native.md), or choose onnxruntime.',
    );
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

  /**
   * Creates the run file and starts. Resolves when the file exists and is locked by this search.
   * Throws WorkbenchError: `run-exists`, `disk-full`, what space or data refuse.
   */
  async startSearch(
    settings: SearchSettings,
    path: string,
    onEvent: (event: SearchEvent) => void,
    session: SessionOptions = { threads: null },
  ): Promise<RunningSearch> {
    const space = spaceNamed(settings.space);
    const batches = await this.batchesFor(space, settings);
    const store = createRun(path, {
      runId: randomUUID(),
      settings,
      dataDescription: batches.description,
      productVersion: this.options.productVersion,
      createdAt: new Date().toISOString(),
      status: 'running',
      elapsedSeconds: 0,
    });
    return this.run(space, store, batches, onEvent, session);
  }

  /** Goes on with a stored run. Throws WorkbenchError: `run-in-use`, `not-a-run-file`, `data-changed`. */
  async resumeSearch(
    path: string,
    onEvent: (event: SearchEvent) => void,
    session: SessionOptions = { threads: null },
  ): Promise<RunningSearch> {
    const store = openRun(path);
    try {
      const { settings, dataDescription } = store.info();
      const space = spaceNamed(settings.space);
      const batches = await this.batchesFor(space, settings);
      assertSameData(dataDescription, batches.description, settings);
      return this.run(space, store, batches, onEvent, session);
    } catch (error) {
      store.close();
      throw error;
    }
  }

  openRunReadOnly(path: string): RunStore {
    return openRunReadOnly(path);
  }

  /** Writes model.onnx and architecture.json into the folder; returns the files' names. */
  async exportCandidate(path: string, id: CandidateId, folder: string): Promise<readonly string[]> {
    const run = openRunReadOnly(path);
    try {
      const { productVersion } = this.options;
      return await exportCandidate({ run, id, folder, productVersion });
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
    const [channels, height, width] = space.inputShape;
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
    space: Space,
    store: RunStore,
    batches: BatchSet,
    onEvent: (event: SearchEvent) => void,
    session: SessionOptions,
  ): RunningSearch {
    const info = store.info();
    const { settings } = info;
    const stop = new AbortController();
    const finished = this.search(space, store, batches, onEvent, session, stop.signal);
    const search: RunningSearch = {
      info,
      reader: store,
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
    space: Space,
    store: RunStore,
    batches: BatchSet,
    onEvent: (event: SearchEvent) => void,
    session: SessionOptions,
    signal: AbortSignal,
  ): Promise<'stopped' | 'finished'> {
    const { settings } = store.info();
    const engine = this.openEngine(session);
    const host = settings.latency === 'host' ? this.openHostLatency() : null;
    const network = (genotype: Genotype) =>
      initialNetwork(space, genotype, settings.weights, settings.seed);
    try {
      await engine.useBatches(batches);
      const { status } = await runSearch({
        space,
        settings,
        store,
        signal,
        onEvent,
        summarise: (genotype) => summarise(space.decode(genotype)),
        score: (genotype, halt) => scoreCandidate(engine, network(genotype), settings, halt),
        latency: host && {
          exclusive: host.exclusive,
          measure: (genotype, halt) => host.measure(network(genotype), halt),
        },
      });
      return status === 'stopped' ? 'stopped' : 'finished';
    } finally {
      store.close();
      await Promise.all([engine.close(), host?.close()]);
    }
  }

  private openHostLatency(): HostLatency {
    const { processes, entries } = this.options;
    return new HostLatency({ processes, entry: entries.latency, limits });
  }
}

function defaultThreads(): number {
  return Math.min(availableParallelism(), mostThreads);
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
