/** Converting one of the models: what was chosen, how far it is, and what came of it. */
import { usualRanges } from '../../main/common/quantising.ts';
import type { Bridge, Conversion, ConvertedModel, EventPayload } from '../../preload/contract.ts';
import { ask } from '../ground/bridge.ts';

export class ConversionStore {
  readonly #bridge: Bridge;
  readonly #onError: (error: unknown) => void;
  #chosen: Conversion = $state.raw({ target: 'tflite', precision: 'int8', ranges: usualRanges });
  #running: number | null = $state(null);
  #progress: EventPayload<'models.converting'> | null = $state.raw(null);
  #last: { readonly id: number; readonly converted: ConvertedModel } | null = $state.raw(null);

  constructor(bridge: Bridge, onError: (error: unknown) => void) {
    this.#bridge = bridge;
    this.#onError = onError;
  }

  get chosen(): Conversion {
    return this.#chosen;
  }

  choose(changes: Partial<Conversion>): void {
    this.#chosen = { ...this.#chosen, ...changes };
  }

  /** Which model is being converted. */
  get running(): number | null {
    return this.#running;
  }

  /** Null while a folder is being chosen. */
  get progress(): EventPayload<'models.converting'> | null {
    return this.#progress;
  }

  /** What came of the latest conversion of a model; null where there is none. */
  lastOf(id: number): ConvertedModel | null {
    return this.#last?.id === id ? this.#last.converted : null;
  }

  async convert(id: number): Promise<void> {
    if (this.#running !== null) return;
    this.#running = id;
    const unsubscribe = this.#bridge.on('models.converting', (progress) => {
      if (progress.id === id) this.#progress = progress;
    });
    try {
      const converted = await ask(this.#bridge, 'models.convert', { id, conversion: this.#chosen });
      if (converted) this.#last = { id, converted };
    } catch (error) {
      this.#onError(error);
    } finally {
      unsubscribe();
      this.#progress = null;
      this.#running = null;
    }
  }

  async cancel(): Promise<void> {
    try {
      await ask(this.#bridge, 'models.cancelConverting');
    } catch (error) {
      this.#onError(error);
    }
  }
}
