/**
 * The models that a person brought to be scored: one after another, in the order in which they came. Each keeps
 * its score, or what went wrong, until it is removed or the app ends.
 */
import path from 'node:path';
import type { ModelList, ModelRow, ModelSettings, ScoredModel } from '../../preload/contract.ts';
import type { Engine } from '../engine/engine.ts';
import { reportOf, WorkbenchError } from '../errors.ts';
import type { ModelScore, ScoreModelRequest } from '../score-model/score-model.ts';
import { presetValues } from '../common/presets.ts';
import { defaultSearchSettings, type PresetValues } from '../common/settings/index.ts';
import { defaultTermCap } from '../common/settings/score.ts';
import type { ComputeTurn } from './compute-turn.ts';
import { logError } from './log.ts';
import type { Services } from './services.ts';
import { WarmEngine } from './warm-engine.ts';

export interface ModelsOptions {
  readonly services: Pick<Services, 'openEngine' | 'scoreModel'>;
  readonly turn: ComputeTurn;
  readonly changed: () => void;
}

const defaultSettings: ModelSettings = {
  task: 'classification',
  data: null,
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
  #entries: Entry[] = [];
  #nextId = 1;
  /** Of the model being scored. */
  #current: { readonly entry: Entry; readonly abort: AbortController } | null = null;
  #working: Promise<void> | null = null;
  readonly #warm: WarmEngine;

  constructor(options: ModelsOptions) {
    this.#options = options;
    this.#warm = new WarmEngine((...wishes) => options.services.openEngine(...wishes));
  }

  get busy(): boolean {
    return this.#working !== null;
  }

  list(): ModelList {
    return {
      settings: this.#settings,
      models: this.#entries.map((entry) => ({ ...entry })),
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
        this.#entries.push({
          id: this.#nextId++,
          name: path.basename(file),
          path: file,
          state: 'waiting',
          score: null,
          error: null,
        });
      }
    }
    this.#work();
  }

  /** Scores everything again with other settings. Throws what else computes. */
  configure(settings: ModelSettings): void {
    if (this.#entries.length > 0) this.#options.turn.assertNoOther('models');
    this.#settings = settings;
    this.#current?.abort.abort();
    for (const entry of this.#entries) this.#requeue(entry);
    this.#work();
  }

  /** Throws what else computes, `unknown-model`. */
  retry(id: number): void {
    this.#options.turn.assertNoOther('models');
    this.#requeue(this.#entry(id));
    this.#work();
  }

  remove(id: number): void {
    const entry = this.#entry(id);
    this.#entries = this.#entries.filter((other) => other !== entry);
    if (this.#current?.entry === entry) this.#current.abort.abort();
    this.#options.changed();
  }

  cancel(): void {
    for (const entry of this.#entries) if (entry.state === 'waiting') entry.state = 'cancelled';
    if (this.#current) {
      this.#current.entry.state = 'cancelled';
      this.#current.abort.abort();
    }
    this.#options.changed();
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

  #work(): void {
    this.#options.changed();
    if (this.#working || !this.#next()) return;
    const giveBack = this.#options.turn.take('models');
    this.#working = this.#scoreAll().finally(() => {
      this.#working = null;
      giveBack();
      this.#options.changed();
      // Somebody may have added a model meanwhile.
      if (this.#next()) this.#work();
    });
  }

  #next(): Entry | undefined {
    return this.#entries.find((entry) => entry.state === 'waiting');
  }

  async #scoreAll(): Promise<void> {
    try {
      for (let entry = this.#next(); entry; entry = this.#next()) {
        const { engine, precision } = this.#settings;
        const scored = { termCap: defaultTermCap, batches: valuesOf(this.#settings).batches };
        await this.#score(entry, this.#warm.take(engine, precision, scored));
      }
    } finally {
      this.#warm.rest();
    }
  }

  async #score(entry: Entry, engine: Engine): Promise<void> {
    const abort = new AbortController();
    this.#current = { entry, abort };
    entry.state = 'scoring';
    this.#options.changed();
    try {
      const request = requestOf(entry.path, this.#settings);
      const score = await this.#options.services.scoreModel(request, engine, abort.signal);
      if (!abort.signal.aborted) Object.assign(entry, { state: 'scored', score: viewOf(score) });
    } catch (error) {
      // Cancelling, or asking again, has already set the state.
      if (!abort.signal.aborted) {
        const report = reportOf(error);
        if (report.code === 'internal') logError(`Scoring ${entry.path} failed`, error);
        Object.assign(entry, { state: 'failed', error: report });
      }
    } finally {
      this.#current = null;
      this.#options.changed();
    }
  }
}

/** Of the preset; how many images are in a batch is decided once they are known. */
function valuesOf({ preset, task }: ModelSettings): PresetValues {
  return presetValues(preset, { task, scoringShape: [3, 1, 1], varies: 'blocks' });
}

function requestOf(model: string, settings: ModelSettings): ScoreModelRequest {
  const { task, data, batchSize, seed, weights, preset } = settings;
  const { batches, biasSize, biasLayers } = valuesOf(settings);
  return {
    model,
    data: { kind: 'drawn', choice: { data, task }, batches, batchSize, preset, seed },
    weights: weights === 'file' ? 'file' : { scheme: weights, seed },
    termCap: defaultTermCap,
    bias: { biasSize, biasLayers },
  };
}

function viewOf(score: ModelScore): ScoredModel {
  const { task, zico, zicoCapped, bias, termCap, parameters, macs, batches, batchSize } = score;
  return {
    ...{ task, zico, zicoCapped, bias, termCap, parameters, macs, batches, batchSize },
    ranksLast: score.ranksLast,
    layers: score.layers.map((layer) => ({
      name: layer.name,
      kind: layer.kind,
      height: layer.height,
      width: layer.width,
      channels: layer.channels,
      weights: layer.weights,
      parameters: layer.parameters,
      macs: layer.macs,
      log: layer.log,
      logCapped: layer.logCapped,
      bias: layer.bias,
      gradientNorms: [...layer.gradientNorms],
    })),
    dataDescription: score.data.description,
    batchNormalization: score.batchNormalization,
    warnings: [...score.warnings],
    engine: { ...score.engine },
    engineNote: score.engineNote,
    seconds: score.seconds,
  };
}
