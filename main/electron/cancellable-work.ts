/** Work that has the turn to compute: one at a time, and a person can cancel it. */
import type { Computation, ComputeTurn } from './compute-turn.ts';

export class CancellableWork {
  readonly #turn: ComputeTurn;
  #abort: AbortController | null = null;
  #working: Promise<unknown> = Promise.resolve();

  constructor(turn: ComputeTurn) {
    this.#turn = turn;
  }

  get busy(): boolean {
    return this.#abort !== null;
  }

  /** Null where it was cancelled. Throws what `ComputeTurn.take` throws, and what the work throws. */
  async run<T>(wanted: Computation, work: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
    const giveBack = this.#turn.take(wanted);
    const abort = (this.#abort = new AbortController());
    const working = work(abort.signal);
    this.#working = working.catch(() => undefined);
    try {
      return await working;
    } catch (error) {
      if (abort.signal.aborted) return null;
      throw error;
    } finally {
      this.#abort = null;
      giveBack();
    }
  }

  cancel(): void {
    this.#abort?.abort();
  }

  /** Cancels and waits until it has ended. */
  async close(): Promise<void> {
    this.cancel();
    await this.#working;
  }
}
