/** Gives candidates of a run that ranks by other scores their ZiCo, one after the other. */
import { needsZico } from '../../main/common/objectives.ts';
import type { Bridge } from '../../preload/contract.ts';
import { ask } from '../ground/bridge.ts';
import type { RunData } from './columns/run-data.svelte.ts';
import type { DetailStore } from './detail.svelte.ts';

export interface GivingZico {
  readonly ids: readonly number[];
  readonly done: number;
}

export class ZicoStore {
  readonly #bridge: Bridge;
  readonly #data: RunData;
  readonly #details: DetailStore;
  readonly #onError: (error: unknown) => void;
  #current: GivingZico | null = $state.raw(null);
  #cancelled = false;

  constructor(
    bridge: Bridge,
    data: RunData,
    details: DetailStore,
    onError: (error: unknown) => void,
  ) {
    this.#bridge = bridge;
    this.#data = data;
    this.#details = details;
    this.#onError = onError;
  }

  /** What is being computed now. */
  get current(): GivingZico | null {
    return this.#current;
  }

  /** Of these, the candidates that were scored without their ZiCo. */
  missing(ids: readonly number[]): readonly number[] {
    const { columns, view } = this.#data;
    if (view === null || needsZico(view.summary.settings.score)) return [];
    return ids.filter((id) => {
      const index = columns.index(id);
      return index !== undefined && !columns.isFailed(index) && Number.isNaN(columns.zico[index]!);
    });
  }

  /** Computes and stores it for those that lack it; what was done before a cancel or an error stays. */
  async give(ids: readonly number[]): Promise<void> {
    const missing = this.missing(ids);
    if (this.#current !== null || missing.length === 0) return;
    this.#cancelled = false;
    try {
      for (const [done, id] of missing.entries()) {
        this.#current = { ids: missing, done };
        const given = await ask(this.#bridge, 'candidate.giveZico', { run: this.#data.run, id });
        if (given === null) break;
        this.#data.setZico(id, given);
        if (this.#details.get(id)) await this.#details.reload(id);
        if (this.#cancelled) break;
      }
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#current = null;
    }
  }

  async cancel(): Promise<void> {
    this.#cancelled = true;
    try {
      await ask(this.#bridge, 'candidate.cancelAgain');
    } catch (error) {
      this.#onError(error);
    }
  }
}
