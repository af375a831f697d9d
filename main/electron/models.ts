/**
 * The models that a person brought to be scored and measured: one after another, in the order in which they came.
 * Each keeps what came of it, or what went wrong, until it is removed or the app ends.
 */
import path from 'node:path';
import type { ModelList, ModelRow, ModelSettings } from '../../preload/contract.ts';
import { presetForModel } from '../common/presets.ts';
import { defaultSearchSettings } from '../common/settings/index.ts';
import { reportOf, WorkbenchError } from '../errors.ts';
import { plannedBatches } from '../score-model/request.ts';
import type { ComputeTurn } from './compute-turn.ts';
import { logError } from './log.ts';
import { csvOf, modelLatencyOf, requestOf, viewOf, type ChosenArrays } from './model-views.ts';
import type { Services } from './services.ts';
import { WarmEngine } from './warm-engine.ts';

export interface ModelsOptions {
  readonly services: Pick<Services, 'openEngine' | 'scoreModel' | 'measureModel' | 'modelOutputs'>;
  readonly turn: ComputeTurn;
  readonly changed: () => void;
}

const defaultSettings: ModelSettings = {
  task: 'classification',
  images: 'pictures',
  data: null,
  size: null,
  constants: {},
  ignoreNoise: false,
  preset: defaultSearchSettings.preset,
  batchSize: null,
  seed: 0,
  weights: 'file',
  engine: 'auto',
  precision: 'auto',
};

type Entry = { -readonly [K in keyof ModelRow]: ModelRow[K] };

export class Models {
  readonly #options: ModelsOptions;
  #settings = defaultSettings;
  #arrays: ChosenArrays = { inputs: null, targets: null };
  #entries: Entry[] = [];
  #nextId = 1;
  /** Of the model being scored or measured. */
  #current: { readonly entry: Entry; readonly abort: AbortController } | null = null;
  #working: Promise<void> | null = null;
  readonly #warm: WarmEngine;

  constructor(options: ModelsOptions) {
    this.#options = options;
    this.#warm = new WarmEngine((...wishes) => options.services.openEngine(...wishes));
  }

  /** The array of images that was chosen; null where there is none. */
  get inputs(): string | null {
    return this.#arrays.inputs;
  }

  get busy(): boolean {
    return this.#working !== null;
  }

  list(): ModelList {
    const nameOf = (file: string | null) => (file === null ? null : path.basename(file));
    const { inputs, targets } = this.#arrays;
    return {
      settings: this.#settings,
      models: this.#entries.map((entry) => ({ ...entry })),
      arrays: { inputs: nameOf(inputs), targets: nameOf(targets) },
      busy: this.busy,
    };
  }

  /** Adds files and scores them; a file that is already there is scored again. Throws what else computes. */
  add(files: readonly string[]): void {
    this.#options.turn.assertNoOther('models');
    for (const file of files.map((one) => path.resolve(one))) {
      const known = this.#entries.find((entry) => entry.path === file);
      if (known) this.#requeue(known);
      else {
        const entry: Entry = {
          id: this.#nextId++,
          name: path.basename(file),
          path: file,
          ...({ state: 'waiting', score: null, error: null, outputs: null, chosen: [] } as const),
          ...{ latency: null, latencyError: null, measuring: false },
        };
        this.#entries.push(entry);
        void this.#lookAt(entry);
      }
    }
    this.#work();
  }

