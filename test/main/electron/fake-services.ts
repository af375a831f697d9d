/** A small workbench for the tests of main/electron: run files are JSON, candidates come when told. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { runCountsOf } from '../../../main/search/memory-run.ts';
import type { DataDescription, Waiting } from '../../../main/task/data-source.ts';
import { WorkbenchError } from '../../../main/errors.ts';
import type { Candidate, CandidateId } from '../../../main/run/candidate.ts';
import type { TrainedModel } from '../../../main/run/trained-model.ts';
import type { CandidateMark, RunInfo, RunStatus } from '../../../main/run/run-store.ts';
import type { Budget } from '../../../main/search/settings-checks.ts';
import type { SearchEvent } from '../../../main/search/search.ts';
import { defaultSearchSettings, type SearchSettings } from '../../../main/common/settings/index.ts';
import { generationalDefaults } from '../../../main/common/settings/method.ts';
import { scoredParts } from '../../../main/run/ranking.ts';
import { rowOfCandidate } from '../../../main/electron/views.ts';
import type { Graph } from '../../../main/graph/graph.ts';
import type { DescribedSpace } from '../../../main/space/described-space.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import {
  drawnNetwork,
  factsOf,
  descriptionFaults,
  sampleSize,
  sizesOf,
  spaceOfText,
} from '../../../main/space/preview.ts';
import type { Genotype, Space } from '../../../main/space/space.ts';
import type { RunLooking } from '../../../main/electron/reading/look-types.ts';
import { lookAt } from '../../../main/electron/reading/looks.ts';
import { RunSpaces } from '../../../main/electron/run-spaces.ts';
import type { WindowPhoneSession } from '../../../main/electron/phones/at-work.ts';
import type {
  WindowSearch,
  NoteWriter,
  RunReader,
  ScoringWish,
  SearchSession,
  SearchListener,
  Services,
} from '../../../main/electron/services.ts';

const engine = { name: 'onnxruntime', version: '0.0.0', threads: 1 } as const;

/** Graphs are never looked into here, so they hold nothing but the name. */
const tinyNetwork = (name: string): Graph => ({
  name,
  inputs: [],
  outputs: [],
  nodes: [],
  initializers: new Map(),
});

/** Two genes of width 1 to 4. */
export const tinySpace: Space = {
  name: 'tiny',
  title: 'Tiny space',
  task: 'classification',
  networks: 16,
  count: 16n,
  genes: ['first', 'second'].map((name) => ({ name, choices: [1, 2, 3, 4] })),
  baselines: [{ name: 'largest', genotype: '4:4' as Genotype, decode: () => tinyNetwork('4:4') }],
  inputShape: [3, 32, 32],
  scoringShape: [3, 32, 32],
  sizes: null,
  resolutions: () => ({ scoring: [32, 32], deployment: [32, 32] }),
  imageShape: () => [3, 32, 32],
  classes: 10,
  parse: (text) => text as Genotype,
  values: (genotype) => genotype.split(':').map(Number),
  decode: (genotype) => tinyNetwork(genotype),
  sample: () => '1:1' as Genotype,
  mutate: (genotype) => genotype,
  crossover: (genotype) => genotype,
  at: (index) => `${1 + (Number(index) % 4)}:${1 + Math.floor(Number(index) / 4)}` as Genotype,
  neighbours: () => [],
  indexOf: () => 0,
};

export const tinySettings: SearchSettings = {
  ...defaultSearchSettings,
  ...generationalDefaults,
  latency: 'host',
  space: 'tiny',
};

/** Candidate `id` of a run over the tiny space. */
export function tinyCandidate(id: number, failed = false): Candidate {
  const genotype = tinySpace.at(id % 16);
  const proposal = {
    id: id as CandidateId,
    genotype,
    generation: Math.floor((id - 1) / 4),
    parents: [],
    parameters: 100 + id,
    macs: 1000 + id,
  };
  if (failed) {
    const failure = { code: 'engine-crashed', message: 'It crashed.', hint: 'Try again.' };
    return { ...proposal, status: 'failed', failure };
  }
  const layer = { name: 'stem', kind: 'Conv', weights: 27, height: 32, width: 32 } as const;
  const score = {
    zico: 10 + id,
    zicoCapped: 9 + id,
    bias: 5,
    termCap: 100,
    losses: [2.3, 2.4],
    layers: [{ ...layer, channels: 4, sum: Math.E, sumCapped: 1, gradientNorms: [0.1, 0.2] }],
    engine,
    seconds: 0.5,
  };
  const latency = {
    latencyMs: id,
    p90Ms: id + 1,
    minMs: id - 0.5,
    runsMs: [id],
    conditions: {
      source: 'host',
      device: 'Test processor',
      runner: 'onnxruntime-node',
      engineVersion: '0.0.0',
      precision: 'float32',
      threads: 1,
      warmUp: 3,
      runs: 20,
    },
  } as const;
  return { ...proposal, status: 'evaluated', score, latency };
}

