/**
 * Benchmarks of searches in the window: the one that is running, and the results in files. One that is stopped leaves
 * no result, but the scores that it computed: asked again, it goes on from there.
 */
import type {
  SearchBenchmarkList,
  SearchBenchmarkSummary,
  SearchBenchmarkView,
} from '../../preload/contract.ts';
import {
  searchBenchmarkFile,
  searchBenchmarkFormat,
  type SearchBenchmarkRecord,
} from '../benchmark/search-benchmark-file.ts';
import type { SearchBenchmarkSettings } from '../common/search-benchmarks.ts';
import type { SearchMethod } from '../common/settings/method.ts';
import { reportOf, type ErrorReport } from '../errors.ts';
import { createRateMeter } from '../search/progress.ts';
import { BenchmarkFiles } from './benchmark-files.ts';
import type { ComputeTurn } from './compute-turn.ts';
import { logError } from './log.ts';
import type { Services } from './services.ts';
import { throttle } from './throttle.ts';

/** The page asks again after an event, so this bounds how often it does. */
const eventIntervalMs = 500;

export interface SearchBenchmarksOptions {
  readonly services: Pick<Services, 'searchBenchmark' | 'productVersion'>;
  /** Where results go. */
  readonly folder: string;
  readonly turn: ComputeTurn;
  readonly changed: () => void;
  readonly now?: () => number;
}

interface Running {
  readonly settings: SearchBenchmarkSettings;
  readonly abort: AbortController;
  readonly meter: ReturnType<typeof createRateMeter>;
  /** What is being searched: the n-th search of a method; null before the first. */
  search: { readonly method: SearchMethod; readonly number: number } | null;
  done: number;
  /** Of these, with a score that was kept from earlier. */
  kept: number;
}

export class SearchBenchmarks {
  readonly #options: SearchBenchmarksOptions;
  readonly #files: BenchmarkFiles<SearchBenchmarkRecord>;
  readonly #now: () => number;
  #running: Running | null = null;
  #finished: Promise<void> = Promise.resolve();
  /** Why the latest one ended without a result. */
  #error: ErrorReport | null = null;

  constructor(options: SearchBenchmarksOptions) {
    this.#options = options;
    this.#files = new BenchmarkFiles(options.folder, '.searches.json', searchBenchmarkFile);
    this.#now = options.now ?? (() => performance.now());
  }

  /** What runs, and the results, the newest first. A file that cannot be read is listed with its error. */
  async state(): Promise<SearchBenchmarkList> {
    const results = await Promise.all(
      (await this.#files.names()).map((name) => this.#summary(name)),
    );
    const running = this.#running;
    if (running === null) return { running: null, error: this.#error, results };
    const { settings, search, done, kept, meter, abort } = running;
    const all = settings.methods.length * settings.seeds * settings.count;
    return {
      running: {
        ...{ settings, search, done, kept, all, stopping: abort.signal.aborted },
        secondsLeft: meter.secondsLeft(all - done),
      },
      ...{ error: null, results },
    };
  }

  /** Throws `busyError` of whatever computes now. */
  start(settings: SearchBenchmarkSettings): void {
    const giveBack = this.#options.turn.take('benchmark');
    this.#error = null;
    const running: Running = (this.#running = {
      ...{ settings, abort: new AbortController(), meter: createRateMeter(this.#now()) },
      ...{ search: null, done: 0, kept: 0 },
    });
    this.#finished = this.#run(running, giveBack);
    this.#options.changed();
  }

  /** Throws `unknown-benchmark`, and what reading its file throws. */
  async view(benchmark: string): Promise<SearchBenchmarkView> {
    const { createdAt, settings, seconds, result } = await this.#files.read(benchmark);
    return { summary: { benchmark, createdAt, settings, seconds, error: null }, result };
  }

  stop(): void {
    this.#running?.abort.abort();
    this.#options.changed();
  }

  /** Throws `unknown-benchmark`. */
  async delete(benchmark: string): Promise<void> {
    await this.#files.delete(benchmark);
    this.#options.changed();
  }

  /** Stops, and waits until that is done. */
  async close(): Promise<void> {
    this.stop();
    await this.#finished;
  }

  async #run(running: Running, giveBack: () => void): Promise<void> {
    const { settings, abort, meter } = running;
    const { services } = this.#options;
    const [startMs, createdAt] = [this.#now(), new Date().toISOString()];
    const changed = throttle(this.#options.changed, eventIntervalMs);
    const observer = {
      began(method: SearchMethod, number: number) {
        running.search = { method, number };
        changed();
      },
      progress: (scored: boolean) => {
        running.done += 1;
        if (!scored) running.kept += 1;
        meter.record(this.#now());
        changed();
      },
    };
    try {
      const result = await services.searchBenchmark(settings, observer, abort.signal);
      const seconds = (this.#now() - startMs) / 1000;
      const { productVersion } = services;
      await this.#files.write(await this.#files.newName(createdAt), {
        ...searchBenchmarkFormat,
        ...{ createdAt, productVersion, settings, seconds },
        // As the file will say it: what is absent is absent.
        result: JSON.parse(JSON.stringify(result)) as SearchBenchmarkRecord['result'],
      });
    } catch (error) {
      if (!abort.signal.aborted) {
        this.#error = reportOf(error);
        if (this.#error.code === 'internal') logError('The benchmark of searches failed', error);
      }
    } finally {
      changed.cancel();
      this.#running = null;
      giveBack();
      this.#options.changed();
    }
  }

  async #summary(benchmark: string): Promise<SearchBenchmarkSummary> {
    try {
      return (await this.view(benchmark)).summary;
    } catch (error) {
      return { benchmark, createdAt: '', settings: null, seconds: 0, error: reportOf(error) };
    }
  }
}
