/** Plays the search back, one generation after the other, and ends where it follows again. */
import type { RunRanking } from './ranking/ranking.svelte.ts';
import type { RunData } from './columns/run-data.svelte.ts';

const stepMs = 450;

export class Playback {
  #timer: ReturnType<typeof setInterval> | null = $state.raw(null);
  readonly #data: RunData;
  readonly #ranking: RunRanking;

  constructor(data: RunData, ranking: RunRanking) {
    this.#data = data;
    this.#ranking = ranking;
  }

  get playing(): boolean {
    return this.#timer !== null;
  }

  toggle(): void {
    if (this.playing) this.stop();
    else this.#start();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #start(): void {
    const last = this.#data.columns.lastGeneration;
    if (this.#data.columns.length === 0 || last === 0) return;
    const from = this.#ranking.generation;
    this.#ranking.generation = from === null || from >= last ? 0 : from;
    this.#timer = setInterval(() => this.#step(), stepMs);
  }

  #step(): void {
    const next = (this.#ranking.generation ?? 0) + 1;
    if (next < this.#data.columns.lastGeneration) {
      this.#ranking.generation = next;
    } else {
      this.#ranking.generation = null;
      this.stop();
    }
  }
}
