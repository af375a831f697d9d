/** The farm of this window, as reported by the main side. */
import { createContext } from 'svelte';
import type { Bridge, FarmChoice, FarmPlaces, FarmView } from '../../preload/contract.ts';
import type { EngineWish, PrecisionWish } from '../../preload/contract.ts';
import { askedAgain, refreshedAfter } from '../ground/asked-again.ts';
import { ask, errorReportOf } from '../ground/bridge.ts';

/** While somebody looks the main side keeps its connection for longer than this. */
const lookMs = 4000;

export class FarmStore {
  #view: FarmView | null = $state.raw(null);
  readonly #bridge: Bridge;
  readonly refresh: () => Promise<void>;
  readonly #do: ReturnType<typeof refreshedAfter>;
  #watchers = 0;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(bridge: Bridge, onError: (error: unknown) => void) {
    this.#bridge = bridge;
    this.refresh = askedAgain(async () => {
      const watched = this.#watchers > 0 && !document.hidden;
      this.#view = await ask(bridge, 'farm.view', { watched });
    }, onError);
    this.#do = refreshedAfter(this.refresh, onError);
    bridge.on('farm.changed', () => void this.refresh());
  }

  /** Null until the first answer. */
  get view(): FarmView | null {
    return this.#view;
  }

  /** For as long as somebody is looking; returns the function that ends it. */
  watch(): () => void {
    this.#watchers += 1;
    this.#timer ??= setInterval(() => void this.refresh(), lookMs);
    void this.refresh();
    return () => {
      this.#watchers -= 1;
      if (this.#watchers > 0 || this.#timer === null) return;
      clearInterval(this.#timer);
      this.#timer = null;
    };
  }

  /** @param password null keeps the one there is. @returns what is wrong with it; null where all is well */
  async connect(
    url: string,
    insecure: boolean,
    password: string | null,
  ): Promise<{ readonly message: string; readonly hint: string } | null> {
    try {
      await ask(this.#bridge, 'farm.connect', { url, insecure, password });
      return null;
    } catch (error) {
      return errorReportOf(error);
    } finally {
      await this.refresh();
    }
  }

  chooseCa(): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'farm.chooseCa'));
  }

  forgetCa(): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'farm.forgetCa'));
  }

  forget(): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'farm.forget'));
  }

  drain(worker: string, drain: boolean): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'farm.drain', { worker, drain }));
  }

  /** Places for a search that is scored so. */
  places(
    wish: { readonly engine: EngineWish; readonly precision: PrecisionWish } & FarmChoice,
  ): Promise<FarmPlaces> {
    return ask(this.#bridge, 'farm.places', wish);
  }
}

export const [useFarm, provideFarm] = createContext<FarmStore>();
