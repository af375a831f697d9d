/**
 * A main side made up for tests and for looking at the window in a browser. Its figures are invented
 * by a formula; nothing here was ever scored or measured.
 */
import type { JudgedPredictors } from '../../main/common/benchmarks.ts';
import { predictionsOf, predictors, type Predictor } from '../../main/common/predictors.ts';
import { kendallTauB } from '../../main/common/rank-correlation.ts';
import type { Warning } from '../../main/common/report.ts';
import {
  defaultPreferences,
  keptPlaces,
  type ArchitectureNode,
  type AppDescription,
  type BenchmarkedNetwork,
  type BenchmarkSettings,
  type BenchmarkView,
  type Bridge,
  type CallResult,
  type CandidateDetail,
  type PageRow,
  type ErrorReport,
  type EventName,
  type EventPayload,
  type FarmPlaces,
  type FarmView,
  type LayerRow,
  type LookedAtModelView,
  type Mark,
  type MethodArguments,
  type ModelGraph,
  type MethodName,
  type MethodResult,
  type ModelList,
  type ModelRow,
  type PhoneActivity,
  type Preferences,
  type RunModel,
  type RunProgress,
  type RunState,
  type RunSummary,
  type SearchRate,
  type SearchBenchmarkList,
  type SearchBenchmarkView,
  type SearchSettings,
  type SpaceSummary,
  type StorageUsed,
  type TrainedGroupView,
  type TrainedModelView,
  type UpdateState,
} from '../../preload/contract.ts';

import { presetsFor } from '../../main/common/presets.ts';
import { latestGuidedRevision } from '../../main/common/settings/method.ts';
import { packRows } from '../../main/electron/pack-rows.ts';
import { farmAnswers, noFarm, noPlaces } from './fake-farm.ts';
import { fakeGraph, graphAnswers } from './fake-graphs.ts';
import { shownPart } from './fake-images.ts';
import { phoneAnswers, phonesWith } from './fake-phones.ts';
import { FakeQueue } from './fake-queue.ts';
import { FakeOwnSpaces, spaceAnswers } from './fake-spaces.ts';

const widths = [8, 16, 24, 32, 40, 48, 56, 64];

export const space: SpaceSummary = {
  sizes: null,
  code: null,
  name: 'nats-sss',
  title: 'NATS-Bench size space',
  task: 'classification',
  networks: 32_768,
  networksText: '32,768',
  classes: 10,
  resolution: { scoring: [32, 32], deployment: [32, 32] },
  genes: ['c0', 'c1', 'c2', 'c3', 'c4'].map((name) => ({ name, choices: [...widths] })),
  depth: { unit: 'blocks', least: 5, most: 5, fixed: true },
  width: { unit: 'place in the range of channels', least: 0, most: 1, fixed: false },
  presets: presetsFor({
    ...{ task: 'classification', scoringShape: [3, 32, 32], varies: 'widths' },
  }),
  baselines: [
    { name: 'widest', genotype: '64:64:64:64:64', parameters: 713_674, macs: 152_900_000 },
  ],
};

export const settings: SearchSettings = {
  space: 'nats-sss',
  data: null,
  latency: 'host',
  phone: null,
  search: 'nsga2',
  inFlight: null,
  score: 'zico-bc',
  proxies: 'near',
  guidedRevision: latestGuidedRevision,
  takenOver: 0,
  settledPercent: null,
  population: 20,
  generations: 10,
  candidates: null,
  seconds: null,
  seed: 0,
  preset: 'custom',
  beta: 1,
  termCap: null,
  biasSize: 'deployment',
  biasLayers: 'live',
  batches: 2,
  batchSize: 64,
  weights: 'pytorch-default',
  maxParameters: null,
  maxMacs: null,
  intervalPercent: 5,
  latencyPrecision: 'float32',
  hostRunner: 'onnxruntime-cpu',
  repeats: 12,
  maxLatencyMs: null,
};

export const description: AppDescription = {
  version: '0.1.0',
  platform: 'linux x64',
  electron: '33.2.1',
  processor: 'Invented Processor 9000',
  cores: 2,
  memoryBytes: 8e9,
  engine: { name: 'onnxruntime', version: '1.30.0', threads: 2 },
  bf16Obstacle: null,
  defaultSettings: settings,
  embeddedData: '256 CIFAR-10 test images that ship with the Workbench',
  embedded: {
    classification: '256 CIFAR-10 test images that ship with the Workbench',
    segmentation: 'drawn blood cells that ship with the Workbench',
    detection: 'blood cells in boxes that ship with the Workbench',
  },
  runsFolder: '/home/somebody/Searches',
};

