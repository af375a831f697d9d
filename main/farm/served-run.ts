/** One run that a worker scores for: its queue, its engine, and what is being computed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { UnrecoverableError, WaitingError, Worker, type Job } from 'bullmq';
import type { FarmRun, WorkerRecord } from '../common/farm.ts';
import { reportOf, WorkbenchError } from '../errors.ts';
import type { CandidateScore } from '../run/candidate.ts';
import type { Genotype } from '../space/space.ts';
import { emptyHandedMs, storeAnswer } from './answers.ts';
import type { Farm } from './connect.ts';
import { discardDamaged, isOfDamagedJob } from './damaged-jobs.ts';
import { isPassing } from './failures.ts';
import { jobId, scoringJobSchema, type JobResult } from './jobs.ts';
import { farmFormat, limits, queuePrefix, resultKey, scoringQueue, workKey } from './keys.ts';
import { readRunPart, type RunPart } from './run-parts.ts';
import type { WorkerTally } from './tally.ts';
import { foreign, unpackWork, type FarmWork } from './work.ts';

/** Scores networks of a run. */
export interface RunScorer {
  score(genotype: Genotype, signal: AbortSignal): Promise<CandidateScore>;
  close(): Promise<void>;
}

/**
 * Opens the scorer of a run; throws if this computer cannot score for it.
 * @param places number of candidates that are scored side by side
 */
export type OpenRun = (
  run: FarmRun,
  work: () => Promise<FarmWork>,
  places: number,
) => Promise<RunScorer>;

export interface ServedRunOptions {
  readonly farm: Farm;
  readonly run: FarmRun;
  readonly open: OpenRun;
  readonly leaseMs: number;
  /** The most candidates side by side. */
  readonly most: number;
  readonly tally: WorkerTally;
  readonly worker: string;
  readonly now: () => number;
}

/** Failures that may be the computer's fault as much as the network's. */
const ofTheComputer = new Set([
  ...['engine-crashed', 'internal', 'memory-ceiling', 'out-of-memory', 'memory-lower-bound'],
  ...['scoring-timeout', 'engine-unavailable', 'instructions-unavailable'],
]);
/** After this many of them in a row, the computer is taken to be the cause. */
const mostInARow = 5;

/** Fetching the next job takes some milliseconds, which do not matter beside a longer one. */
const shortSeconds = 0.5;

/** A job that ended its worker this often is not passed on. */
export const mostStalls = 3;

export class ServedRun {
  readonly #options: ServedRunOptions;
  readonly #queue: Worker;
  readonly #current = new Map<string, { readonly genotype: string; readonly since: number }>();
  /** Aborted to give back jobs in progress. */
  readonly #giveBack = new AbortController();
  #scorer: Promise<RunScorer> | null = null;
  #inARow = 0;
  /** What the latest score took. */
  #seconds: number | null = null;
  #places = 0;
  #refusal: string | null = null;
  #closing: Promise<void> | null = null;

