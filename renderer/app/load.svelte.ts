/** How busy the engine is; asked every other second while something is running and the window is visible. */
import type { Bridge, Load } from '../../preload/contract.ts';
import { ask } from '../ground/bridge.ts';

const everyMs = 2000;

export class LoadStore {
  readonly #bridge: Bridge;
  #load: Load | null = $state.raw(null);

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Null while nobody is watching, and until the first answer. */
  get current(): Load | null {
    return this.#load;
  }

  /** Returns what ends the watching. */
  watch(): () => void {
    const look = (): void => {
      if (!document.hidden) void this.#look();
    };
    look();
    const timer = setInterval(look, everyMs);
    return () => {
      clearInterval(timer);
      this.#load = null;
    };
  }

  async #look(): Promise<void> {
    try {
      this.#load = await ask(this.#bridge, 'app.load');
    } catch {
      this.#load = null; // only a figure in the corner, not worth an error message
    }
  }
}
