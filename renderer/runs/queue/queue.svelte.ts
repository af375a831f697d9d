/** The queue of searches as the main side has it, and what a person does with it. */
import { createContext } from 'svelte';
import type { Bridge, QueuedSearch, QueueView, SearchToQueue } from '../../../preload/contract.ts';
import { ask } from '../../ground/bridge.ts';

/** What waits, or is at work. */
export const isLeft = ({ state }: Pick<QueuedSearch, 'state'>): boolean =>
  state === 'waiting' || isAtWork({ state });

export const isAtWork = ({ state }: Pick<QueuedSearch, 'state'>): boolean =>
  state === 'beginning' || state === 'searching';

export class QueueStore {
  #view: QueueView | null = $state.raw(null);
  readonly #bridge: Bridge;
  readonly #onError: (error: unknown) => void;
  /** One request at a time; what changes meanwhile is asked for once more. */
  #asking: Promise<void> | null = null;
  #stale = false;

  constructor(bridge: Bridge, onError: (error: unknown) => void) {
    this.#bridge = bridge;
    this.#onError = onError;
    bridge.on('queue.changed', () => void this.refresh());
  }

  /** Null until the first answer. */
  get view(): QueueView | null {
    return this.#view;
  }

  /** Searches that wait or are at work. */
  get left(): readonly QueuedSearch[] {
    return this.#view?.searches.filter(isLeft) ?? [];
  }

  refresh(): Promise<void> {
    this.#stale = true;
    this.#asking ??= this.#ask().finally(() => (this.#asking = null));
    return this.#asking;
  }

  async #ask(): Promise<void> {
    try {
      while (this.#stale) {
        this.#stale = false;
        this.#view = await ask(this.#bridge, 'queue.view');
      }
    } catch (error) {
      this.#onError(error);
    }
  }

  /**
   * @param title of the sweep that they are; null for a search by itself
   * @returns the sweep
   */
  async add(title: string | null, searches: readonly SearchToQueue[]): Promise<string | null> {
    const { sweep } = await ask(this.#bridge, 'queue.add', { title, searches: [...searches] });
    await this.refresh();
    return sweep;
  }

  /** By so many places among those that wait. */
  async move(id: string, by: number): Promise<void> {
    const searches = this.#view?.searches ?? [];
    const waiting = searches.filter(({ state }) => state === 'waiting');
    const place = waiting.findIndex((one) => one.id === id);
    const other = waiting[place + by];
    if (place < 0 || other === undefined) return;
    await ask(this.#bridge, 'queue.move', { id, to: searches.indexOf(other) });
    await this.refresh();
  }

  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await ask(this.#bridge, 'queue.remove', { ids: [...ids] });
    await this.refresh();
  }

  async pause(): Promise<void> {
    await ask(this.#bridge, 'queue.pause');
    await this.refresh();
  }

  async goOn(): Promise<void> {
    await ask(this.#bridge, 'queue.goOn');
    await this.refresh();
  }

  async retry(id: string): Promise<void> {
    await ask(this.#bridge, 'queue.retry', { id });
    await this.refresh();
  }
}

export const [useQueue, provideQueue] = createContext<QueueStore>();
