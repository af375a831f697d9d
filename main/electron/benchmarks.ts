/**
 * The benchmarks of the window: the one that is running and those in files. They never run at the same time as
 * a search or the scoring of models: they would share the cores, and a search's latencies would be distorted.
 */
import type { BenchmarkSummary, BenchmarkView } from '../../preload/contract.ts';
import {
  benchmarkFile,
  benchmarkFormat,
  type BenchmarkRecord,
} from '../benchmark/benchmark-file.ts';
import { networksToScore } from '../benchmark/passes.ts';
import type {
  BenchmarkedNetwork,
  BenchmarkPass,
  BenchmarkSettings,
  JudgedPredictors,
} from '../common/benchmarks.ts';
import type { UntrainedScore } from '../common/predictors.ts';
import { reportOf, type ErrorReport } from '../errors.ts';
import { createRateMeter, type RateMeter } from '../search/progress.ts';
import type { Genotype } from '../space/space.ts';
import { BenchmarkFiles } from './benchmark-files.ts';
import { busyError, type ComputeTurn } from './compute-turn.ts';
import { logError } from './log.ts';
import type { Services } from './services.ts';
import { throttle } from './throttle.ts';

/** The page asks for everything after an event, so this bounds how often it does. */
const eventIntervalMs = 500;

export interface BenchmarksOptions {
  readonly services: Pick<Services, 'benchmark' | 'judgeBenchmark' | 'productVersion'>;
  /** Where results go. */
  readonly folder: string;
  readonly turn: ComputeTurn;
  readonly changed: () => void;
  readonly judging?: (progress: { benchmark: string; done: number; all: number }) => void;
  readonly now?: () => number;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The benchmark that is running: its record grows network by network. */
interface Running {
  readonly name: string;
  readonly abort: AbortController;
  readonly record: Writable<BenchmarkRecord>;
  readonly networks: Map<Genotype, Writable<BenchmarkedNetwork>>;
  accuracies: ReadonlyMap<Genotype, readonly number[]>;
  pass: BenchmarkPass;
  done: number;
  meter: RateMeter;
  readonly startMs: number;
}

export class Benchmarks {
  readonly #options: BenchmarksOptions;
  readonly #files: BenchmarkFiles<BenchmarkRecord>;
  readonly #now: () => number;
  #running: Running | null = null;
  #finished: Promise<void> = Promise.resolve();
  #judging: { readonly abort: AbortController; readonly ended: Promise<unknown> } | null = null;

  constructor(options: BenchmarksOptions) {
    this.#options = options;
    this.#files = new BenchmarkFiles(options.folder, '.benchmark.json', benchmarkFile);
    this.#now = options.now ?? (() => performance.now());
  }

  get busy(): boolean {
    return this.#options.turn.isWith('benchmark');
  }

