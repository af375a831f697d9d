/** What the model of the run's scores expects: asked for while somebody looks at it, and again as scores arrive. */
import type { Bridge, RunModel } from '../../preload/contract.ts';
import { ask } from '../ground/bridge.ts';
import type { RunData } from './columns/run-data.svelte.ts';
import type { Ranking } from './ranking/ranking.svelte.ts';

/** Candidates that have to arrive before it is fitted anew. */
const enoughNews = 10;

export class ModelStore {
  #model: RunModel | null | undefined = $state.raw();
  #asking = $state(false);
  /** Candidates and beta that the latest one is of. */
  #of = { candidates: -1, beta: NaN };
  readonly #bridge: Bridge;
  readonly #data: RunData;
  readonly #ranking: Ranking;
  readonly #onError: (error: unknown) => void;

  constructor(bridge: Bridge, data: RunData, ranking: Ranking, onError: (error: unknown) => void) {
    this.#bridge = bridge;
    this.#data = data;
    this.#ranking = ranking;
    this.#onError = onError;
  }

  /** Undefined until the first answer; null where nothing was scored. */
  get model(): RunModel | null | undefined {
    return this.#model;
  }

  get asking(): boolean {
    return this.#asking;
  }

  /** To be called in an effect: follows beta, and the candidates that arrive. */
  async follow(): Promise<void> {
    const { length: candidates } = this.#data.columns;
    const { beta } = this.#ranking;
    const news = Math.abs(candidates - this.#of.candidates);
    const ended = this.#data.progress?.state !== 'searching';
    const current = beta === this.#of.beta && (news === 0 || (news < enoughNews && !ended));
    if (this.#asking || current) return;
    this.#asking = true;
    this.#of = { candidates, beta };
    try {
      this.#model = await ask(this.#bridge, 'runs.model', { run: this.#data.run, beta });
    } catch (error) {
      this.#onError(error);
    }
    this.#asking = false;
  }
}
