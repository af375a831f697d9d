/**
 * An engine that remains open for a while after its last score. By then its child has loaded the native
 * libraries and mapped its memory: the first score of a child takes about twice as long as the next ones, and
 * people who try settings on a model soon ask for another. After that its memory is released.
 */
import type { Engine } from '../engine/engine.ts';
import type { EngineWish } from '../common/engines.ts';
import { usualPrecision, type Scored } from '../engine/engine-choice.ts';
import { type PrecisionWish } from '../engine/precision.ts';

/** Long enough to change a setting, short enough that a search finds the memory free. */
export const keptForMs = 20_000;

type OpenEngine = (wish: EngineWish, precision: PrecisionWish, scored: Scored) => Engine;

export class WarmEngine {
  readonly #open: OpenEngine;
  #kept: { readonly key: string; readonly engine: Engine } | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(open: OpenEngine) {
    this.#open = open;
  }

  /**
   * The engine for these wishes: the one that is open, or a new one. It belongs to this object.
   * @param scored what the precision `auto` looks at
   */
  take(wish: EngineWish, precision: PrecisionWish, scored: Scored): Engine {
    clearTimeout(this.#timer);
    const own = precision === 'auto' ? usualPrecision('onednn', scored) : precision;
    const key = `${wish} ${precision} ${own}`;
    if (this.#kept?.key !== key) void this.close(); // its child is killed, there is nothing to wait for
    this.#kept ??= { key, engine: this.#open(wish, precision, scored) };
    return this.#kept.engine;
  }

  /** It is not needed now, and closes after a while. */
  rest(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.close(), keptForMs);
    this.#timer.unref(); // an app that ends does not wait for it
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const kept = this.#kept;
    this.#kept = null;
    await kept?.engine.close();
  }
}