/** The same random sequence every time. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/** An invented layer list with the shape of the space's networks. */
function layersOf(values: readonly number[]): LayerRow[] {
  const [c0 = 8, c1 = 8, c2 = 8, c3 = 8, c4 = 8] = values;
  const stages: [string, number, number, number][] = [
    ['stem.conv', 3, c0, 32],
    ['body.0.op01', c0, c0, 32],
    ['body.0.op12', c0, c0, 32],
    ['body.0.op23', c0, c0, 32],
    ['body.1.main.0', c0, c1, 16],
    ['body.1.main.1', c1, c1, 16],
    ['body.2.op01', c1, c2, 16],
    ['body.2.op23', c2, c2, 16],
    ['body.3.main.0', c2, c3, 8],
    ['body.3.shortcut', c2, c3, 8],
    ['body.4.op01', c3, c4, 8],
    ['body.4.op23', c4, c4, 8],
    ['head', c4, 10, 1],
  ];
  return stages.map(([name, inputs, channels, side]) => {
    const weights = inputs * channels * (side === 1 ? 1 : 9);
    const log = Math.log(weights * (3 + (name.length % 5)));
    return {
      name,
      kind: side === 1 ? 'Gemm' : 'Conv',
      height: side,
      width: side,
      channels,
      weights,
      parameters: weights,
      macs: weights * side * side,
      log,
      logCapped: log * 0.94,
      bias: Math.log((side * side) / Math.sqrt(channels)),
      gradientNorms: [0.2, 0.21],
    };
  });
}

