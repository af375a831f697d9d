/**
 * Several scoring processes that look like one engine. Small networks gain little from a second thread;
 * scoring candidates side by side makes better use of a machine. Each process has its share of the memory,
 * so that all of them together stay below the ceiling, and a crash affects one candidate only.
 */
import { WorkbenchError } from '../errors.ts';
import type { BatchSet } from '../task/batches.ts';
import type {
  Engine,
  EngineIdentity,
  ProxyRequest,
  ProxyResult,
  Statistics,
  StatisticsRequest,
} from './engine.ts';
import type { ScoringLayout } from './layout.ts';

export interface EnginePoolOptions {
  readonly layout: ScoringLayout;
  /** Resident memory that all processes may hold together. */
  readonly memoryBytes: number;
  /** Scores depend on the number of threads, so every candidate gets the same number. */
  readonly threadsDecideBits?: boolean;
  /** An engine of one process with a memory ceiling of its own. */
  readonly open: (threads: number, memoryBytes: number) => Engine;
}

interface Waiting {
  readonly count: number;
  readonly start: (engines: readonly Engine[]) => void;
}

/** Failures that a candidate may not have with the whole machine to itself. */
const worthASoloRetry = new Set([
  'memory-lower-bound',
  'memory-ceiling',
  'out-of-memory',
  'scoring-timeout',
  // Its process was ended twice or more: by memory that another one took, or by a kill.
  'engine-crashed',
]);

export class EnginePool implements Engine {
  readonly identity: EngineIdentity;
  readonly #options: EnginePoolOptions;
  readonly #idle: Engine[] = [];
  readonly #waiting: Waiting[] = [];
  #batches: BatchSet | null = null;
  #closed = false;
  /** Engines that exist now, including those at work. */
  readonly #engines = new Set<Engine>();

  constructor(options: EnginePoolOptions) {
    this.#options = options;
    for (let i = 0; i < options.layout.workers; i++) this.#idle.push(this.#openShare());
    this.identity = this.#idle[0]!.identity;
  }

  get layout(): ScoringLayout {
    return this.#options.layout;
  }

  async useBatches(batches: BatchSet): Promise<void> {
    await this.#with(this.layout.workers, async (engines) => {
      this.#batches = batches;
      // One after the other: copying batches into messages blocks this process.
      for (const engine of engines) await engine.useBatches(batches);
      return engines;
    });
  }

  /**
   * Scores on the next free process. A candidate that needs more than a process's share of memory or time, or
   * whose process died, is scored once more with the whole machine to itself, so that whether a network can be
   * scored does not depend on the number of processes.
   */
  statistics(request: StatisticsRequest, signal?: AbortSignal): Promise<Statistics> {
    return this.#asked((engine) => engine.statistics(request, signal), signal);
  }

  /** As `statistics`. */
  proxies(request: ProxyRequest, signal?: AbortSignal): Promise<ProxyResult> {
    return this.#asked((engine) => engine.proxies(request, signal), signal);
  }

  async #asked<Result>(
    ask: (engine: Engine) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    try {
      return await this.#onOne(ask);
    } catch (error) {
      const mayHaveMore = this.layout.workers > 1 && signal?.aborted !== true;
      const more = error instanceof WorkbenchError && worthASoloRetry.has(error.code);
      if (!mayHaveMore || !more) throw error;
      return await this.#alone(ask);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#engines].map((engine) => engine.close()));
  }

  async #onOne<Result>(ask: (engine: Engine) => Promise<Result>): Promise<Result> {
    let result: Result | undefined;
    await this.#with(1, async (engines) => {
      result = await ask(engines[0]!);
      return engines;
    });
    return result as Result;
  }

  /** The other processes are ended first: they hold memory that this candidate needs. */
  async #alone<Result>(ask: (engine: Engine) => Promise<Result>): Promise<Result> {
    const { workers, threads } = this.layout;
    let outcome: () => Result = () => {
      throw new RangeError('the candidate was not scored');
    };
    await this.#with(workers, async (engines) => {
      await Promise.all(engines.map((engine) => this.#closeEngine(engine)));
      const { memoryBytes, threadsDecideBits } = this.#options;
      const whole = this.#open(threadsDecideBits ? threads : workers * threads, memoryBytes);
      try {
        if (this.#batches) await whole.useBatches(this.#batches);
        const result = await ask(whole);
        outcome = () => result;
      } catch (error) {
        outcome = () => {
          throw error;
        };
      }
      await this.#closeEngine(whole);
      const fresh = engines.map(() => this.#openShare());
      // One that cannot take them says so when it is next asked to score.
      const batches = this.#batches;
      if (batches) for (const engine of fresh) await engine.useBatches(batches).catch(() => null);
      return fresh;
    });
    return outcome();
  }

  /** Lends `count` engines to `work`, in the order of asking; takes back those that it returns. */
  async #with(
    count: number,
    work: (engines: readonly Engine[]) => Promise<readonly Engine[]>,
  ): Promise<void> {
    const lent = await new Promise<readonly Engine[]>((start) => {
      this.#waiting.push({ count, start });
      this.#lend();
    });
    let back = lent;
    try {
      back = await work(lent);
    } finally {
      this.#idle.push(...back);
      this.#lend();
    }
  }

  #lend(): void {
    // First come, first served: a request for all engines could otherwise starve behind requests for one.
    while (this.#waiting.length > 0 && this.#waiting[0]!.count <= this.#idle.length) {
      const { count, start } = this.#waiting.shift() as Waiting;
      start(this.#idle.splice(0, count));
    }
  }

  #openShare(): Engine {
    const { layout, memoryBytes } = this.#options;
    return this.#open(layout.threads, memoryBytes / layout.workers);
  }

  #open(threads: number, memoryBytes: number): Engine {
    const engine = this.#options.open(threads, memoryBytes);
    this.#engines.add(engine);
    if (this.#closed) void engine.close();
    return engine;
  }

  async #closeEngine(engine: Engine): Promise<void> {
    this.#engines.delete(engine);
    await engine.close();
  }
}