interface StoredRun {
  readonly version: number;
  readonly info: RunInfo;
  readonly candidates: readonly Candidate[];
  readonly marks?: readonly CandidateMark[];
  readonly tags?: readonly string[];
  readonly trained?: readonly TrainedModel[];
}

export function writeRunFile(path: string, count: number, changes: Partial<RunInfo> = {}): void {
  const info: RunInfo = {
    runId: 'test',
    settings: tinySettings,
    dataDescription: 'test images',
    productVersion: '0.0.0',
    createdAt: '2025-01-01T00:00:00.000Z',
    status: 'stopped',
    elapsedSeconds: 7,
    ...changes,
  };
  const candidates = Array.from({ length: count }, (_, index) => tinyCandidate(index + 1));
  writeFileSync(path, JSON.stringify({ version: 1, info, candidates } satisfies StoredRun));
}

function readRunFile(path: string): StoredRun {
  let stored: StoredRun;
  try {
    stored = JSON.parse(readFileSync(path, 'utf8')) as StoredRun;
  } catch {
    throw new WorkbenchError('not-a-run-file', `${path} is not a run file.`, 'Choose another.');
  }
  if (stored.version > 1) {
    throw new WorkbenchError('newer-version', `${path} is from a newer version.`, 'Update.');
  }
  return stored;
}

/** The search that a test drives by hand. */
export class DrivenSearch implements WindowSearch {
  readonly reader: RunReader;
  readonly notes: NoteWriter;
  readonly finished: Promise<'stopped' | 'finished'>;
  readonly #onEvent: SearchListener;
  readonly #startedMs = Date.now();
  stops = 0;
  paused = false;
  ended = false;
  readonly #elapsedSeconds: number;
  readonly path: string;
  #resolve: (status: 'stopped' | 'finished') => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  constructor(path: string, onEvent: SearchListener) {
    this.path = path;
    this.#onEvent = onEvent;
    this.reader = readerOf(path);
    this.notes = notesOf(path);
    this.#elapsedSeconds = this.reader.info().elapsedSeconds;
    this.finished = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Stores a candidate, the next one if no other is asked for, and tells of it. */
  store(failed = false, id?: number): Candidate {
    const stored = readRunFile(this.path);
    const candidate = tinyCandidate(id ?? stored.candidates.length + 1, failed);
    const candidates = [...stored.candidates, candidate].sort((one, other) => one.id - other.id);
    this.#write({ ...stored, candidates });
    this.tell('stored', candidate.generation, candidate);
    return candidate;
  }

  tell(
    phase: SearchEvent['phase'],
    generation: number,
    candidate?: Candidate,
    scoring?: SearchEvent['scoring'],
    proposal?: Candidate,
  ): void {
    this.#onEvent({
      phase,
      generation,
      ...this.#counts(),
      ...(candidate && { candidate }),
      ...(scoring && { scoring }),
      ...(proposal && { proposal }),
    });
  }

  confirm(confirmed: NonNullable<SearchEvent['confirmed']>): void {
    this.#onEvent({ phase: 'confirming', generation: 0, ...this.#counts(), confirmed });
  }

  #counts(): Pick<SearchEvent, 'evaluated' | 'failed' | 'planned' | 'elapsedSeconds'> {
    const elapsedSeconds = this.#elapsedSeconds + (Date.now() - this.#startedMs) / 1000;
    return { evaluated: 0, failed: 0, planned: null, elapsedSeconds };
  }

  pause(): void {
    this.paused = true;
  }

  goOn(): void {
    this.paused = false;
  }

  stop(): void {
    this.stops += 1;
  }

  end(status: 'stopped' | 'finished'): void {
    this.#setStatus(status);
    this.#resolve(status);
  }

  fail(error: Error): void {
    this.#setStatus('stopped');
    this.#reject(error);
  }

  #setStatus(status: RunStatus): void {
    this.ended = true;
    if (!existsSync(this.path)) return; // deleted while it was searched
    const stored = readRunFile(this.path);
    this.#write({ ...stored, info: { ...stored.info, status } });
  }

  #write(stored: StoredRun): void {
    writeFileSync(this.path, JSON.stringify(stored));
  }
}

