/** The app's settings and the state of its update, as the main side keeps them. */
import type { Bridge, Preferences, UpdateState } from '../../preload/contract.ts';
import { ask } from '../ground/bridge.ts';

export class PreferencesStore {
  #current: Preferences | null = $state.raw(null);
  #update: UpdateState | null = $state.raw(null);
  readonly #bridge: Bridge;
  readonly #onError: (error: unknown) => void;

  constructor(bridge: Bridge, onError: (error: unknown) => void) {
    this.#bridge = bridge;
    this.#onError = onError;
    bridge.on('updates.changed', () => void this.#readUpdate());
  }

  /** Null until the first answer. */
  get current(): Preferences | null {
    return this.#current;
  }

  get update(): UpdateState | null {
    return this.#update;
  }

  async load(): Promise<void> {
    await Promise.all([
      this.#attempt(async () => (this.#current = await ask(this.#bridge, 'preferences.read'))),
      this.#readUpdate(),
    ]);
  }

  /** Shown once it is stored: a setting that could not be saved keeps its old value. */
  async change(changes: Partial<Preferences>): Promise<void> {
    await this.#attempt(
      async () => (this.#current = await ask(this.#bridge, 'preferences.change', changes)),
    );
  }

  async checkForUpdates(): Promise<void> {
    await this.#attempt(async () => (this.#update = await ask(this.#bridge, 'updates.check')));
  }

  async #readUpdate(): Promise<void> {
    await this.#attempt(async () => (this.#update = await ask(this.#bridge, 'updates.state')));
  }

  async #attempt(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#onError(error);
    }
  }
}