  constructor(options: ServedRunOptions) {
    this.#options = options;
    const { farm, run, leaseMs } = options;
    this.#queue = new Worker(scoringQueue(run.run), (job, token) => this.#process(job, token), {
      connection: farm.redis,
      prefix: queuePrefix,
      autorun: false,
      lockDuration: leaseMs,
      stalledInterval: leaseMs,
      maxStalledCount: mostStalls,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    // Lost connections recover by themselves; the farm reports meanwhile what is wrong.
    this.#queue.on('error', (error) => {
      if (isOfDamagedJob(error)) void this.#discard();
    });
  }

  /** Why this computer cannot score for the run after all; null while it can. */
  get refusal(): string | null {
    return this.#refusal;
  }

  current(): WorkerRecord['current'] {
    const { run } = this.#options.run;
    const computing = [...this.#current.values()].slice(0, this.#places);
    return computing.map(({ genotype, since }) => ({
      ...{ run, since },
      genotype: genotype.slice(0, 500),
    }));
  }

  /** Sets how many candidates are computed side by side; with 0 no more jobs are taken. */
  take(places: number): void {
    if (places === this.#places || this.#closing !== null) return;
    const before = this.#places;
    this.#places = places;
    if (places === 0) return void this.#queue.pause(true).catch(() => undefined);
    this.#fetch();
    if (before > 0) return;
    if (this.#queue.isRunning()) void this.#queue.resume();
    else this.#queue.run().catch(() => undefined);
  }

  /**
   * Of short jobs one more waits here, so that no processor idles while an answer is stored and the next job fetched.
   * Of long ones another worker would miss it for longer than that takes.
   */
  #fetch(): void {
    const isShort = this.#seconds !== null && this.#seconds < shortSeconds;
    this.#queue.concurrency = this.#places + (isShort ? 1 : 0);
  }

  /** Takes no more jobs; those in progress have this long until they are given back. */
  close(graceMs: number): Promise<void> {
    this.#closing ??= (async () => {
      const timer = graceMs === Infinity ? null : setTimeout(() => this.#giveBack.abort(), graceMs);
      const closed = this.#queue.close().catch(() => undefined);
      // If the Redis is gone it cannot be told: the lease will expire.
      const limit = graceMs === Infinity ? [] : [sleep(graceMs + 5000, undefined, { ref: false })];
      await Promise.race([closed, ...limit]);
      if (timer !== null) clearTimeout(timer);
      const scorer = await this.#scorer?.catch(() => null);
      await scorer?.close();
    })();
    return this.#closing;
  }

  async #process(job: Job, token?: string): Promise<null> {
    const { farm, run, tally, worker, now } = this.#options;
    const id = job.id ?? '';
    const asked = scoringJobSchema.safeParse(job.data);
    if (
      !asked.success ||
      asked.data.format !== farmFormat ||
      JSON.stringify(job.data).length > limits.job
    ) {
      return this.#refuse('a job of its queue is not one of ours');
    }
    const { genotype } = asked.data;
    if (id !== jobId(run.run, 'score', genotype))
      return this.#refuse('a job of its queue is not named as ours are');
    // A worker may have ended between storing its answer and reporting it.
    if ((await farm.redis.exists(resultKey(id))) === 1) return null;
    this.#current.set(id, { genotype, since: now() });
    try {
      const result = await this.#answer(genotype as Genotype);
      if (result === null || this.#refusal !== null) return await this.#back(job, token);
      await storeAnswer(farm, id, { ...result, worker }, tally);
      if (result.ok) tally.done();
      else tally.failed(result.failure);
      return null;
    } finally {
      this.#current.delete(id);
    }
  }

  /** Null if the job has to be given back. */
  async #answer(genotype: Genotype): Promise<Unsigned | null> {
    let scorer: RunScorer;
    try {
      scorer = await this.#opened();
    } catch (error) {
      this.#scorer = null;
      if (
        isPassing(error) ||
        (error instanceof WorkbenchError && error.code === 'farm-work-missing')
      ) {
        await sleep(emptyHandedMs);
        return null;
      }
      this.#giveUp(reportOf(error).message);
      return null;
    }
    try {
      const score = await scorer.score(genotype, this.#giveBack.signal);
      this.#inARow = 0;
      this.#seconds = score.seconds;
      if (this.#places > 0) this.#fetch();
      return { ok: true, score };
    } catch (error) {
      if (this.#giveBack.signal.aborted) return null;
      const failure = reportOf(error);
      this.#inARow = ofTheComputer.has(failure.code) ? this.#inARow + 1 : 0;
      if (this.#inARow < mostInARow) return { ok: false, failure };
      this.#giveUp(
        `${mostInARow} candidates in a row failed here, the last one: ${failure.message}`,
      );
      return null;
    }
  }

  #giveUp(reason: string): void {
    this.#refusal ??= reason;
    this.#options.tally.error(reason);
    this.take(0);
  }

  #opened(): Promise<RunScorer> {
    const { farm, run, open, most, tally } = this.#options;
    const key = workKey(run.work);
    const part: RunPart<Buffer | 'too long', FarmWork> = {
      ...{ name: 'images', key },
      read: async () =>
        (await farm.redis.strlen(key)) > limits.work ? 'too long' : farm.redis.getBuffer(key),
      unpack: (packed) => {
        if (packed === 'too long') throw foreign('it is too long');
        return unpackWork(packed, run.work);
      },
    };
    const work = (): Promise<FarmWork> => readRunPart(part, farm, tally);
    return (this.#scorer ??= open(run, work, most));
  }

  async #back(job: Job, token: string | undefined): Promise<never> {
    await job.moveToWait(token);
    this.#options.tally.givenBack();
    throw new WaitingError();
  }

  async #discard(): Promise<void> {
    const { farm, tally } = this.#options;
    const discarded = await discardDamaged(farm, this.#queue).catch(() => 0);
    if (discarded > 0) tally.error(thrownAway('a job of its queue cannot be read'));
  }

  #refuse(why: string): never {
    const message = thrownAway(why);
    this.#options.tally.error(message);
    throw new UnrecoverableError(message);
  }
}

const thrownAway = (why: string): string => `${why}: it was thrown away`;

type Unsigned =
  | Omit<Extract<JobResult, { ok: true }>, 'worker'>
  | Omit<Extract<JobResult, { ok: false }>, 'worker'>;