/** Reads the file anew at every question, as SQLite does. */
function readerOf(path: string): RunReader {
  readRunFile(path);
  return {
    info: () => readRunFile(path).info,
    candidates: (after = 0, most = Infinity) =>
      readRunFile(path)
        .candidates.filter(({ id }) => id > after)
        .slice(0, most),
    candidate: (wanted) => readRunFile(path).candidates.find(({ id }) => id === wanted) ?? null,
    network: (wanted) =>
      readRunFile(path).candidates.find(({ genotype }) => genotype === wanted) ?? null,
    rows: (after, most) =>
      readRunFile(path)
        .candidates.filter(({ id }) => id > after)
        .slice(0, most)
        .map(rowOfCandidate),
    points: (after, most) =>
      readRunFile(path)
        .candidates.flatMap(({ id, generation, macs, ...candidate }) => {
          if (id <= after || candidate.status === 'failed') return [];
          const parts = scoredParts(candidate.score);
          const latencyMs = candidate.latency?.latencyMs ?? null;
          return [{ id, generation, ...parts, latencyMs, macs }];
        })
        .slice(0, most),
    counts: () => runCountsOf(readRunFile(path).candidates),
    marks: () => readRunFile(path).marks ?? [],
    trained: () => readRunFile(path).trained ?? [],
    tags: () => readRunFile(path).tags ?? [],
    extras: () => [],
    withoutDigest: () => 0,
  };
}

function notesOf(path: string): NoteWriter {
  const change = (changes: (stored: StoredRun) => Partial<StoredRun>): void => {
    const stored = readRunFile(path);
    writeFileSync(path, JSON.stringify({ ...stored, ...changes(stored) }));
  };
  return {
    setMark: (mark) =>
      change(({ marks = [] }) => ({
        marks: [...marks.filter(({ candidate }) => candidate !== mark.candidate), mark],
      })),
    setTags: (tags) => change(() => ({ tags })),
    setTrained: (model) =>
      change(({ trained = [] }) => ({
        trained: [...trained.filter(({ candidate }) => candidate !== model.candidate), model],
      })),
    removeTrained: (id) =>
      change(({ trained = [] }) => ({
        trained: trained.filter(({ candidate }) => candidate !== id),
      })),
  };
}

export class FakeServices implements Services {
  readonly productVersion = '0.0.0';
  readonly engine = engine;
  readonly bf16Obstacle = null;
  readonly knownInChild = null;
  readonly defaultSettings = tinySettings;
  readonly embeddedData = 'test images';
  readonly embedded = { classification: 'test images', segmentation: 'masks', detection: 'boxes' };
  readonly describedSpace = spaceNamed;
  /** As the preview child answers, in this process. */
  readonly previews: Services['previews'] = {
    check: async (text) => {
      try {
        const space = spaceOfText(text);
        return { facts: factsOf(space), sampled: sampleSize(space), faults: [] };
      } catch (error) {
        return { facts: null, sampled: 0, faults: descriptionFaults(error) };
      }
    },
    draw: async (text, number) => drawnNetwork(spaceOfText(text), number),
    sizes: async (text, from, count) => sizesOf(spaceOfText(text), from, count),
  };
  /** Files that were drawn as graphs. */
  readonly drawn: string[] = [];
  readonly drawing: Services['drawing'] = {
    drawnModel: async (file) => {
      this.drawn.push(file);
      return {
        ...{ file: basename(file), name: 'net', producer: '', opsets: [], parameters: 0 },
        ...{ boxes: [], refusal: null },
      };
    },
    drawnNode: async (file, box) => {
      this.drawn.push(`${file} ${box}`);
      return { box, domain: '', attributes: [], inputs: [], outputs: [], documentation: '' };
    },
    letDrawnGo: async () => void this.drawn.push('let go'),
  };
  /** What was asked of the child that shows images, the latest last; null where it was let go. */
  readonly shown: (Parameters<Services['shownImages']['show']>[0] | null)[] = [];
  readonly shownImages: Services['shownImages'] = {
    show: async (request) => {
      this.shown.push(request);
      const { batches, batchSize } = request.draw;
      const [, height, width] = request.takers.scoringShape;
      return {
        ...{
          task: 'classification',
          batches,
          batchSize,
          height,
          width,
          description: 'test images',
        },
        ...{ classes: [], ignoredShare: null, notes: [], images: [] },
      };
    },
    letGo: () => void this.shown.push(null),
  };
  /** The spaces that searches were started in, where they were not named by the settings. */
  readonly startedIn: (DescribedSpace | undefined)[] = [];
  readonly spaces = [tinySpace];
  /** Set to make the next start or resume fail. */
  refusal: WorkbenchError | null = null;
  /** How the searches were to be scored, the latest last. */
  readonly wishes: ScoringWish[] = [];
  readonly phoneSessions: WindowPhoneSession[] = [];
  /** The searches that were started or resumed, the latest last. */
  readonly searches: DrivenSearch[] = [];
  /** What resumed searches were allowed beyond what they had. */
  readonly budgets: Budget[] = [];
  readonly exports: Parameters<Services['exportCandidate']>[0][] = [];
  /** Folders that hold something already. */
  readonly taken = new Set<string>();
  /** Readers that were opened and not closed again. */
  openReaders = 0;
  closed = false;