  /** Scores everything again with other settings. Throws what else computes. */
  configure(settings: ModelSettings): void {
    if (this.#entries.length > 0) this.#options.turn.assertNoOther('models');
    // Of what is on its way to a second array, nothing can be scored yet.
    const incomplete = settings.images === 'arrays' && !this.#hasArrays;
    this.#settings = settings;
    if (incomplete) this.#options.changed();
    else this.#scoreAgain();
  }

  /** Scores on these arrays once both are there. Throws what else computes. */
  useArray(which: keyof ChosenArrays, file: string): void {
    if (this.#entries.length > 0) this.#options.turn.assertNoOther('models');
    this.#arrays = { ...this.#arrays, [which]: file };
    if (this.#settings.images === 'arrays' && this.#hasArrays) this.#scoreAgain();
    else this.#options.changed();
  }

  get #hasArrays(): boolean {
    return this.#arrays.inputs !== null && this.#arrays.targets !== null;
  }

  #scoreAgain(): void {
    this.#current?.abort.abort();
    for (const entry of this.#entries) this.#requeue(entry);
    this.#work();
  }

  /** Where its file lies. Throws `unknown-model`. */
  pathOf(id: number): string {
    return this.#entry(id).path;
  }

  /** Throws what else computes, `unknown-model`. */
  retry(id: number): void {
    this.#options.turn.assertNoOther('models');
    this.#requeue(this.#entry(id));
    this.#work();
  }

  /**
   * Scores one by these outputs, or values inside of it; by none, the first that fits. Throws what else computes,
   * `unknown-model`.
   */
  chooseOutputs(id: number, outputs: readonly string[]): void {
    this.#options.turn.assertNoOther('models');
    const entry = this.#entry(id);
    entry.chosen = [...outputs];
    if (this.#current?.entry === entry) this.#current.abort.abort();
    this.#requeue(entry);
    this.#work();
  }

  /** Measures one on this computer, or all. Throws what else computes, `unknown-model`. */
  measure(id: number | null): void {
    this.#options.turn.assertNoOther('models');
    const entries = id === null ? this.#entries : [this.#entry(id)];
    for (const entry of entries) Object.assign(entry, { measuring: true, latencyError: null });
    this.#work();
  }

  remove(id: number): void {
    const entry = this.#entry(id);
    this.#entries = this.#entries.filter((other) => other !== entry);
    if (this.#current?.entry === entry) this.#current.abort.abort();
    this.#options.changed();
  }

  cancel(): void {
    for (const entry of this.#entries) {
      if (entry.state === 'waiting' || entry.state === 'scoring') entry.state = 'cancelled';
      entry.measuring = false;
    }
    this.#current?.abort.abort();
    this.#options.changed();
  }

  /** The table as it is ranked by this correction. */
  csv(beta: number, capped: boolean): string {
    return csvOf(this.#entries, beta, capped);
  }

  async close(): Promise<void> {
    this.cancel();
    await this.#working;
    await this.#warm.close();
  }

  #entry(id: number): Entry {
    const entry = this.#entries.find((one) => one.id === id);
    if (entry) return entry;
    throw new WorkbenchError(
      'unknown-model',
      'This model is not in the list any more.',
      'Open its file again.',
    );
  }

  #requeue(entry: Entry): void {
    Object.assign(entry, { state: 'waiting', score: null, error: null });
  }

  /** What a file gives is said beside its score; a file that cannot be read is told by that. */
  async #lookAt(entry: Entry): Promise<void> {
    try {
      entry.outputs = [...(await this.#options.services.modelOutputs(entry.path))];
      this.#options.changed();
    } catch {
      entry.outputs = null;
    }
  }

  #work(): void {
    this.#options.changed();
    if (this.#working || !this.#next()) return;
    const giveBack = this.#options.turn.take('models');
    this.#working = this.#workOff().finally(() => {
      this.#working = null;
      giveBack();
      this.#options.changed();
      // Somebody may have added a model meanwhile.
      if (this.#next()) this.#work();
    });
  }

  /** Scores first: latencies are taken while nothing else is. */
  #next(): Entry | undefined {
    const waiting = this.#entries.find((entry) => entry.state === 'waiting');
    return waiting ?? this.#entries.find(({ measuring }) => measuring);
  }

  async #workOff(): Promise<void> {
    try {
      for (let entry = this.#next(); entry; entry = this.#next()) {
        await (entry.state === 'waiting' ? this.#score(entry) : this.#measure(entry));
      }
    } finally {
      this.#warm.rest();
    }
  }

  async #score(entry: Entry): Promise<void> {
    entry.state = 'scoring';
    await this.#try(entry, `Scoring ${entry.path} failed`, {
      work: async (signal) => {
        const { engine, precision, preset, task } = this.#settings;
        const request = requestOf(entry, this.#settings, this.#arrays);
        const { termCap } = presetForModel(preset, task);
        const scored = { termCap, batches: plannedBatches(request.data) };
        const warm = this.#warm.take(engine, precision, scored);
        return await this.#options.services.scoreModel(request, warm, signal);
      },
      done: (score) => Object.assign(entry, { state: 'scored', score: viewOf(score) }),
      failed: (error) => Object.assign(entry, { state: 'failed', error }),
    });
  }

  async #measure(entry: Entry): Promise<void> {
    await this.#try(entry, `Measuring ${entry.path} failed`, {
      work: (signal) =>
        this.#options.services.measureModel(
          { model: entry.path, size: this.#settings.size },
          { kind: 'host' },
          signal,
        ),
      done: (measured) =>
        Object.assign(entry, {
          measuring: false,
          latency: modelLatencyOf(measured),
          latencyError: null,
        }),
      failed: (error) =>
        Object.assign(entry, { measuring: false, latency: null, latencyError: error }),
    });
  }

  async #try<T>(
    entry: Entry,
    what: string,
    steps: {
      readonly work: (signal: AbortSignal) => Promise<T>;
      readonly done: (result: T) => void;
      readonly failed: (error: ReturnType<typeof reportOf>) => void;
    },
  ): Promise<void> {
    const abort = new AbortController();
    this.#current = { entry, abort };
    this.#options.changed();
    try {
      const result = await steps.work(abort.signal);
      if (!abort.signal.aborted) steps.done(result);
    } catch (error) {
      // Cancelling, or asking again, has already set the state.
      if (!abort.signal.aborted) {
        const report = reportOf(error);
        if (report.code === 'internal') logError(what, error);
        steps.failed(report);
      }
    } finally {
      this.#current = null;
      this.#options.changed();
    }
  }
}
