/**
 * The searching side of a farm: candidates go out as jobs and come back as scores, whatever happens to workers, to the
 * Redis and to the network between. What a worker says is a wish until it was looked through; what it could not do, the
 * searching computer decides itself, so that a run has what one computer alone would have given it.
 */
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, QueueEvents } from 'bullmq';
import {
  placesOf,
  unfitness,
  type FarmRun,
  type NeededEngine,
  type WorkerRecord,
} from '../common/farm.ts';
import type { EngineIdentity } from '../common/engines.ts';
import type { CandidateScore } from '../run/candidate.ts';
import type { Genotype } from '../space/space.ts';
import type { Farm } from './connect.ts';
import { farmFailure } from './failures.ts';
import { Gate } from './gate.ts';
import { jobId, resultIn, type Result } from './jobs.ts';
import {
  farmFormat,
  lifetimes,
  limits,
  queuePrefix,
  resultKey,
  scoringQueue,
  usualHeartbeatMs,
  workKey,
} from './keys.ts';
import { announceRun, readWorkers, withdrawRun } from './records.ts';
import { mostStalls } from './served-run.ts';
import { emptyQueue } from './sweep.ts';
import { digestOf, packWork, type Work } from './work.ts';

export interface FarmScoringOptions {
  readonly farm: Farm;
  readonly product: string;
  /** Names the run in every session. */
  readonly runId: string;
  readonly work: Work;
  readonly engine: NeededEngine;
  /** What every score has to name; null takes any. */
  readonly identity: EngineIdentity | null;
  /** True where the number of threads is part of it. */
  readonly threadsCount: boolean;
  /** Scores a network on this computer. */
  readonly decide: (genotype: Genotype, signal: AbortSignal) => Promise<CandidateScore>;
  readonly onNews?: (news: FarmNews) => void;
  /** Between two signs of life. */
  readonly heartbeatMs?: number;
}

/** What a person should hear while a search uses a farm. */
export interface FarmNews {
  readonly workers: number;
  readonly places: number;
  /** Workers that are not given jobs of the run, and why. */
  readonly unfit: readonly { readonly worker: string; readonly why: string }[];
  /** What keeps it from going on; null while all is well. */
  readonly trouble: string | null;
}

interface Pending {
  readonly id: string;
  readonly genotype: string;
  readonly asked: number;
  readonly settle: (outcome: Result | 'lost') => void;
}

/** What has been fetched may be fetched again until the candidate is surely in the run file. */
const keptMs = 30_000;
/** So many answers that are none, and this computer scores the network itself. */
const mostBadAnswers = 3;
const patienceMs = 5000;
const closingMs = 3000;

export class FarmScoring {
  readonly run: string;
  readonly #options: FarmScoringOptions;
  readonly #packed: Buffer;
  readonly #record: FarmRun;
  readonly #queue: Queue;
  readonly #events: QueueEvents;
  readonly #pending = new Map<string, Pending>();
  readonly #fetched: { readonly id: string; readonly at: number }[] = [];
  readonly #gate = new Gate(2);
  readonly #ended = new AbortController();
  readonly #beating: Promise<void>;

  constructor(options: FarmScoringOptions) {
    this.#options = options;
    const { farm, product, runId, work, engine, identity } = options;
    this.#packed = packWork(work);
    const digest = digestOf(this.#packed);
    this.run = `r${digestOf(runId, digest, JSON.stringify(engine), String(identity === null)).slice(0, 24)}`;
    this.#record = {
      ...{ format: farmFormat, product, run: this.run, space: work.space.name.slice(0, 200) },
      ...{ host: os.hostname().slice(0, 200), since: Math.max(Date.now() + farm.clockOffsetMs, 0) },
      ...{
        engine,
        any: identity === null,
        work: digest,
        workBytes: this.#packed.length,
      },
    };
    const connection = farm.redis;
    const name = scoringQueue(this.run);
    const streams = { events: { maxLen: 1000 } };
    this.#queue = new Queue(name, { connection, prefix: queuePrefix, streams });
    this.#events = new QueueEvents(name, { connection: farm.duplicate(), prefix: queuePrefix });
    this.#queue.on('error', () => undefined);
    this.#events.on('error', () => undefined);
    this.#events.on('completed', ({ jobId: id }) => void this.#fetch(id));
    this.#events.on('failed', ({ jobId: id }) => this.#pending.get(id)?.settle('lost'));
    this.#beating = this.#beat();
  }