  get search(): DrivenSearch {
    const latest = this.searches.at(-1);
    if (!latest) throw new Error('No search was started.');
    return latest;
  }

  summarise: Services['summarise'] = () => ({
    parameters: 40,
    macs: 400,
    layers: [
      { name: 'stem', kind: 'Conv', height: 32, width: 32, channels: 4, parameters: 31, macs: 300 },
    ],
  });

  async describeData(path: string, { signal, onProgress }: Waiting = {}): Promise<DataDescription> {
    if (path === '/large') {
      onProgress?.({ doing: 'listing', names: 4096 });
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      throw new WorkbenchError('data-aborted', 'The data process was stopped.', 'Start it again.');
    }
    if (path.includes('empty')) {
      throw new WorkbenchError('no-images', `${path} holds no images.`, 'Choose another folder.');
    }
    return { description: `images of ${path}`, images: 60, problems: [] };
  }

  async startSearch(
    settings: SearchSettings,
    path: string,
    onEvent: SearchListener,
    session: SearchSession,
    space?: DescribedSpace,
  ) {
    const { engine, workers, from, ...phones } = session;
    this.begunFrom.push(from);
    this.startedIn.push(space);
    this.wishes.push({ engine, workers });
    this.phoneSessions.push(phones);
    if (existsSync(path)) throw new WorkbenchError('run-exists', 'It exists.', 'Rename it.');
    this.#refuse();
    writeRunFile(path, 0, { settings, status: 'running', elapsedSeconds: 0 });
    return this.#launch(path, onEvent);
  }

  async resumeSearch(
    path: string,
    onEvent: SearchListener,
    session: WindowPhoneSession,
    budget: Budget,
  ) {
    this.phoneSessions.push(session);
    this.budgets.push(budget);
    this.#refuse();
    return this.#launch(path, onEvent);
  }

  /** As the reading child answers, in this process. */
  readonly looking: RunLooking = {
    look: async (name, file, request) => {
      const reader = this.openRunReadOnly(file);
      try {
        const { summarise } = this;
        return await lookAt(name, { spaces: new RunSpaces(this), summarise }, reader, request);
      } finally {
        reader.close();
      }
    },
    lookThrough: async (file) => `all of ${file}`,
    rename: async (file, to) => {
      if (existsSync(to)) throw new WorkbenchError('run-name-taken', 'Taken.', 'Choose another.');
      renameSync(file, to);
    },
    setMark: async (file, mark) => this.#noting(file, (notes) => notes.setMark(mark)),
    setTags: async (file, tags) => this.#noting(file, (notes) => notes.setTags(tags)),
    copyWithoutNotes: async (file, target) =>
      writeFileSync(target, JSON.stringify({ ...readRunFile(file), marks: [], tags: [] })),
    setTrained: async (file, model) => this.#noting(file, (notes) => notes.setTrained(model)),
    removeTrained: async (file, id) => this.#noting(file, (notes) => notes.removeTrained(id)),
  };

