/** The phones of one run's search, as reported by the main side while it runs. */
import type { Bridge, PhoneActivity } from '../../../preload/contract.ts';
import { askedAgain } from '../../ground/asked-again.ts';
import { ask } from '../../ground/bridge.ts';

export class PhonesAtWorkStore {
  #phones: readonly PhoneActivity[] = $state.raw([]);
  readonly #bridge: Bridge;
  readonly #run: string;
  readonly #refresh: () => Promise<void>;

  constructor(bridge: Bridge, run: string, onError: (error: unknown) => void) {
    this.#bridge = bridge;
    this.#run = run;
    this.#refresh = askedAgain(async () => {
      this.#phones = await ask(bridge, 'search.phones', { run });
    }, onError);
  }

  /** Empty while no search of this run measures on phones. */
  get phones(): readonly PhoneActivity[] {
    return this.#phones;
  }

  /** For as long as somebody is looking; returns the function that ends it. */
  follow(): () => void {
    void this.#refresh();
    const refresh = (): void => {
      if (!document.hidden) void this.#refresh();
    };
    const unhear = this.#bridge.on('search.phonesChanged', ({ run }) => {
      if (run === this.#run) refresh();
    });
    document.addEventListener('visibilitychange', refresh);
    return () => {
      unhear();
      document.removeEventListener('visibilitychange', refresh);
    };
  }
}