  /** Throws what `decide` throws, and the signal's reason. */
  async score(genotype: Genotype, signal: AbortSignal): Promise<CandidateScore> {
    for (let bad = 0; bad < mostBadAnswers; bad++) {
      const result = await this.#gate.through(signal, () => this.#asked(genotype, signal));
      if (result === 'lost' || !result.ok) break;
      if (this.#fits(result.score.engine)) return result.score;
    }
    // A worker's memory, time or health is no reason for a network to fail: what fails, fails here.
    signal.throwIfAborted();
    return await this.#options.decide(genotype, signal);
  }

  /** Gives up what waits. @param finished true where nobody will come back for what is being computed */
  async close(finished: boolean): Promise<void> {
    this.#ended.abort();
    await this.#beating;
    const { farm } = this.#options;
    const tidy = async (): Promise<void> => {
      await withdrawRun(farm.redis, this.run);
      await emptyQueue(farm, scoringQueue(this.run));
      const fetched = this.#fetched.map(({ id }) => resultKey(id));
      if (fetched.length > 0) await farm.redis.unlink(...fetched);
      if (finished) await farm.redis.unlink(workKey(this.#record.work));
    };
    await Promise.race([tidy().catch(() => undefined), sleep(closingMs)]);
    const ended = Promise.all([this.#events.close(), this.#queue.close()]).catch(() => undefined);
    await Promise.race([ended, sleep(closingMs)]);
  }

  async #asked(genotype: Genotype, signal: AbortSignal): Promise<Result | 'lost'> {
    const id = jobId(this.run, 'score', genotype);
    const answered = new Promise<Result | 'lost'>((resolve) => {
      this.#pending.set(id, { id, genotype, asked: performance.now(), settle: resolve });
    });
    let abort: () => void = () => undefined;
    const aborted = new Promise<never>((_, reject) => {
      abort = () => reject(signal.reason as Error);
      signal.addEventListener('abort', abort, { once: true });
    });
    try {
      void this.#begin(id, genotype);
      return await Promise.race([answered, aborted]);
    } finally {
      signal.removeEventListener('abort', abort);
      this.#pending.delete(id);
    }
  }

  /** An earlier session may have left the answer. What is not sent now is sent with the next look at what waits. */
  async #begin(id: string, genotype: string): Promise<void> {
    await this.#fetch(id);
    if (this.#pending.has(id) && !this.#ended.signal.aborted)
      await this.#send(id, genotype).catch(() => undefined);
  }

  async #send(id: string, genotype: string): Promise<void> {
    const job = { format: farmFormat, genotype };
    await this.#queue.add('score', job, {
      ...{ jobId: id, removeOnComplete: true, removeOnFail: true, attempts: mostStalls },
    });
  }

  /** Takes the answer, if there is one. Never rejects. */
  async #fetch(id: string): Promise<void> {
    const { farm } = this.#options;
    try {
      if (!this.#pending.has(id)) return;
      const text = await farm.redis.getrange(resultKey(id), 0, limits.result);
      const pending = this.#pending.get(id);
      if (text === '' || pending === undefined) return;
      const result = text.length > limits.result ? null : resultIn(text);
      if (result === null || (result.ok && !this.#fits(result.score.engine))) {
        // Not what a worker of this run writes.
        await farm.redis.unlink(resultKey(id));
        return pending.settle(result ?? 'lost');
      }
      this.#fetched.push({ id, at: performance.now() });
      pending.settle(result);
    } catch {
      // The next look fetches it.
    }
  }

  #fits(engine: EngineIdentity): boolean {
    const { identity, threadsCount } = this.#options;
    if (identity === null) return true;
    return (
      engine.name === identity.name &&
      engine.version === identity.version &&
      (engine.precision ?? 'float32') === (identity.precision ?? 'float32') &&
      (engine.instructions ?? null) === (identity.instructions ?? null) &&
      (!threadsCount || engine.threads === identity.threads)
    );
  }

  /** Signs of life, who is there, and what was lost on the way. */
  async #beat(): Promise<void> {
    const { signal } = this.#ended;
    const { heartbeatMs = usualHeartbeatMs } = this.#options;
    while (!signal.aborted) {
      const beat = this.#once().then(
        () => null,
        (error: unknown) => error,
      );
      const late = sleep(patienceMs, 'late' as const, { ref: false });
      const outcome = await Promise.race([beat, late]);
      if (outcome !== null && !signal.aborted) this.#tellTrouble(outcome);
      if (outcome === 'late') await Promise.race([beat, until(signal)]);
      await sleep(heartbeatMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #once(): Promise<void> {
    const { farm } = this.#options;
    const { redis } = farm;
    const key = workKey(this.#record.work);
    if ((await redis.expire(key, lifetimes.work)) === 0) {
      await redis.set(key, this.#packed, 'EX', lifetimes.work);
    }
    await announceRun(redis, this.#record, Date.now() + farm.clockOffsetMs);
    this.#tell((await readWorkers(redis)).records);
    await this.#lookAfter();
    const old = this.#fetched.findIndex(({ at }) => at > performance.now() - keptMs);
    const past = this.#fetched.splice(0, old < 0 ? this.#fetched.length : old);
    if (past.length > 0) await redis.unlink(...past.map(({ id }) => resultKey(id)));
  }

  /** Events may be lost with a connection, and jobs with a Redis. */
  async #lookAfter(): Promise<void> {
    const { redis } = this.#options.farm;
    const due = performance.now() - patienceMs;
    const waiting = [...this.#pending.values()].filter(({ asked }) => asked < due);
    if (waiting.length === 0) return;
    const pipeline = redis.pipeline();
    for (const { id } of waiting) pipeline.exists(resultKey(id)).exists(this.#queue.toKey(id));
    const answers = (await pipeline.exec()) ?? [];
    for (const [i, { id, genotype }] of waiting.entries()) {
      const [answered, queued] = [answers[2 * i]?.[1], answers[2 * i + 1]?.[1]];
      if (answered === 1) await this.#fetch(id);
      else if (queued === 0 && this.#pending.has(id)) await this.#send(id, genotype);
    }
  }

  #tell(workers: readonly WorkerRecord[]): void {
    const judged = workers.map((worker) => ({
      worker,
      why: unfitness(this.#record, worker) ?? worker.unfit[this.run] ?? null,
    }));
    const fitting = judged.filter(({ why, worker }) => why === null && worker.state !== 'draining');
    const places = fitting.reduce(
      (sum, { worker }) => sum + placesOf(worker.offer, this.#record.engine),
      0,
    );
    // Enough that nobody waits for the next job, and little that waits for long.
    this.#gate.widen(Math.max(2, 2 * places));
    const unfit = judged.flatMap(({ worker, why }) =>
      why === null ? [] : [{ worker: worker.name, why }],
    );
    this.#options.onNews?.({ workers: fitting.length, places, unfit, trouble: null });
  }

  #tellTrouble(error: unknown): void {
    const { farm, onNews } = this.#options;
    const trouble = error === 'late' ? farm.trouble() : farmFailure(error, farm.url);
    const message = trouble?.message ?? `The farm at ${farm.url} does not answer.`;
    onNews?.({ workers: 0, places: 0, unfit: [], trouble: message });
  }
}

function until(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}
