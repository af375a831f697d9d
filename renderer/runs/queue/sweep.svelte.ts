/** A sweep's runs side by side, read again while they are at work. */
import type { Bridge, SweepView } from '../../../preload/contract.ts';
import { ask } from '../../ground/bridge.ts';

/** Reading runs takes a while, and a front does not grow with every candidate. */
const readEveryMs = 2000;

export class SweepStore {
  readonly #bridge: Bridge;
  readonly #sweep: string;
  readonly #onError: (error: unknown) => void;
  #view: SweepView | null = $state.raw(null);
  #failed = $state(false);
  #timer: ReturnType<typeof setTimeout> | null = null;
  #reading = false;
  #stale = false;
  #closed = false;
  readonly #off: readonly (() => void)[];

  constructor(bridge: Bridge, sweep: string, onError: (error: unknown) => void) {
    this.#bridge = bridge;
    this.#sweep = sweep;
    this.#onError = onError;
    this.#off = [
      bridge.on('queue.changed', () => this.#later(0)),
      bridge.on('run.changed', ({ run }) => {
        if (this.#view?.searches.some((one) => one.run === run)) this.#later(readEveryMs);
      }),
    ];
    void this.#read();
  }

  /** Null until it is known. */
  get view(): SweepView | null {
    return this.#view;
  }

  get failed(): boolean {
    return this.#failed;
  }

  close(): void {
    this.#closed = true;
    for (const off of this.#off) off();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #later(ms: number): void {
    if (this.#reading) this.#stale = true;
    else
      this.#timer ??= setTimeout(() => {
        this.#timer = null;
        void this.#read();
      }, ms);
  }

  async #read(): Promise<void> {
    this.#reading = true;
    try {
      this.#view = await ask(this.#bridge, 'queue.sweep', { sweep: this.#sweep });
    } catch (error) {
      this.#failed = true;
      if (!this.#closed) this.#onError(error);
    }
    this.#reading = false;
    if (!this.#stale || this.#closed) return;
    this.#stale = false;
    this.#later(readEveryMs);
  }
}
