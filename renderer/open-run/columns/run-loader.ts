/**
 * Keeps the window's copy of a run up to date. An event only says that something changed; the
 * loader asks again, at most every `pauseMs`, and not while the window is hidden.
 */
import type { Bridge, RunProgress } from '../../../preload/contract.ts';
import { ask } from '../../ground/bridge.ts';
import type { CandidateColumns } from './columns.ts';

export interface RunLoaderOptions {
  readonly bridge: Bridge;
  readonly run: string;
  readonly columns: CandidateColumns;
  /** Progress and the columns are up to date; `added` rows are new. */
  readonly onLoaded: (progress: RunProgress, added: number) => void;
  /** A page has been added, and another one has been asked for. */
  readonly onPage?: () => void;
  readonly onError: (error: unknown) => void;
  readonly isHidden?: () => boolean;
  readonly pauseMs?: number;
}

/** How many rows are asked for at a time: adding them keeps the page busy for some 20 ms. */
export const pageSize = 5000;

export class RunLoader {
  readonly #options: RunLoaderOptions;
  readonly #unsubscribe: () => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #loading: Promise<void> | null = null;
  #stale = false;
  #closed = false;
  #lastLoad = -Infinity;

  constructor(options: RunLoaderOptions) {
    this.#options = options;
    this.#unsubscribe = options.bridge.on('run.changed', ({ run }) => {
      if (run === options.run) this.#changed();
    });
  }

  /** Loads now, whatever the pause; resolves when the copy is up to date. */
  async load(): Promise<void> {
    this.#loading ??= this.#loadOnce().finally(() => {
      this.#loading = null;
      this.#lastLoad = performance.now();
      if (this.#stale) this.#changed();
    });
    return this.#loading;
  }

  /** The window is visible again: catch up with what has happened. */
  shown(): void {
    if (this.#stale) this.#changed();
  }

  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #changed(): void {
    this.#stale = true;
    if (this.#closed || this.#timer !== null || this.#loading !== null) return;
    if (this.#options.isHidden?.()) return;
    const pause = this.#options.pauseMs ?? 80;
    const wait = Math.max(0, this.#lastLoad + pause - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.load();
    }, wait);
  }

  async #loadOnce(): Promise<void> {
    const { bridge, run, columns, onLoaded, onError } = this.#options;
    this.#stale = false;
    try {
      // Progress first: rows stored in between are then a welcome surplus, never a gap.
      const progress = await ask(bridge, 'runs.progress', { run });
      columns.reserve(progress.evaluated + progress.failed);
      let added = await this.#loadAfter(columns.highest);
      if (columns.length < progress.evaluated + progress.failed) {
        // A candidate was finished after one with a higher number: fill from the first gap.
        const after = columns.contiguous;
        if (after < columns.highest) added += await this.#loadAfter(after);
      }
      if (!this.#closed) onLoaded(progress, added);
    } catch (error) {
      if (!this.#closed) onError(error);
    }
  }

  /**
   * Continues to read page by page, so that neither side is blocked for long; returns how many rows were new.
   */
  async #loadAfter(id: number): Promise<number> {
    const { bridge, run, columns, onPage } = this.#options;
    const pageAfter = (after: number) =>
      ask(bridge, 'runs.candidates', { run, after, most: pageSize });
    let added = 0;
    for (let next = pageAfter(id); ;) {
      const page = await next;
      if (this.#closed) return added;
      const last = page.ids.length < pageSize;
      // The main side continues to read while this page is being added.
      if (!last) next = pageAfter(page.ids[page.ids.length - 1]!);
      added += columns.append(page);
      if (last) return added;
      onPage?.();
    }
  }
}