/** The invented layers one after another, a join at the end of every stage. */
export function fakeArchitecture(values: readonly number[]): ArchitectureNode[] {
  const stageOf = (name: string): string => {
    const number = /^body\.(\d)/.exec(name)?.[1];
    return number === undefined ? (name.split('.')[0] ?? '') : `stage${Number(number) + 1}`;
  };
  const nothing = { also: [], layer: null, parameters: 0, macs: 0, leadsNowhere: false };
  const nodes: ArchitectureNode[] = [
    { id: 'input', stage: 'input', title: 'input', shape: [3, 32, 32], inputs: [], ...nothing },
  ];
  for (const layer of layersOf(values)) {
    const last = nodes[nodes.length - 1];
    const stage = stageOf(layer.name);
    nodes.push({
      ...{ id: layer.name, stage, layer: layer.name, inputs: last ? [last.id] : [] },
      leadsNowhere: false,
      title: layer.kind === 'Gemm' ? 'linear' : 'conv 3×3',
      also: layer.kind === 'Gemm' ? [] : ['batch norm', 'ReLU'],
      shape: [layer.channels, layer.height, layer.width],
      ...{ parameters: layer.parameters, macs: layer.macs },
    });
  }
  return nodes;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

export interface RowOptions {
  readonly population?: number;
  readonly latency?: SearchSettings['latency'];
}

/** Invented candidates: later generations are better, a few fail. */
export function rows(n: number, { population = 20, latency = 'host' }: RowOptions = {}): PageRow[] {
  const next = sequence(7);
  return Array.from({ length: n }, (_, i): PageRow => {
    const id = i + 1;
    const generation = Math.floor(i / population);
    const lean = Math.min(0.5, generation * 0.05);
    const base = next();
    const values = space.genes.map(() => {
      const level = base * 0.65 + next() * 0.35 + (next() - 0.5) * (0.5 - lean * 0.8);
      return widths[Math.max(0, Math.min(7, Math.round(level * 7)))] ?? 8;
    });
    const layers = layersOf(values);
    const macs = sum(layers.map((layer) => layer.macs));
    const failed = id % 53 === 41;
    const zico = sum(layers.map((layer) => layer.log)) + (next() - 0.5) * 6 + lean * 6;
    const bias = sum(layers.map((layer) => layer.bias));
    return {
      id,
      genotype: values.join(':'),
      values,
      generation,
      parents:
        generation === 0 ? [] : [Math.max(1, id - population), Math.max(1, id - population + 3)],
      parameters: sum(layers.map((layer) => layer.parameters)),
      macs,
      relativeDepth: null,
      relativeWidth: sum(values.map((value) => (value - 8) / 56)) / values.length,
      status: failed ? 'failed' : 'evaluated',
      zico: failed ? null : zico,
      zicoCapped: failed ? null : zico * 0.93 + (next() - 0.5),
      bias: failed ? null : bias,
      proxies: failed ? {} : { near: sum(values) / 3 + next() * 4 },
      biases: failed
        ? {}
        : {
            deployment_live: bias,
            deployment_all: bias + 3,
            scoring_live: bias / 2,
            scoring_all: bias / 2 + 3,
          },
      ...latencyOf(
        failed || latency === 'macs' ? null : 0.12 + (macs / 4e7) * (0.9 + next() * 0.2),
      ),
      failure: failed
        ? {
            code: 'gradient-not-finite',
            message: 'A gradient of layer body.2.op01 is not a number.',
            hint: 'The search goes on. Another seed or other initial weights may avoid it.',
          }
        : null,
    };
  });
}

/** Known to 3 %. */
const latencyOf = (latencyMs: number | null) => ({
  latencyMs,
  latencyBounds:
    latencyMs === null
      ? null
      : { lowMs: latencyMs * 0.97, highMs: latencyMs * 1.03, basis: 'interval' as const },
  latencyDoubtful: false,
});

export function detailOf(row: PageRow): CandidateDetail {
  const next = sequence(row.id + 11);
  const latencyMs = row.latencyMs;
  const runsMs =
    latencyMs === null
      ? []
      : Array.from({ length: 20 }, (_, i) =>
          i === 10 ? latencyMs : latencyMs * (0.985 + next() ** 2 * 0.06),
        );
  const sorted = [...runsMs].sort((a, b) => a - b);
  const failed = row.status === 'failed';
  return {
    row,
    layers: failed ? [] : layersOf(row.values),
    termCap: failed ? null : 100,
    losses: failed ? [] : [2.31, 2.34],
    scoringSeconds: failed ? null : 0.62,
    facts:
      row.proxies.near === undefined
        ? null
        : {
            ...{ layers: 25, liveLayers: 25, lnChannels: 71.4 },
            proxies: { near: { value: row.proxies.near } },
          },
    engine: failed ? null : description.engine,
    latency:
      latencyMs === null
        ? null
        : {
            latencyMs,
            p90Ms: sorted[17] ?? latencyMs,
            minMs: sorted[0] ?? latencyMs,
            runsMs,
            conditions:
              'Median of 20 runs after 3 warm-up runs, batch 1, fp32, 1 thread, ONNX Runtime CPU 1.30.0, on this computer (Invented Processor 9000).',
            bounds: latencyOf(latencyMs).latencyBounds,
            phone: null,
            unsteady: [],
          },
  };
}

const modelSettings: ModelList['settings'] = {
  task: 'classification',
  images: 'pictures',
  data: null,
  size: null,
  constants: {},
  ignoreNoise: false,
  preset: 'robust',
  batchSize: null,
  seed: 0,
  weights: 'file',
  engine: 'auto',
  precision: 'auto',
};

/** An invented model whose figures are the sums of its layers. */
export function fakeModel(id: number, name: string, values: readonly number[]): ModelRow {
  const layers = layersOf(values);
  const zico = sum(layers.map((layer) => layer.log));
  return {
    id,
    name,
    path: `/home/somebody/${name}`,
    state: 'scored',
    error: null,
    outputs: [{ name: 'logits', shape: 'N x 10' }],
    chosen: [],
    latency: null,
    latencyError: null,
    measuring: false,
    score: {
      task: 'classification',
      zico,
      zicoCapped: sum(layers.map((layer) => layer.logCapped)),
      bias: sum(layers.map((layer) => layer.bias)),
      ranksLast: false,
      termCap: 100,
      parameters: sum(layers.map((layer) => layer.parameters)),
      macs: sum(layers.map((layer) => layer.macs)),
      layers,
      batches: 2,
      batchSize: 64,
      dataDescription: description.embeddedData,
      batchNormalization: 'kept',
      warnings: [],
      engine: description.engine,
      engineNote: null,
      seconds: 0.4,
    },
  };
}

const benchmarkSettings: BenchmarkSettings = {
  preset: 'custom',
  ...{ space: 'nats-sss', count: 40, seed: 0, weights: 'pytorch-default', repeatability: true },
  ...{ batches: 2, batchSize: 64, termCap: 100, biasSize: 'deployment', biasLayers: 'live' },
  draws: 1,
};

/** Invented: accuracies follow the widths, and so do the scores, each with noise of its own. */
function benchmarkedNetworks(n: number, repeatability: boolean): BenchmarkedNetwork[] {
  const next = sequence(5);
  const noise = (size: number): number => (next() - 0.5) * size;
  return rows(n).map(({ genotype, values, parameters, macs }) => {
    const layers = layersOf(values);
    const bias = sum(layers.map((layer) => layer.bias));
    const zico = sum(layers.map((layer) => layer.log));
    const again = () =>
      repeatability ? { zico: zico + noise(8), zicoCapped: zico * 0.93 + noise(2), bias } : null;
    const quality = sum(values) / 8;
    return {
      ...{ genotype, parameters, macs },
      accuracies: [70 + quality / 2 + noise(3), 30 + quality + noise(6), 15 + quality + noise(4)],
      scores: { zico: zico + noise(8), zicoCapped: zico * 0.93 + noise(2), bias },
      ...{ otherWeights: again(), otherBatches: again() },
    };
  });
}

export interface FakeBenchmarkOptions {
  readonly state?: BenchmarkView['summary']['state'];
  readonly networks?: number;
  readonly settings?: Partial<BenchmarkSettings>;
}

export function fakeBenchmark(
  benchmark: string,
  options: FakeBenchmarkOptions = {},
): BenchmarkView {
  const own = { ...benchmarkSettings, ...options.settings };
  const { state = 'finished', networks = 40 } = options;
  const runs = state === 'running' || state === 'stopping';
  return {
    summary: {
      ...{ benchmark, state, settings: own, scored: networks, seconds: 90, error: null },
      createdAt: '2026-03-02T09:41:00.000Z',
    },
    progress: runs ? { pass: 'scores', done: networks, all: 120, secondsLeft: 80 } : null,
    data: description.embeddedData,
    engine: description.engine,
    scoring: { workers: 2, threads: 1 },
    columns: ['cifar10_test_acc', 'cifar100_test_acc', 'imagenet16_120_test_acc'],
    networks: benchmarkedNetworks(networks, own.repeatability && !runs),
    failed: [],
  };
}

/** Invented, but for ranks: a regret falls with tau, and each interval is a tenth around its value. */
function fakeJudgement(
  { columns, networks }: BenchmarkView,
  beta: number,
  models: boolean,
  only: readonly Predictor[] = predictors,
): JudgedPredictors {
  const around = (value: number) => ({ value, from: value - 0.05, to: value + 0.05 });
  const known = networks.map(({ scores, parameters, macs, facts }) => ({
    ...{ ...scores, parameters, macs, facts },
  }));
  const entries = only.flatMap((name) => {
    const values = predictionsOf(name, known, beta);
    if (values === null) return [];
    const judged = columns.map((column, c) => {
      const tau = kendallTauB(
        values,
        networks.map(({ accuracies }) => accuracies[c]!),
      );
      const lost = around(1 - tau);
      return [
        column,
        {
          ...{ kendallTau: around(tau), spearmanRho: around(tau), ndcg10: around(tau) },
          ...{ equalMacs: around(tau / 2), regret: lost },
          ...(models && { regretOf40: lost, regretOf100: lost }),
        },
      ] as const;
    });
    return [[name, Object.fromEntries(judged)] as const];
  });
  return Object.fromEntries(entries);
}

export interface FakeRun {
  warnings?: Warning[];
  summary: RunSummary;
  rows: PageRow[];
  revision: number;
  planned: number | null;
  /** Of the expected front, once the budget is spent. */
  confirmed?: RunProgress['confirmed'];
}

export interface FakeRunOptions {
  readonly run: string;
  readonly state?: RunState;
  readonly candidates?: number;
  readonly settings?: Partial<SearchSettings>;
  readonly createdAt?: string;
  readonly error?: ErrorReport;
}

export function fakeRun(options: FakeRunOptions): FakeRun {
  const own = { ...settings, ...options.settings };
  const candidates = rows(options.candidates ?? 0, {
    population: own.population,
    latency: own.latency,
  });
  const failed = candidates.filter((row) => row.status === 'failed').length;
  return {
    rows: candidates,
    revision: 1,
    planned: own.generations === null ? own.candidates : own.generations * own.population,
    summary: {
      run: options.run,
      name: `${options.run}.zico`,
      path: `${description.runsFolder}/${options.run}.zico`,
      state: options.state ?? 'finished',
      createdAt: options.createdAt ?? '2026-03-02T09:41:00.000Z',
      settings: own,
      evaluated: candidates.length - failed,
      failed,
      tags: [],
      elapsedSeconds: candidates.length * 1.1,
      error: options.error ?? null,
    },
  };
}

type Handler<M extends MethodName> = (...args: MethodArguments<M>) => MethodResult<M>;
type Handlers = { [M in MethodName]: Handler<M> };
type Listener = (payload: never) => void;

/** Thrown by a handler to answer with an error. */
export class Refusal extends Error {
  readonly report: ErrorReport;

  constructor(report: ErrorReport) {
    super(report.message);
    this.report = report;
  }
}

const folderOfImages = (name: string) => ({
  path: `/home/somebody/${name}`,
  description: '60,000 images of 10 classes in 6 files',
  images: 60_000,
  problems: ['2 × holds … .gif files, which are not read, such as cat'],
});

export class FakeBridge implements Bridge {
  readonly runs: FakeRun[];
  readonly queue = new FakeQueue();
  trash: FakeRun[] = [];
  readonly revealed: string[] = [];
  recent: { run: string; name: string; path: string }[] = [];
  /** Trained models of the run, the one that is looked at next, and how scores order them. */
  trained: TrainedModelView[] = [];
  trainedModel: LookedAtModelView = { digest: 'a'.repeat(64), name: 'trained.onnx', newHead: null };
  trainedGroups: TrainedGroupView[] = [];
  trainedRefusal: ErrorReport | null = null;
  readonly trainedAsked: Record<string, unknown>[] = [];
  marks: Mark[] = [];
  /** Nothing can be noted in any of the runs. */
  readOnly = false;
  preferences: Preferences = { ...defaultPreferences };
  update: UpdateState = { state: 'idle', checkedAt: null };
  models: ModelList = {
    settings: modelSettings,
    models: [],
    arrays: { inputs: null, targets: null },
    busy: false,
  };
  benchmarks: BenchmarkView[] = [];
  model: RunModel | null = null;
  /** Runs whose candidates a new search may begin with. */
  readonly beginnings = new Set<string>();
  trialRate: SearchRate | null = null;
  judgedSearches: readonly SearchBenchmarkView[] = [];
  /** What runs, or went wrong, of the searches that are judged. */
  judging: Pick<SearchBenchmarkList, 'running' | 'error'> = { running: null, error: null };
  phones = phonesWith([]);
  farm: FarmView = noFarm;
  places: FarmPlaces = noPlaces;
  /** Of the run that is being searched. */
  working: readonly PhoneActivity[] = [];
  readonly dropped: File[] = [];
  readonly ownSpaces = new FakeOwnSpaces();
  /** Every call, in order. */
  readonly calls: { method: MethodName; args: unknown }[] = [];
  /** Replaces single answers. */
  readonly overrides: Partial<Handlers> = {};
  readonly #listeners = new Map<EventName, Set<Listener>>();
  readonly #handlers: Handlers;

  constructor(runs: FakeRun[] = []) {
    this.runs = runs;
    this.#handlers = this.#answers();
  }

  async call<M extends MethodName>(
    method: M,
    ...args: MethodArguments<M>
  ): Promise<CallResult<MethodResult<M>>> {
    // Real arguments are cloned, and a proxy cannot be.
    this.calls.push({ method, args: structuredClone(args) });
    await Promise.resolve();
    try {
      const handler: Handler<M> = this.overrides[method] ?? this.#handlers[method];
      return { ok: true, value: structuredClone(handler(...args)) };
    } catch (error) {
      if (error instanceof Refusal) return { ok: false, error: error.report };
      throw error;
    }
  }

  async drop(files: readonly File[]): Promise<CallResult<null>> {
    this.dropped.push(...files);
    return { ok: true, value: null };
  }

  async dropTrained(
    of: { readonly run: string; readonly id: number },
    file: File,
  ): Promise<CallResult<LookedAtModelView>> {
    this.trainedAsked.push({ method: 'dropped', ...of });
    if (this.trainedRefusal) return { ok: false, error: this.trainedRefusal };
    return { ok: true, value: { ...this.trainedModel, name: file.name } };
  }

  async dropData(folder: File): Promise<CallResult<MethodResult<'data.dropped'>>> {
    return this.call('data.dropped', { path: folder.name });
  }

  async dropGraph(file: File): Promise<CallResult<ModelGraph>> {
    return { ok: true, value: { ...fakeGraph, file: file.name } };
  }

  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  emit<E extends EventName>(event: E, payload: EventPayload<E>): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(payload as never);
  }

  get searchBenchmarks(): SearchBenchmarkList {
    return { ...this.judging, results: this.judgedSearches.map(({ summary }) => summary) };
  }

  /** The model knows now what a network of its front came to. */
  scoreExpected(genotype: string): void {
    if (!this.model) return;
    const front = this.model.front.map((one) =>
      one.genotype === genotype ? { ...one, scored: true, deviation: 0.1 } : one,
    );
    this.model = { ...this.model, front };
  }

  find(run: string): FakeRun {
    const found = this.runs.find((one) => one.summary.run === run);
    if (found) return found;
    throw new Refusal({
      code: 'unknown-run',
      message: 'This run is not known.',
      hint: 'Open its file again.',
    });
  }

  /** Stores more candidates and says so. */
  add(run: string, more: readonly PageRow[]): void {
    const known = this.find(run);
    known.rows.push(...more);
    this.#count(known);
    this.changed(run);
  }

  changed(run: string): void {
    const revision = ++this.find(run).revision;
    this.emit('run.changed', { run, revision });
  }

  setState(run: string, state: RunState): void {
    this.find(run).summary.state = state;
    this.changed(run);
  }

  #count({ summary, rows: all }: FakeRun): void {
    summary.failed = all.filter((row) => row.status === 'failed').length;
    summary.evaluated = all.length - summary.failed;
    summary.elapsedSeconds = all.length * 1.1;
  }

  #progress(run: string): RunProgress {
    const { summary, rows: all, revision, planned, confirmed = null } = this.find(run);
    const searching = summary.state === 'searching';
    const evaluating = all.length % 2 === 0 ? 'scoring' : 'measuring';
    return {
      run,
      state: summary.state,
      revision,
      evaluated: summary.evaluated,
      failed: summary.failed,
      planned,
      generation: all.at(-1)?.generation ?? 0,
      phase: searching ? (confirmed ? 'confirming' : evaluating) : 'idle',
      measuring: searching && !confirmed && all.length % 2 === 1 ? all.length + 1 : null,
      confirmed,
      candidatesPerMinute: searching && all.length > 1 ? 54.5 : null,
      secondsLeft: searching && planned !== null ? (planned - all.length) * 1.1 : null,
      elapsedSeconds: summary.elapsedSeconds,
      scoring: null,
      computing: null,
      error: null,
    };
  }

  #answers(): Handlers {
    return {
      'app.describe': () => description,
      'spaces.list': () => [space],
      'data.chooseFolder': () => folderOfImages('cifar-10-batches-bin'),
      'data.dropped': ({ path }) => folderOfImages(path),
      ...this.queue.answers(() => this.emit('queue.changed', {})),
      'search.estimateWarning': () => null,
      'data.stop': () => null,
      'search.start': ({ name, settings: chosen }) => {
        const run = fakeRun({
          run: name,
          state: 'searching',
          settings: chosen,
          createdAt: '2026-03-02T10:00:00.000Z',
        });
        this.runs.push(run);
        return { run: name };
      },
      'search.stop': ({ run }) => {
        this.setState(run, 'stopped');
        return null;
      },
      'search.pause': ({ run }) => {
        this.setState(run, 'paused');
        return null;
      },
      'search.goOn': ({ run }) => {
        this.setState(run, 'searching');
        return null;
      },
      'search.resume': ({ run }) => {
        this.setState(run, 'searching');
        return null;
      },
      'runs.list': () => this.runs.map((run) => run.summary),
      'runs.chooseFile': () => null,
      'runs.opened': () => null,
      'runs.marks': () => this.marks,
      'runs.mark': ({ mark }) => {
        const others = this.marks.filter(({ candidate }) => candidate !== mark.candidate);
        const noted = mark.starred || mark.note !== '' || mark.name !== '';
        this.marks = noted ? [...others, mark] : others;
        return this.marks;
      },
      'runs.saveWithoutNotes': () => ({ file: '/home/somebody/Searches/copy.zico' }),
      'runs.saveReport': () => ({ file: '/home/somebody/Searches/report.html' }),
      ...graphAnswers(),
      'images.ofSearch': ({ batch, first }) => shownPart(batch, first),
      'images.ofRun': ({ batch, first }) => shownPart(batch, first),
      'images.close': () => null,
      'trained.list': () => this.trained,
      'trained.order': ({ beta }) => {
        this.trainedAsked.push({ method: 'order', beta });
        return this.trainedGroups;
      },
      'trained.choose': () => this.trainedModel,
      'trained.dropped': () => this.trainedModel,
      'trained.attach': ({ id, digest, stated }) => {
        this.trainedAsked.push({ method: 'attach', id, digest, stated });
        const before = this.trained.find(({ candidate }) => candidate === id);
        const { float32 = null, int8 = null } = before?.digest === digest ? before : {};
        const model = { ...this.trainedModel, ...stated, candidate: id, digest, float32, int8 };
        const attachedAt = '2026-01-02T03:04:05.000Z';
        this.trained = [
          ...this.trained.filter(({ candidate }) => candidate !== id),
          { ...model, attachedAt },
        ];
        return this.trained;
      },
      'trained.detach': ({ id }) => {
        this.trained = this.trained.filter(({ candidate }) => candidate !== id);
        return this.trained;
      },
      'trained.measure': ({ id }) => {
        const measured = (latencyMs: number) => ({
          ...{ latencyMs, p90Ms: latencyMs, minMs: latencyMs, runsMs: [], bounds: null },
          ...{ conditions: 'Median of 10 runs.', phone: null, unsteady: [] },
        });
        this.trained = this.trained.map((one) =>
          one.candidate === id ? { ...one, float32: measured(4.25), int8: measured(1.5) } : one,
        );
        return this.trained;
      },
      'trained.cancel': () => null,
      'runs.tag': ({ run, tags }) => {
        this.find(run).summary.tags = tags;
        return null;
      },
      'runs.trash': ({ runs }) => {
        for (const run of runs) {
          const [gone] = this.runs.splice(this.runs.indexOf(this.find(run)), 1);
          this.trash.push(gone!);
        }
        return null;
      },
      'runs.restore': ({ runs }) => {
        this.runs.push(...this.trash.filter(({ summary }) => runs.includes(summary.run)));
        this.trash = this.trash.filter(({ summary }) => !runs.includes(summary.run));
        return null;
      },
      'runs.rename': ({ run, name }) => {
        const { summary } = this.find(run);
        Object.assign(summary, { run: name, name });
        return { run: name };
      },
      'runs.reveal': ({ run }) => {
        this.revealed.push(run);
        return null;
      },
      'runs.recent': () => this.recent,
      'runs.openRecent': ({ run }) => ({ run }),
      'preferences.read': () => this.preferences,
      'preferences.change': (changes) => (this.preferences = { ...this.preferences, ...changes }),
      'updates.state': () => this.update,
      'updates.check': () => this.update,
      'runs.view': ({ run }) => ({
        summary: this.find(run).summary,
        dataDescription: description.embeddedData,
        warnings: this.find(run).warnings ?? [],
        productVersion: '0.1.0',
        readOnly: this.readOnly,
        space,
      }),
      'runs.progress': ({ run }) => this.#progress(run),
      'runs.candidates': ({ run, after, most }) =>
        packRows(
          this.find(run)
            .rows.filter((row) => row.id > after)
            .sort((a, b) => a.id - b.id)
            .slice(0, most),
        ),
      'runs.model': () => this.model,
      'runs.candidate': ({ run, id }) => {
        const row = this.find(run).rows.find((one) => one.id === id);
        if (row) return detailOf(row);
        throw new Refusal({ code: 'unknown-candidate', message: 'No such candidate.', hint: '' });
      },
      'candidate.export': ({ id }) => ({
        folder: `/home/somebody/Exports/c-${String(id).padStart(4, '0')}`,
        files: ['model.onnx', 'architecture.json'],
      }),
      'candidate.exportSeveral': ({ ids }) => ({
        ...{ folder: '/home/somebody/Exports', ids, failed: [], cancelled: false },
      }),
      'candidate.cancelExports': () => null,
      'support.storage': () => ({
        places: Object.fromEntries(
          keptPlaces.map((place) => [
            place,
            { folder: `/home/somebody/${place}`, bytes: 1_400_000, files: 3 },
          ]),
        ) as StorageUsed['places'],
        freeBytes: 123e9,
      }),
      'support.show': () => null,
      'support.report': ({ messages }) => ({
        about: 'ZiCo Workbench 0.2.0\nSystem: Linux',
        messages: messages.replaceAll('/home/somebody', '~'),
        log: '2026-01-01 something failed in ~/runs',
      }),
      'files.save': ({ name, kind }) => ({ file: `/home/somebody/${name}.${kind}` }),
      'runs.saveCandidates': ({ format }) => ({ file: `/home/somebody/candidates.${format}` }),
      'runs.candidatesText': ({ ids }) => `id\n${(ids ?? []).join('\n')}\n`,
      'candidate.reveal': () => null,
      'candidate.architecture': ({ run, id }) => {
        const row = this.find(run).rows.find((one) => one.id === id);
        return row ? fakeArchitecture(row.values) : [];
      },
      'candidate.scoreNetwork': ({ genotype }) => {
        this.scoreExpected(genotype);
        return { zico: 12, zicoCapped: 12, bias: 1, seconds: 0.2 };
      },
      'candidate.network': ({ run, genotype }) => {
        const row = this.find(run).rows[0]!;
        return detailOf({ ...row, id: 0, genotype, zico: 12.5, zicoCapped: 12.5, bias: 1 });
      },
      'candidate.measureNetwork': ({ run, genotype }) => {
        this.scoreExpected(genotype);
        return detailOf({ ...this.find(run).rows[0]!, latencyMs: 3.25 }).latency;
      },
      'candidate.exportNetwork': () => ({
        folder: '/home/somebody/Exports/network',
        files: ['model.onnx', 'architecture.json'],
      }),
      'candidate.giveZico': ({ run, id }) => {
        const { rows: known } = this.find(run);
        const given = { zico: 100 + id, zicoCapped: 90 + id, bias: 10 };
        const at = known.findIndex((one) => one.id === id);
        known[at] = { ...known[at]!, ...given };
        return { ...given, biases: { deployment_live: 10 } };
      },
      'candidate.scoreAgain': ({ run, id }) => {
        const row = this.find(run).rows.find((one) => one.id === id);
        const { zico = 0, zicoCapped = 0, bias = 0 } = row ?? {};
        return {
          ...{ zico: zico ?? 0, zicoCapped: zicoCapped ?? 0, bias: bias ?? 0 },
          ...{ same: true, differing: [], engine: description.engine, seconds: 0.61 },
        };
      },
      'candidate.measureAgain': ({ run, id }) => {
        const row = this.find(run).rows.find((one) => one.id === id);
        const latency = row && detailOf(row).latency;
        return latency ? { ...latency, sameConditions: true } : null;
      },
      'candidate.cancelAgain': () => null,
      'runs.dropped': () => null,
      'app.load': () => ({ share: 0.91, bytes: 4e8, processes: 2 }),
      'runs.trend': ({ run }) => {
        const last = this.find(run).rows.at(-1)?.generation ?? -1;
        return Array.from({ length: last + 1 }, (_, i) => (i + 1) / (last + 1));
      },
      'models.list': () => this.models,
      'models.choose': () => true,
      'models.dropped': () => null,
      'models.configure': ({ settings: chosen }) => {
        this.models = { ...this.models, settings: chosen };
        return null;
      },
      'models.retry': () => null,
      'models.convert': ({ conversion: { target, precision } }) => ({
        file: `/home/someone/model-${precision}.${target}`,
        bytes: { model: 400_000, out: 90_000 },
        images: { calibrating: 48, checking: 16 },
        output: { sqnrDb: 31.2, largestDifference: 0.04, firstClassAgreement: 0.9375 },
        why: null,
        worst: [{ layer: 'features.3.conv', sqnrDb: 24.5 }],
        inFloat: [],
        unvarying: precision === 'int8' ? ['stem.relu'] : [],
        storedAs: null,
      }),
      'models.cancelConverting': () => null,
      'models.remove': ({ id }) => {
        const models = this.models.models.filter((model) => model.id !== id);
        this.models = { ...this.models, models };
        return null;
      },
      'models.cancel': () => null,
      'search.beginnings': ({ runs }) => runs.filter((run) => this.beginnings.has(run)),
      'search.rate': () => this.trialRate,
      'searchBenchmarks.state': () => this.searchBenchmarks,
      'searchBenchmarks.start': () => null,
      'searchBenchmarks.view': ({ benchmark }) => {
        const view = this.judgedSearches.find(({ summary }) => summary.benchmark === benchmark);
        if (view) return view;
        throw new Refusal({ code: 'unknown-benchmark', message: 'No such result.', hint: '' });
      },
      'searchBenchmarks.stop': () => null,
      'searchBenchmarks.delete': ({ benchmark }) => {
        this.judgedSearches = this.judgedSearches.filter(
          ({ summary }) => summary.benchmark !== benchmark,
        );
        return null;
      },
      'models.chooseArray': () => true,
      'models.chooseOutputs': () => null,
      'models.measure': () => null,
      'models.saveTable': () => true,
      'benchmarks.list': () => this.benchmarks.map(({ summary }) => summary),
      'benchmarks.start': ({ settings: chosen }) => {
        const started = { state: 'running', networks: 0, settings: chosen } as const;
        this.benchmarks.unshift(fakeBenchmark('new', started));
        return { benchmark: 'new' };
      },
      'benchmarks.view': ({ benchmark }) => {
        const found = this.benchmarks.find(({ summary }) => summary.benchmark === benchmark);
        if (found) return found;
        throw new Refusal({ code: 'unknown-benchmark', message: 'It is not known.', hint: '' });
      },
      'benchmarks.judge': ({ benchmark, beta, models, only }) => {
        const found = this.benchmarks.find(({ summary }) => summary.benchmark === benchmark);
        if (!found) throw new Refusal({ code: 'unknown-benchmark', message: 'No.', hint: '' });
        return fakeJudgement(found, beta, models, only);
      },
      'benchmarks.cancelJudging': () => null,
      'benchmarks.stop': () => null,
      'benchmarks.delete': ({ benchmark }) => {
        this.benchmarks = this.benchmarks.filter(({ summary }) => summary.benchmark !== benchmark);
        return null;
      },
      ...phoneAnswers(this),
      ...farmAnswers(this),
      ...spaceAnswers(this.ownSpaces),
    };
  }
}