  openRunReadOnly(path: string) {
    if (this.#locked(path)) throw new WorkbenchError('run-in-use', 'In use.', 'Close the other.');
    const reader = readerOf(path);
    this.openReaders += 1;
    return { ...reader, close: () => void (this.openReaders -= 1) };
  }

  /** Whose networks files are, by their names; others are of no candidate. */
  readonly networks = new Map<string, number>();
  readonly trainedMeasured: string[] = [];

  readonly lookAtTrained: Services['lookAtTrained'] = async ({ model, candidates }) => {
    const found = this.networks.get(model) ?? null;
    const known = candidates.find(({ id }) => id === found) ?? null;
    const digest = createHash('sha256').update(model).digest('hex');
    return {
      model: { digest, name: basename(model), newHead: null },
      candidate: known?.id ?? null,
      difference: known ? '' : 'It has 3 layers with weights, the candidate 5.',
      graph: tinyNetwork(model),
      macs: found === null ? 0 : 1000 + found,
    };
  };

  async measureTrained(...args: Parameters<Services['measureTrained']>) {
    const [, candidate, graph, precision] = args;
    this.trainedMeasured.push(`${graph.name} ${precision}`);
    const { conditions, ...latency } = candidate.latency!;
    return { ...latency, conditions: { ...conditions, precision } };
  }

  async exportCandidate(
    ...args: Parameters<Services['exportCandidate']>
  ): Promise<readonly string[]> {
    if (this.taken.has(args[0].folder)) {
      throw new WorkbenchError('folder-not-empty', 'It is taken.', 'Choose another.');
    }
    this.exports.push(args[0]);
    args[1]({ file: 'model.onnx', index: 1, count: 2 });
    return ['model.onnx', 'architecture.json'];
  }

  async convertModel(): Promise<never> {
    throw new Error('These tests convert nothing.');
  }

  /** Set to make runs name images that nobody has agreed to. */
  unagreed: string | null = null;

  dataToAgreeTo(): string | null {
    return this.unagreed;
  }

  agreeToData(): void {
    this.unagreed = null;
  }

  async scoreAgain(): Promise<never> {
    throw new Error('These tests score nothing.');
  }

  async giveZico(): Promise<never> {
    throw new WorkbenchError('not-here', 'Nothing is scored here.', '');
  }

  async scoreNetwork(): Promise<never> {
    throw new Error('These tests score nothing.');
  }

  async measureAgain(): Promise<never> {
    throw new Error('These tests measure nothing.');
  }

  /** By whom candidates of every run may be taken over. */
  takenOverBy: ReturnType<Services['engineToTakeOver']> = null;
  readonly begunFrom: (string | undefined)[] = [];

  engineToTakeOver(): ReturnType<Services['engineToTakeOver']> {
    return this.takenOverBy;
  }

  async scoringTrial(): Promise<null> {
    return null;
  }

  async searchBenchmark(): Promise<never> {
    throw new Error('These tests search nothing.');
  }

  async measureNetwork(): Promise<never> {
    throw new Error('These tests measure nothing.');
  }

  openEngine(): never {
    throw new Error('These tests score nothing.');
  }

  async scoreModel(): Promise<never> {
    throw new Error('These tests score nothing.');
  }

  async measureModel(): Promise<never> {
    throw new Error('These tests measure nothing.');
  }

  async modelOutputs(): Promise<readonly never[]> {
    return [];
  }

  async judgeFronts(_space: string, fronts: readonly (readonly unknown[])[]) {
    return { column: 'cifar10_test_acc', regrets: fronts.map((front) => front.length / 10) };
  }

  async judgeBenchmark(): Promise<never> {
    throw new WorkbenchError('not-here', 'Nothing is judged here.', '');
  }

  async benchmark(): Promise<never> {
    throw new Error('These tests score nothing.');
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  #noting(path: string, write: (notes: NoteWriter) => void): void {
    if (this.#locked(path)) throw new WorkbenchError('run-in-use', 'In use.', 'Close the other.');
    write(notesOf(path));
  }

  #launch(path: string, onEvent: SearchListener): DrivenSearch {
    const search = new DrivenSearch(path, onEvent);
    this.searches.push(search);
    return search;
  }

  /** A running search has its file for itself. */
  #locked(path: string): boolean {
    return this.searches.some((search) => search.path === path && !search.ended);
  }

  #refuse(): void {
    const { refusal } = this;
    this.refusal = null;
    if (refusal) throw refusal;
  }
}
