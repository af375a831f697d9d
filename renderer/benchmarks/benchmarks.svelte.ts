/** Benchmarks: the list, the one that is open, and how the page ranks its networks. */
import { createContext } from 'svelte';
import type {
  BenchmarkSettings,
  BenchmarkSummary,
  BenchmarkView,
  Bridge,
} from '../../preload/contract.ts';
import {
  correlationsOf,
  movesWithBeta,
  predictors,
  rankNetworks,
  repeatOf,
  type Correlation,
  type Predictor,
} from './benchmark.ts';
import { askedAgain, refreshedAfter } from '../ground/asked-again.ts';
import { ask } from '../ground/bridge.ts';

export class BenchmarksStore {
  readonly #bridge: Bridge;
  readonly refresh: () => Promise<void>;
  readonly #do: ReturnType<typeof refreshedAfter>;
  #list: readonly BenchmarkSummary[] | null = $state.raw(null);
  #view: BenchmarkView | null = $state.raw(null);
  /** The one that the person opened; null shows the newest. */
  #opened: string | null = null;
  /** The page is in sight; otherwise only the list is worth asking for. */
  watched = false;
  beta = $state(1);
  capped = $state(false);
  /** Which column of accuracies the chart shows. */
  column = $state(0);
  /** The selected network and the one under the pointer, by genotype. */
  selected: string | null = $state(null);
  hovered: string | null = $state(null);

  constructor(bridge: Bridge, onError: (error: unknown) => void) {
    this.#bridge = bridge;
    this.refresh = askedAgain(() => this.#load(), onError);
    this.#do = refreshedAfter(this.refresh, onError);
    bridge.on('benchmarks.changed', () => void this.refresh());
  }

  get list(): readonly BenchmarkSummary[] | null {
    return this.#list;
  }

  get view(): BenchmarkView | null {
    return this.#view;
  }

  readonly running = $derived.by(
    () => this.#list?.find(({ state }) => state === 'running' || state === 'stopping') ?? null,
  );

  readonly #networks = $derived.by(() => this.#view?.networks ?? []);
  readonly ranked = $derived.by(() => rankNetworks(this.#networks, this.beta, this.capped));

  /** For what no beta changes: computed once for each set of scores. */
  readonly #still = $derived.by(() => this.#correlations((name) => !movesWithBeta(name), 0));
  readonly #moving = $derived.by(() => this.#correlations(movesWithBeta, this.beta));
  /** Predictor -> correlation with each column of accuracies. */
  readonly correlations = $derived.by(
    () => ({ ...this.#still, ...this.#moving }) as Record<Predictor, readonly Correlation[]>,
  );
  readonly otherWeights = $derived.by(() => repeatOf(this.#networks, 'otherWeights', this.beta));
  readonly otherBatches = $derived.by(() => repeatOf(this.#networks, 'otherBatches', this.beta));

  open(benchmark: string): Promise<void> {
    this.#opened = benchmark;
    this.selected = null;
    return this.refresh();
  }

  start(settings: BenchmarkSettings): Promise<void> {
    return this.#do(async () => {
      const { benchmark } = await ask(this.#bridge, 'benchmarks.start', { settings });
      this.#opened = benchmark;
      this.selected = null;
    });
  }

  stop(): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'benchmarks.stop'));
  }

  delete(benchmark: string): Promise<void> {
    return this.#do(() => ask(this.#bridge, 'benchmarks.delete', { benchmark }));
  }

  /** Up and down by score. */
  walk(step: 1 | -1): void {
    if (this.ranked.length === 0) return;
    const at = this.ranked.findIndex(({ network }) => network.genotype === this.selected);
    const next = at < 0 ? 0 : Math.max(0, Math.min(this.ranked.length - 1, at + step));
    this.selected = this.ranked[next]!.network.genotype;
  }

  #correlations(
    which: (name: Predictor) => boolean,
    beta: number,
  ): Partial<Record<Predictor, readonly Correlation[]>> {
    const columns = this.#view?.columns.length ?? 0;
    return Object.fromEntries(
      predictors
        .filter(which)
        .map((name) => [name, correlationsOf(this.#networks, columns, name, beta)]),
    );
  }

  async #load(): Promise<void> {
    const list = await ask(this.#bridge, 'benchmarks.list');
    this.#list = list;
    if (!this.watched) return;
    const readable = list.filter(({ settings }) => settings !== null);
    const shown = readable.find(({ benchmark }) => benchmark === this.#opened) ?? readable[0];
    this.#view = shown
      ? await ask(this.#bridge, 'benchmarks.view', { benchmark: shown.benchmark })
      : null;
  }
}

export const [useBenchmarks, provideBenchmarks] = createContext<BenchmarksStore>();
