/** Searches that are judged by known accuracies: what runs, the results, and the one that is open. */
import { createContext } from 'svelte';
import type { BenchmarkSpace } from '../../../main/common/benchmarks.ts';
import type { SearchMethod } from '../../../main/common/settings/method.ts';
import type { Preset } from '../../../main/common/settings/score.ts';
import type { SearchBenchmarkSettings } from '../../../main/common/search-benchmarks.ts';
import type {
  Bridge,
  SearchBenchmarkList,
  SearchBenchmarkView,
} from '../../../preload/contract.ts';
import { askedAgain, refreshedAfter } from '../../ground/asked-again.ts';
import { ask } from '../../ground/bridge.ts';

/** What stood in the form when its page was left, or when it gave way to what it started. */
export interface SearchesDraft {
  readonly space: BenchmarkSpace;
  readonly preset: Preset;
  readonly methods: readonly SearchMethod[];
  readonly count: string;
  readonly seeds: string;
  readonly seed: string;
}

export class SearchBenchmarksStore {
  draft: SearchesDraft | null = null;
  readonly #bridge: Bridge;
  readonly #do: ReturnType<typeof refreshedAfter>;
  readonly refresh: () => Promise<void>;
  #state: SearchBenchmarkList | null = $state.raw(null);
  #view: SearchBenchmarkView | null = $state.raw(null);
  /** The one that the person opened; null shows the newest. */
  #opened: string | null = null;
  /** The page of benchmarks shows searches in place of scores. */
  shown = $state(false);

  constructor(bridge: Bridge, onError: (error: unknown) => void) {
    this.#bridge = bridge;
    this.refresh = askedAgain(() => this.#load(), onError);
    this.#do = refreshedAfter(this.refresh, onError);
    bridge.on('searchBenchmarks.changed', () => this.#state !== null && void this.refresh());
  }

  /** Null until the first answer. */
  get state(): SearchBenchmarkList | null {
    return this.#state;
  }

  get view(): SearchBenchmarkView | null {
    return this.#view;
  }

  open(benchmark: string): Promise<void> {
    this.#opened = benchmark;
    return this.refresh();
  }

  start(settings: SearchBenchmarkSettings): Promise<void> {
    // Its result is the newest.
    this.#opened = null;
    return this.#do(() => ask(this.#bridge, 'searchBenchmarks.start', { settings }));
  }

  stop(): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'searchBenchmarks.stop'));
  }

  delete(benchmark: string): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'searchBenchmarks.delete', { benchmark }));
  }

  async #load(): Promise<void> {
    const state = await ask(this.#bridge, 'searchBenchmarks.state');
    const readable = state.results.filter(({ error }) => error === null);
    const shown = readable.find(({ benchmark }) => benchmark === this.#opened) ?? readable[0];
    if (shown === undefined) this.#view = null;
    else if (shown.benchmark !== this.#view?.summary.benchmark) {
      const { benchmark } = shown;
      this.#view = await ask(this.#bridge, 'searchBenchmarks.view', { benchmark });
    }
    this.#state = state;
  }
}

export const [useSearchBenchmarks, provideSearchBenchmarks] =
  createContext<SearchBenchmarksStore>();
