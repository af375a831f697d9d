/** The phones, as reported by the main side. */
import { createContext } from 'svelte';
import type { Bridge, PhonesView } from '../../preload/contract.ts';
import { askedAgain, refreshedAfter } from '../ground/asked-again.ts';
import { ask } from '../ground/bridge.ts';

export class PhonesStore {
  #view: PhonesView | null = $state.raw(null);
  readonly #bridge: Bridge;
  readonly refresh: () => Promise<void>;
  readonly #do: ReturnType<typeof refreshedAfter>;
  /** How many places on the screen want to see them at their freshest. */
  #watchers = 0;

  constructor(bridge: Bridge, onError: (error: unknown) => void) {
    this.#bridge = bridge;
    this.refresh = askedAgain(async () => {
      const watched = this.#watchers > 0 && !document.hidden;
      this.#view = await ask(bridge, 'phones.view', { watched });
    }, onError);
    this.#do = refreshedAfter(this.refresh, onError);
    bridge.on('phones.changed', () => void this.refresh());
  }

  /** Null until the first answer. */
  get view(): PhonesView | null {
    return this.#view;
  }

  /** For as long as somebody is looking; returns the function that ends it. */
  watch(): () => void {
    this.#watchers += 1;
    void this.refresh();
    return () => void (this.#watchers -= 1);
  }

  check(serial: string): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'phones.check', { serial }));
  }

  stopCheck(serial: string): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'phones.stopCheck', { serial }));
  }

  chooseAdb(): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'phones.chooseAdb'));
  }

  forgetAdb(): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'phones.forgetAdb'));
  }

  /** @param port null takes the usual one */
  usePort(port: number | null): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'phones.configure', { port }));
  }

  /** Makes it the default for searches from now on. */
  prefer(serial: string): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'phones.configure', { preferred: serial }));
  }
}

export const [usePhones, providePhones] = createContext<PhonesStore>();
