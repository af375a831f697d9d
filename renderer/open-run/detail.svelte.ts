/** Details of single networks, asked for when they are first looked at and then kept. */
import type { Bridge, CandidateDetail } from '../../preload/contract.ts';
import { ask } from '../ground/bridge.ts';
import type { Pin } from './pins.svelte.ts';

const kept = 200;

export class DetailStore {
  #details: ReadonlyMap<Pin, CandidateDetail> = $state.raw(new Map());
  readonly #asked = new Set<Pin>();
  readonly #bridge: Bridge;
  readonly #run: string;
  readonly #onError: (error: unknown) => void;

  constructor(bridge: Bridge, run: string, onError: (error: unknown) => void) {
    this.#bridge = bridge;
    this.#run = run;
    this.#onError = onError;
  }

  /** @param id of a candidate, or the genotype of a network that was scored besides */
  get(id: Pin): CandidateDetail | undefined {
    return this.#details.get(id);
  }

  /** One sentence about how this run's latencies were measured, once any of them is known. */
  get conditions(): string | null {
    for (const { latency } of this.#details.values()) if (latency) return latency.conditions;
    return null;
  }

  /** The cap behind the capped scores, once any of them is known. */
  get termCap(): number | null {
    for (const { termCap } of this.#details.values()) if (termCap !== null) return termCap;
    return null;
  }

  /** Asks anew: what is stored of it has changed. */
  async reload(id: Pin): Promise<void> {
    this.#asked.delete(id);
    await this.load(id);
  }

  async load(id: Pin): Promise<void> {
    if (this.#asked.has(id)) return;
    this.#asked.add(id);
    try {
      const detail = await this.#ask(id);
      const details = new Map(this.#details).set(id, detail);
      for (const oldest of details.keys()) {
        if (details.size <= kept) break;
        details.delete(oldest);
        this.#asked.delete(oldest);
      }
      this.#details = details;
    } catch (error) {
      this.#asked.delete(id);
      this.#onError(error);
    }
  }

  #ask(id: Pin): Promise<CandidateDetail> {
    const run = this.#run;
    return typeof id === 'number'
      ? ask(this.#bridge, 'runs.candidate', { run, id })
      : ask(this.#bridge, 'candidate.network', { run, genotype: id });
  }

  /** What was stored of it has changed: it is asked for anew. */
  forget(id: Pin): void {
    this.#asked.delete(id);
    const details = new Map(this.#details);
    if (details.delete(id)) this.#details = details;
  }
}
