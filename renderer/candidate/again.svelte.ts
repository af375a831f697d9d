/** Scores or measures a candidate again: one at a time, for the whole window. */
import { createContext } from 'svelte';
import type { Bridge, MeasuredAgain, ScoredAgain } from '../../preload/contract.ts';
import { ask } from '../ground/bridge.ts';

export interface AgainRequest {
  readonly run: string;
  readonly id: number;
  readonly kind: 'score' | 'measure';
}

const key = (run: string, id: number): string => `${run} ${id}`;

export class AgainStore {
  #current: AgainRequest | null = $state.raw(null);
  #scores: ReadonlyMap<string, ScoredAgain> = $state.raw(new Map());
  #latencies: ReadonlyMap<string, MeasuredAgain> = $state.raw(new Map());
  readonly #bridge: Bridge;
  readonly #onError: (error: unknown) => void;

  constructor(bridge: Bridge, onError: (error: unknown) => void) {
    this.#bridge = bridge;
    this.#onError = onError;
  }

  /** What is being repeated now. */
  get current(): AgainRequest | null {
    return this.#current;
  }

  score(run: string, id: number): ScoredAgain | undefined {
    return this.#scores.get(key(run, id));
  }

  latency(run: string, id: number): MeasuredAgain | undefined {
    return this.#latencies.get(key(run, id));
  }

  async scoreAgain(run: string, id: number): Promise<void> {
    await this.#one({ run, id, kind: 'score' }, async () => {
      const again = await ask(this.#bridge, 'candidate.scoreAgain', { run, id });
      if (again) this.#scores = new Map(this.#scores).set(key(run, id), again);
    });
  }

  async measureAgain(run: string, id: number): Promise<void> {
    await this.#one({ run, id, kind: 'measure' }, async () => {
      const again = await ask(this.#bridge, 'candidate.measureAgain', { run, id });
      if (again) this.#latencies = new Map(this.#latencies).set(key(run, id), again);
    });
  }

  async cancel(): Promise<void> {
    try {
      await ask(this.#bridge, 'candidate.cancelAgain');
    } catch (error) {
      this.#onError(error);
    }
  }

  async #one(repeat: AgainRequest, work: () => Promise<void>): Promise<void> {
    if (this.#current) return;
    this.#current = repeat;
    try {
      await work();
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#current = null;
    }
  }
}

export const [useAgain, provideAgain] = createContext<AgainStore>();
