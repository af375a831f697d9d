/** How the page of a search is divided, the same for every search; kept with the app's settings. */
import type { Bridge, PanelLayout } from '../../preload/contract.ts';
import { ask } from '../ground/bridge.ts';

export type Divided = 'lower' | 'inspector';

/** Least and most pixels, so that no panel is lost and the chart keeps room. */
export const panelLimits: Readonly<
  Record<Divided, { readonly least: number; readonly most: number }>
> = { lower: { least: 120, most: 640 }, inspector: { least: 260, most: 560 } };

const asBorn: PanelLayout = { lower: null, inspector: null, bias: true };
/** Sizes are saved once dragging has paused, not at every pixel. */
const settleMs = 400;

export class LayoutStore {
  #layout: PanelLayout = $state.raw(asBorn);
  #timer: ReturnType<typeof setTimeout> | null = null;
  readonly #bridge: Bridge;
  readonly #onError: (error: unknown) => void;

  constructor(bridge: Bridge, onError: (error: unknown) => void) {
    this.#bridge = bridge;
    this.#onError = onError;
  }

  async load(): Promise<void> {
    try {
      const { layout } = await ask(this.#bridge, 'preferences.read');
      if (this.#timer === null) this.#layout = layout;
    } catch (error) {
      this.#onError(error);
    }
  }

  /** Pixels; null if it follows the size of the window. */
  size(panel: Divided): number | null {
    return this.#layout[panel];
  }

  /** Null gives a panel back its own size. */
  setSize(panel: Divided, pixels: number | null): void {
    const { least, most } = panelLimits[panel];
    const size = pixels === null ? null : Math.round(Math.min(most, Math.max(least, pixels)));
    this.#change({ [panel]: size });
  }

  /** Whether the bias panel is there. */
  get bias(): boolean {
    return this.#layout.bias;
  }

  set bias(bias: boolean) {
    this.#change({ bias });
  }

  /** True where everything is at its default. */
  get untouched(): boolean {
    const { lower, inspector, bias } = this.#layout;
    return lower === null && inspector === null && bias;
  }

  reset(): void {
    this.#change(asBorn);
  }

  #change(changes: Partial<PanelLayout>): void {
    this.#layout = { ...this.#layout, ...changes };
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#keep(), settleMs);
  }

  async #keep(): Promise<void> {
    this.#timer = null;
    try {
      await ask(this.#bridge, 'preferences.change', { layout: { ...this.#layout } });
    } catch (error) {
      this.#onError(error);
    }
  }
}