  /** The newest first. A file that cannot be read is listed with its error. */
  async list(): Promise<BenchmarkSummary[]> {
    const running = this.#running;
    const names = (await this.#files.names()).filter((name) => name !== running?.name);
    const summaries = await Promise.all(names.map((name) => this.#summary(name)));
    return running ? [this.#runningSummary(running), ...summaries] : summaries;
  }

  /** Throws `busyError` of whatever computes now. */
  async start(settings: BenchmarkSettings): Promise<string> {
    const giveBack = this.#options.turn.take('benchmark');
    try {
      const createdAt = new Date().toISOString();
      const name = await this.#files.newName(createdAt);
      const running = (this.#running = this.#begin(name, createdAt, settings));
      this.#finished = this.#run(running, giveBack);
      return name;
    } catch (error) {
      giveBack();
      throw error;
    } finally {
      this.#options.changed();
    }
  }

  /** Throws `unknown-benchmark`, and what reading its file throws. */
  async view(name: string): Promise<BenchmarkView> {
    const running = this.#running;
    if (running?.name !== name) {
      const record = await this.#files.read(name);
      return { ...viewOf(record), summary: summaryOf(name, record), progress: null };
    }
    const { pass, done, meter, record } = running;
    const all = networksToScore(record.settings.count, record.settings);
    return {
      ...viewOf(record),
      summary: this.#runningSummary(running),
      progress: { pass, done, all, secondsLeft: meter.secondsLeft(all - done) },
    };
  }

  stop(): void {
    this.#running?.abort.abort();
    this.#options.changed();
  }

  /**
   * Judges the networks of one that does not run; the next question ends this one. Null where it was cancelled.
   * Throws `unknown-benchmark`, `benchmark-running` of the one that runs, whatever computes now where models are
   * asked for, and what judging throws.
   */
  async judge(
    name: string,
    asked: Pick<Parameters<Services['judgeBenchmark']>[0], 'beta' | 'models' | 'only'>,
  ): Promise<JudgedPredictors | null> {
    if (this.#running?.name === name) throw busyError('benchmark');
    const before = this.#judging;
    before?.abort.abort();
    const abort = new AbortController();
    const judging = this.#judged(name, asked, abort.signal, before?.ended);
    const own = (this.#judging = { abort, ended: judging.catch(() => undefined) });
    try {
      return await judging;
    } catch (error) {
      if (abort.signal.aborted) return null;
      throw error;
    } finally {
      if (this.#judging === own) this.#judging = null;
    }
  }

  /** @param before what has to end first */
  async #judged(
    name: string,
    asked: Pick<Parameters<Services['judgeBenchmark']>[0], 'beta' | 'models' | 'only'>,
    signal: AbortSignal,
    before: Promise<unknown> | undefined,
  ): Promise<JudgedPredictors> {
    await before;
    const { settings, columns, networks } = await this.#files.read(name);
    signal.throwIfAborted();
    if (networks.length === 0) return {};
    const giveBack = asked.models ? this.#options.turn.take('benchmark') : () => undefined;
    try {
      return await this.#options.services.judgeBenchmark(
        { settings, columns, networks, ...asked },
        (progress) => this.#options.judging?.({ benchmark: name, ...progress }),
        signal,
      );
    } finally {
      giveBack();
    }
  }

  cancelJudging(): void {
    this.#judging?.abort.abort();
  }

  async #endJudging(): Promise<void> {
    this.cancelJudging();
    await this.#judging?.ended;
  }

  /** Throws `unknown-benchmark`; `benchmark-running` for the one that runs. */
  async delete(name: string): Promise<void> {
    if (this.#running?.name === name) throw busyError('benchmark');
    await this.#files.delete(name);
    this.#options.changed();
  }

  /** Stops and waits until the file is written. */
  async close(): Promise<void> {
    this.stop();
    await Promise.all([this.#finished, this.#endJudging()]);
  }

  #begin(name: string, createdAt: string, settings: BenchmarkSettings): Running {
    const startMs = this.#now();
    return {
      name,
      abort: new AbortController(),
      record: {
        ...benchmarkFormat,
        createdAt,
        productVersion: this.#options.services.productVersion,
        status: 'stopped',
        error: null,
        settings,
        ...{ data: null, engine: null, scoring: null, seconds: 0 },
        ...{ columns: [], networks: [], failed: [] },
      },
      networks: new Map(),
      accuracies: new Map(),
      ...{ pass: 'scores', done: 0, meter: createRateMeter(startMs), startMs },
    };
  }

  async #run(running: Running, giveBack: () => void): Promise<void> {
    const { record, abort } = running;
    const changed = throttle(this.#options.changed, eventIntervalMs);
    try {
      await this.#options.services.benchmark(
        record.settings,
        this.#observer(running, changed),
        abort.signal,
      );
      record.status = 'finished';
    } catch (error) {
      if (!abort.signal.aborted) {
        record.error = reportOf(error);
        record.status = 'failed';
        if (record.error.code === 'internal') logError('The benchmark failed', error);
      }
    } finally {
      changed.cancel();
    }
    record.seconds = (this.#now() - running.startMs) / 1000;
    try {
      await this.#files.write(running.name, record);
    } catch (error) {
      // Nobody awaits this promise, and the result is lost: at least the log says why.
      logError('The result of the benchmark could not be stored', error);
    }
    this.#running = null;
    giveBack();
    this.#options.changed();
  }

  #observer(running: Running, changed: () => void): Parameters<Services['benchmark']>[1] {
    const { record, networks } = running;
    const counted = (pass: BenchmarkPass): void => {
      running.pass = pass;
      running.done += 1;
      running.meter.record(this.#now());
      changed();
    };
    return {
      known(columns, accuracies) {
        record.columns = [...columns];
        running.accuracies = accuracies;
      },
      started: (layout, engine, data) => {
        Object.assign(record, { scoring: { ...layout }, engine: { ...engine }, data });
        // Nothing has been scored until now: layouts were measured and images drawn.
        running.meter = createRateMeter(this.#now());
        changed();
      },
      scored(pass, genotype, score) {
        const known = networks.get(genotype);
        if (pass === 'moreDraws') {
          const { facts } = score;
          if (known) addDraw(known, { ...plain(score), ...(facts && { facts }) });
        } else if (pass !== 'scores') {
          if (known) known[pass] = plain(score);
        } else {
          const accuracies = running.accuracies.get(genotype) ?? [];
          const added = networkOf(genotype, accuracies, score);
          networks.set(genotype, added);
          record.networks.push(added);
        }
        counted(pass);
      },
      failed(pass, genotype, error: ErrorReport) {
        const known = networks.get(genotype);
        if (pass === 'moreDraws' && known) addDraw(known, null);
        record.failed.push({ genotype, pass, error });
        counted(pass);
      },
    };
  }

  #runningSummary({ name, record, abort, startMs }: Running): BenchmarkSummary {
    const seconds = (this.#now() - startMs) / 1000;
    const state = abort.signal.aborted ? 'stopping' : 'running';
    return { ...summaryOf(name, record), state, seconds };
  }

  async #summary(name: string): Promise<BenchmarkSummary> {
    try {
      return summaryOf(name, await this.#files.read(name));
    } catch (error) {
      const none = { createdAt: '', settings: null, scored: 0, seconds: 0 };
      return { benchmark: name, state: 'failed', ...none, error: reportOf(error) };
    }
  }
}

function plain({ zico, zicoCapped, bias, ranksLast = false }: UntrainedScore) {
  return { zico, zicoCapped, bias, ...(ranksLast && { ranksLast }) };
}

function networkOf(
  genotype: Genotype,
  accuracies: readonly number[],
  score: UntrainedScore,
): BenchmarkedNetwork {
  const { parameters, macs } = score;
  return {
    ...{ genotype, parameters, macs, accuracies: [...accuracies], scores: plain(score) },
    ...(score.facts && { facts: score.facts }),
    ...{ otherWeights: null, otherBatches: null },
  };
}

type Draw = NonNullable<BenchmarkedNetwork['moreDraws']>[number];

/** Draws come one after the other, each with every network once. */
function addDraw(network: Writable<BenchmarkedNetwork>, draw: Draw): void {
  network.moreDraws = [...(network.moreDraws ?? []), draw];
}

function summaryOf(benchmark: string, record: BenchmarkRecord): BenchmarkSummary {
  const { status: state, createdAt, settings, seconds, error } = record;
  return { benchmark, state, createdAt, settings, scored: record.networks.length, seconds, error };
}

function viewOf({ data, engine, scoring, columns, networks, failed }: BenchmarkRecord) {
  return { data, engine, scoring, columns, networks, failed };
}
