/**
 * The person's models and how the page ranks them. Exists as long as the window, since scoring continues on
 * other pages.
 */
import { createContext } from 'svelte';
import { presetForModel } from '../../main/common/presets.ts';
import type { Bridge, MethodResult, ModelList, ModelSettings } from '../../preload/contract.ts';
import { askedAgain, refreshedAfter } from '../ground/asked-again.ts';
import { answered, ask, CallError } from '../ground/bridge.ts';
import { ConversionStore } from './conversion.svelte.ts';
import { rankModels } from './model-ranking.ts';

export class ModelsStore {
  readonly #bridge: Bridge;
  readonly refresh: () => Promise<void>;
  readonly #do: ReturnType<typeof refreshedAfter>;
  readonly conversion: ConversionStore;
  #list: ModelList | null = $state.raw(null);
  /** At most two, the latest last. */
  #compared: readonly number[] = $state.raw([]);
  beta = $state(0);
  capped = $state(false);
  /** As `zico score` ranks; the person may change both, until another preset or task is chosen. */
  #usual = '';
  dataDescription: string | null = $state(null);

  constructor(bridge: Bridge, onError: (error: unknown) => void) {
    this.#bridge = bridge;
    this.conversion = new ConversionStore(bridge, onError);
    this.refresh = askedAgain(async () => {
      const list = await ask(bridge, 'models.list');
      this.#rankAsUsual(list.settings);
      this.#list = list;
    }, onError);
    this.#do = refreshedAfter(this.refresh, onError);
    bridge.on('models.changed', () => void this.refresh());
  }

  readonly ranked = $derived.by(() => rankModels(this.#list?.models ?? [], this.beta, this.capped));

  get list(): ModelList | null {
    return this.#list;
  }

  /** Those whose layers are shown: what the person chose, or else the best. */
  readonly shown = $derived.by(() => {
    const scored = this.ranked.filter(({ model }) => model.score);
    const chosen = this.#compared.flatMap((id) => scored.filter(({ model }) => model.id === id));
    return chosen.length > 0 ? chosen : scored.slice(0, 1);
  });

  /** Alone, in place of what was shown. */
  select(id: number): void {
    this.#compared = [id];
  }

  /** Next to the one shown; a third one replaces the older of the two. */
  toggleCompared(id: number): void {
    const now = this.shown.map(({ model }) => model.id);
    this.#compared = now.includes(id)
      ? now.filter((other) => other !== id)
      : [...now, id].slice(-2);
  }

  choose(): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'models.choose'));
  }

  drop(files: readonly File[]): Promise<void> {
    return this.#do(async () => {
      const answer = await this.#bridge.drop(files);
      if (!answer.ok) throw new CallError(answer.error);
    });
  }

  configure(changes: Partial<ModelSettings>): Promise<void> {
    const { settings } = this.#list ?? {};
    if (!settings) return Promise.resolve();
    return this.#do(async () => {
      await ask(this.#bridge, 'models.configure', { settings: { ...settings, ...changes } });
    });
  }

  #rankAsUsual({ preset, task }: ModelSettings): void {
    const usual = `${preset} ${task}`;
    if (this.#usual === usual) return;
    this.#usual = usual;
    const { beta, termCap } = presetForModel(preset, task);
    this.beta = beta;
    this.capped = termCap !== null;
  }

  chooseData(): Promise<void> {
    return this.#useData(() => ask(this.#bridge, 'data.chooseFolder'));
  }

  /** Scores with the images of a folder that was dropped. */
  dropData(folder: File): Promise<void> {
    return this.#useData(() => answered(this.#bridge.dropData(folder)));
  }

  #useData(choose: () => Promise<MethodResult<'data.chooseFolder'>>): Promise<void> {
    return this.#do(async () => {
      const chosen = await choose();
      if (!chosen) return;
      await ask(this.#bridge, 'models.configure', {
        settings: { ...this.#list!.settings, data: chosen.path },
      });
      this.dataDescription = chosen.description;
    });
  }

  chooseArray(which: 'inputs' | 'targets'): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'models.chooseArray', { which }));
  }

  chooseOutputs(id: number, outputs: readonly string[]): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'models.chooseOutputs', { id, outputs: [...outputs] }));
  }

  /** One, or all of them. */
  measure(id: number | null): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'models.measure', { id }));
  }

  saveTable(): Promise<void> {
    const { beta, capped } = this;
    return this.#do(() => ask(this.#bridge, 'models.saveTable', { beta, capped }));
  }

  retry(id: number): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'models.retry', { id }));
  }

  remove(id: number): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'models.remove', { id }));
  }

  cancel(): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'models.cancel'));
  }
}

export const [useModels, provideModels] = createContext<ModelsStore>();
