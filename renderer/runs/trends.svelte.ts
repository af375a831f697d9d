/** Hypervolumes of the runs in the list: asked for one after another, and again when a run has grown. */
import { createContext } from 'svelte';
import type { Bridge } from '../../preload/contract.ts';
import { ask } from '../ground/bridge.ts';

export class TrendStore {
  readonly #bridge: Bridge;
  #values: ReadonlyMap<string, readonly number[]> = $state.raw(new Map());
  /** Run -> the revision that was last asked for. */
  readonly #asked = new Map<string, number>();
  readonly #waiting = new Set<string>();
  #working = false;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Undefined until it is known, or where it could not be read. */
  get(run: string): readonly number[] | undefined {
    return this.#values.get(run);
  }

  /** @param revision a new one causes another request */
  want(run: string, revision: number): void {
    if (this.#asked.get(run) === revision) return;
    this.#asked.set(run, revision);
    this.#waiting.add(run);
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (const run of this.#waiting) {
      this.#waiting.delete(run);
      try {
        const values = await ask(this.#bridge, 'runs.trend', { run });
        this.#values = new Map(this.#values).set(run, values);
      } catch {
        // A run that cannot be read says so in its row and has no line.
      }
    }
    this.#working = false;
  }
}

export const [useTrends, provideTrends] = createContext<TrendStore>();
