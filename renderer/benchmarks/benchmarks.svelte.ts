/** Benchmarks: the list, the one that is open, and how the page ranks its networks. */
import { createContext } from 'svelte';
import type {
  BenchmarkSettings,
  BenchmarkSummary,
  BenchmarkView,
  Bridge,
  JudgedPredictors,
} from '../../preload/contract.ts';
import {
  correlationsOf,
  movesWithBeta,
  predictors,
  rankNetworks,
  repeatOf,
  type Correlation,
  type Predictor,
  type ShownMeasure,
} from './benchmark.ts';
import type { Interval } from '../../main/common/benchmarks.ts';
import { askedAgain, refreshedAfter } from '../ground/asked-again.ts';
import { ask } from '../ground/bridge.ts';
import type { Preset } from '../../main/common/settings/score.ts';
import { usualBeta } from './benchmark-spaces.ts';

/** How long beta has to rest before figures that take seconds follow it. */
const restMs = 350;

/** What stood in the form of a benchmark when its page was left, or when it gave way to what it started. */
export interface BenchmarkDraft {
  readonly space: BenchmarkSettings['space'];
  readonly draws: string;
  readonly count: string;
  readonly seed: string;
  readonly weights: BenchmarkSettings['weights'];
  readonly repeatability: boolean;
  readonly preset: Preset;
}

interface Judgement {
  readonly benchmark: string;
  readonly beta: number;
  readonly judged: JudgedPredictors;
}

export interface JudgingState {
  readonly benchmark: string;
  /** Models of few networks as well. */
  readonly models: boolean;
  readonly done: number;
  readonly all: number;
}

export class BenchmarksStore {
  draft: BenchmarkDraft | null = null;
  readonly #bridge: Bridge;
  readonly #onError: (error: unknown) => void;
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
  /** How good predictors are is shown by this measure. */
  measure: ShownMeasure = $state('kendallTau');
  /** Which column of accuracies the chart shows. */
  column = $state(0);
  /** The selected network and the one under the pointer, by genotype. */
  selected: string | null = $state(null);
  hovered: string | null = $state(null);
  #judgement: Judgement | null = $state.raw(null);
  #judging: JudgingState | null = $state.raw(null);
  /** Of the latest question: answers to earlier ones come too late. */
  #question = 0;
  /** What was asked for by itself last: neither progress nor an error asks again. */
  #tried: string | null = null;

  constructor(bridge: Bridge, onError: (error: unknown) => void) {
    this.#bridge = bridge;
    this.refresh = askedAgain(() => this.#load(), onError);
    this.#do = refreshedAfter(this.refresh, onError);
    this.#onError = onError;
    bridge.on('benchmarks.changed', () => void this.refresh());
    bridge.on('benchmarks.judging', ({ benchmark, done, all }) => {
      if (this.#judging?.benchmark === benchmark) {
        this.#judging = { ...this.#judging, done, all };
      }
    });
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

  /** How good predictors are, for the beta of this moment; null until it is known. */
  get judged(): JudgedPredictors | null {
    const known = this.#judgement;
    return known?.benchmark === this.#shown && known?.beta === this.beta ? known.judged : null;
  }

  /** What is being judged now. */
  get judging(): JudgingState | null {
    return this.#judging;
  }

  /** Whether models of few networks were judged for the beta of this moment. */
  get modelsJudged(): boolean {
    return this.judged?.zicoBc?.[this.#view?.columns[0] ?? '']?.regretOf40 !== undefined;
  }

  /** Rank correlations are known at once, of networks that arrive and for any beta; all else once it is judged. */
  judgedOf(predictor: Predictor, measure: ShownMeasure, column: number): Interval {
    const name = this.#view?.columns[column] ?? '';
    const judged = this.judged?.[predictor]?.[name]?.[measure];
    if (judged) return judged;
    const own = this.correlations[predictor][column];
    const value =
      measure === 'kendallTau' ? own?.tau : measure === 'spearmanRho' ? own?.rho : undefined;
    return { value: value ?? null, from: null, to: null };
  }

  get #shown(): string | null {
    return this.#view?.summary.benchmark ?? null;
  }

  /** To be called in an effect: has what is shown judged as soon as beta rests. @returns gives up waiting */
  followJudging(): () => void {
    const state = this.#view?.summary.state;
    const ended = state !== undefined && state !== 'running' && state !== 'stopping';
    const wanted = ended && this.#networks.length > 1 && this.judged === null;
    // Models take minutes, and another question would end them.
    if (!wanted || this.#judging?.models) return () => undefined;
    const { beta } = this;
    const asking = `${this.#shown} ${beta}`;
    if (asking === this.#tried) return () => undefined;
    const timer = setTimeout(() => {
      this.#tried = asking;
      void this.#judge(beta, false);
    }, restMs);
    return () => clearTimeout(timer);
  }

  /** Takes a minute or more. */
  judgeByModels(): Promise<void> {
    return this.#judge(this.beta, true);
  }

  async cancelJudging(): Promise<void> {
    try {
      await ask(this.#bridge, 'benchmarks.cancelJudging');
    } catch (error) {
      this.#onError(error);
    }
  }

  async #judge(beta: number, models: boolean): Promise<void> {
    const benchmark = this.#shown;
    if (benchmark === null) return;
    const question = ++this.#question;
    const before = this.#judgement?.benchmark === benchmark ? this.#judgement.judged : null;
    // Of another beta all but these stay as they are.
    const only = before !== null && !models ? predictors.filter(movesWithBeta) : null;
    this.#judging = { benchmark, models, done: 0, all: (only ?? predictors).length };
    try {
      const asked = { benchmark, beta, models, ...(only && { only }) };
      const judged = await ask(this.#bridge, 'benchmarks.judge', asked);
      if (question !== this.#question) return;
      if (judged !== null) {
        this.#judgement = { benchmark, beta, judged: { ...before, ...judged } };
      } else this.#tried = null; // cancelled: what needs no models is asked for again
    } catch (error) {
      this.#onError(error);
    } finally {
      if (question === this.#question) this.#judging = null;
    }
  }

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
    const view = shown
      ? await ask(this.#bridge, 'benchmarks.view', { benchmark: shown.benchmark })
      : null;
    // Each is first shown as its preset ranks.
    const settings = view?.summary.settings;
    if (settings && shown?.benchmark !== this.#shown) this.beta = usualBeta(settings);
    this.#view = view;
  }
}

export const [useBenchmarks, provideBenchmarks] = createContext<BenchmarksStore>();
