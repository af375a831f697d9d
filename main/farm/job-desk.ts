/**
 * What a search has given to one queue of a farm: jobs go out by their ids, answers are fetched when they are there,
 * and what a connection, a worker or the Redis lost is asked for again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, QueueEvents } from 'bullmq';
import type { Farm } from './connect.ts';
import { isOfAnotherKind } from './failures.ts';
import { queuePrefix, resultKey } from './keys.ts';
import { mostStalls } from './served-run.ts';

/** What an answer is worth. Of what is not `ours` nothing is left in the farm. */
export interface ReadAnswer<Answer> {
  readonly answer: Answer | 'lost';
  readonly ours: boolean;
}

export interface JobDeskOptions<Answer> {
  readonly farm: Farm;
  readonly queue: string;
  /** Of the queue's jobs. */
  readonly kind: 'score' | 'measure';
  /** Characters of an answer at most. */
  readonly most: number;
  /** After which a job that waits is looked after; `patienceMs` unless stated. */
  readonly patienceMs?: number | undefined;
  /** @param text null where it is longer, or no text at all */
  readonly read: (text: string | null, id: string) => ReadAnswer<Answer>;
}

interface Pending<Answer> {
  readonly id: string;
  /** Made when the job is sent: what is known may have grown. */
  readonly data: () => object;
  readonly asked: number;
  readonly settle: (outcome: Answer | 'lost') => void;
}

/** What has been fetched may be fetched again until the candidate is surely in the run file. */
const keptMs = 30_000;
/** How long an answer of the farm may take. */
export const patienceMs = 5000;
const closingMs = 3000;
const hearingAgainMs = 100;

export class JobDesk<Answer> {
  readonly #options: JobDeskOptions<Answer>;
  readonly #queue: Queue;
  readonly #events: QueueEvents;
  readonly #pending = new Map<string, Pending<Answer>>();
  readonly #fetched: { readonly id: string; readonly at: number }[] = [];
  #closed = false;

  constructor(options: JobDeskOptions<Answer>) {
    this.#options = options;
    const { farm, queue } = options;
    const streams = { events: { maxLen: 1000 } };
    this.#queue = new Queue(queue, { connection: farm.redis, prefix: queuePrefix, streams });
    this.#events = new QueueEvents(queue, { connection: farm.duplicate(), prefix: queuePrefix });
    this.#queue.on('error', () => undefined);
    this.#events.on('error', () => this.#hearAgain());
    this.#events.on('completed', ({ jobId: id }) => void this.#fetch(id));
    this.#events.on('failed', ({ jobId: id }) => this.#pending.get(id)?.settle('lost'));
  }

  /** What is no event ends the hearing of all that follow; what was missed is looked after. */
  #hearAgain(): void {
    const again = (): void => {
      if (this.#closed) return;
      // BullMQ emits only the end of the first run; where it never ended, it says so here.
      this.#events.run().catch((error: Error) => {
        if (!/already running/.test(error.message)) this.#hearAgain();
      });
    };
    setTimeout(again, hearingAgainMs).unref();
  }

  /** Jobs without an answer. */
  get waiting(): number {
    return this.#pending.size;
  }

  /** The answer, or `lost` where nobody will give one. Throws the signal's reason. */
  async ask(id: string, data: () => object, signal: AbortSignal): Promise<Answer | 'lost'> {
    const answered = new Promise<Answer | 'lost'>((resolve) => {
      this.#pending.set(id, { id, data, asked: performance.now(), settle: resolve });
    });
    let abort: () => void = () => undefined;
    const aborted = new Promise<never>((_, reject) => {
      abort = () => reject(signal.reason as Error);
      signal.addEventListener('abort', abort, { once: true });
    });
    try {
      void this.#begin(id);
      return await Promise.race([answered, aborted]);
    } finally {
      signal.removeEventListener('abort', abort);
      this.#pending.delete(id);
    }
  }

  /** Events may be lost with a connection, and jobs with a Redis. Throws what asking the Redis throws. */
  async lookAfter(): Promise<void> {
    const { farm, patienceMs: patience = patienceMs } = this.#options;
    const { redis } = farm;
    const due = performance.now() - patience;
    const waiting = [...this.#pending.values()].filter(({ asked }) => asked < due);
    if (waiting.length > 0) {
      const pipeline = redis.pipeline();
      for (const { id } of waiting) pipeline.exists(resultKey(id)).exists(this.#queue.toKey(id));
      const answers = (await pipeline.exec()) ?? [];
      for (const [i, { id }] of waiting.entries()) {
        const [answered, queued] = [answers[2 * i]?.[1], answers[2 * i + 1]?.[1]];
        if (answered === 1) await this.#fetch(id);
        else if (queued === 0) await this.#send(id);
      }
    }
    const old = this.#fetched.findIndex(({ at }) => at > performance.now() - keptMs);
    const past = this.#fetched.splice(0, old < 0 ? this.#fetched.length : old);
    if (past.length > 0) await redis.unlink(...past.map(({ id }) => resultKey(id)));
  }

  /** Takes back what still waits, and what has been fetched. Never rejects. */
  async clear(ids: readonly string[]): Promise<void> {
    const { redis } = this.#options.farm;
    for (const id of ids) await this.#queue.remove(id).catch(() => 0);
    const fetched = this.#fetched.map(({ id }) => resultKey(id));
    if (fetched.length > 0) await redis.unlink(...fetched).catch(() => 0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const ended = Promise.all([this.#events.close(), this.#queue.close()]).catch(() => undefined);
    await Promise.race([ended, sleep(closingMs)]);
  }

  /**
   * An earlier session may have left the answer; who takes the job sees that as well, so that neither waits for the
   * other. What is not sent now is sent with the next look at what waits.
   */
  async #begin(id: string): Promise<void> {
    await Promise.all([this.#fetch(id), this.#send(id).catch(() => undefined)]);
  }

  async #send(id: string): Promise<void> {
    const pending = this.#pending.get(id);
    if (pending === undefined || this.#closed) return;
    const { kind } = this.#options;
    await this.#queue.add(kind, pending.data(), {
      ...{ jobId: id, removeOnComplete: true, removeOnFail: true, attempts: mostStalls },
    });
  }

  /** Takes the answer, if there is one. Never rejects. */
  async #fetch(id: string): Promise<void> {
    const { read } = this.#options;
    try {
      if (!this.#pending.has(id)) return;
      const text = await this.#text(id);
      const pending = this.#pending.get(id);
      if (text === '' || pending === undefined) return;
      const { answer, ours } = read(text, id);
      // Not what a worker of this run writes.
      if (!ours) await this.#options.farm.redis.unlink(resultKey(id));
      else this.#fetched.push({ id, at: performance.now() });
      pending.settle(answer);
    } catch {
      // The next look fetches it.
    }
  }

  /** What lies where the answer belongs: empty where nothing does, null where it is too long or of another kind. */
  async #text(id: string): Promise<string | null> {
    const { farm, most } = this.#options;
    try {
      const text = await farm.redis.getrange(resultKey(id), 0, most);
      return text.length > most ? null : text;
    } catch (error) {
      if (isOfAnotherKind(error)) return null;
      throw error;
    }
  }
}
