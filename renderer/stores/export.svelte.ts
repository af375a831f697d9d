/** Exporting a candidate: the main side asks for the folder, the window says what was written. */
import type { Bridge } from '../../preload/contract.ts';
import { ask } from '../lib/bridge.ts';

export interface Exported {
  readonly id: number;
  readonly folder: string;
  readonly files: readonly string[];
}

export class ExportStore {
  #running = $state(false);
  #last: Exported | null = $state.raw(null);
  readonly #bridge: Bridge;
  readonly #run: string;
  readonly #onError: (error: unknown) => void;

  constructor(bridge: Bridge, run: string, onError: (error: unknown) => void) {
    this.#bridge = bridge;
    this.#run = run;
    this.#onError = onError;
  }

  get running(): boolean {
    return this.#running;
  }

  get last(): Exported | null {
    return this.#last;
  }

  async write(id: number): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      const written = await ask(this.#bridge, 'candidate.export', { run: this.#run, id });
      if (written) this.#last = { id, ...written };
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#running = false;
    }
  }

  async reveal(): Promise<void> {
    try {
      await ask(this.#bridge, 'candidate.reveal', { run: this.#run });
    } catch (error) {
      this.#onError(error);
    }
  }

  dismiss(): void {
    this.#last = null;
  }
}
