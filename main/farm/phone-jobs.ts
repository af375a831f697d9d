/** What one phone of a worker has taken from the queue of its model: looked through, kept, answered or given back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { UnrecoverableError, Worker, type Job } from 'bullmq';
import type { MeasuringRun } from '../common/farm.ts';
import type { Farm } from './connect.ts';
import { discardDamaged, isOfDamagedJob } from './damaged-jobs.ts';
import { jobId } from './jobs.ts';
import { farmFormat, limits, queuePrefix, resultKey } from './keys.ts';
import { measuringJobSchema, measuringQueue, type MeasuringJob } from './measuring-jobs.ts';
import { readMeasuringRun } from './records.ts';
import { mostStalls } from './served-run.ts';

/** A job that is this phone's until it is answered or given back. */
export interface Held extends MeasuringJob {
  readonly job: Job;
  readonly token: string;
  readonly id: string;
  readonly announced: MeasuringRun;
}

export interface PhoneJobsOptions {
  readonly farm: Farm;
  readonly model: string;
  /** Names the phone among all who take jobs. */
  readonly owner: string;
  readonly leaseMs: number;
  /** Is told what was thrown away. */
  readonly onError: (message: string) => void;
}

/** Jobs of other runs that are looked through for one that this phone can measure. */
const mostScanned = 64;

export class PhoneJobs {
  readonly #options: PhoneJobsOptions;
  readonly #queue: Worker;
  readonly #held = new Set<Held>();
  readonly #renewing: NodeJS.Timeout;
  #tokens = 0;

  constructor(options: PhoneJobsOptions) {
    this.#options = options;
    const { farm, model, leaseMs } = options;
    this.#queue = new Worker(measuringQueue(model), null, {
      ...{ connection: farm.redis, prefix: queuePrefix, autorun: false },
      ...{ lockDuration: leaseMs, stalledInterval: leaseMs, maxStalledCount: mostStalls },
    });
    this.#queue.on('error', () => undefined);
    void this.#queue.startStalledCheckTimer().catch(() => undefined);
    this.#renewing = setInterval(() => this.#renew(), leaseMs / 3);
  }

  async waiting(): Promise<number> {
    return await this.#options.farm.redis.llen(this.#queue.toKey('wait'));
  }

  /** Some of one run that is taken; others go back. */
  async pull(most: number, takes: (run: MeasuringRun) => boolean): Promise<readonly Held[]> {
    const batch: Held[] = [];
    const others: Held[] = [];
    for (let seen = 0; batch.length < most && seen < mostScanned; seen++) {
      const token = `${this.#options.owner}:${this.#tokens++}`;
      const job = await this.#next(token);
      if (job === undefined) break;
      const held = await this.#looked(job, token);
      if (held === null) continue;
      this.#held.add(held);
      const fits = held.run === (batch[0] ?? held).run && takes(held.announced);
      (fits ? batch : others).push(held);
    }
    await this.back(others);
    return batch;
  }

  async done(held: Held): Promise<void> {
    await complete(held.job, held.token);
    this.#held.delete(held);
  }

  /** By default all; the one that was taken first is the next one again. Returns how many. */
  async back(jobs: readonly Held[] = [...this.#held]): Promise<number> {
    for (const held of [...jobs].reverse()) {
      this.#held.delete(held);
      // Where it is not ours any more, another worker has it.
      await held.job.moveToWait(held.token).catch(() => undefined);
    }
    return jobs.length;
  }

  /** Gives one back that the phone was lost with. */
  async interrupted(held: Held, interruptions: number): Promise<void> {
    const { job, token, id, announced, ...data } = held;
    void [token, id, announced];
    await job.updateData({ ...data, interruptions }).catch(() => undefined);
    await this.back([held]);
  }

  async close(): Promise<void> {
    clearInterval(this.#renewing);
    await Promise.race([this.#queue.close().catch(() => undefined), sleep(2000)]);
  }

  /** Undefined where none waits. */
  async #next(token: string): Promise<Job | undefined> {
    const { farm, onError } = this.#options;
    for (;;) {
      try {
        return (await this.#queue.getNextJob(token, { block: false })) as Job | undefined;
      } catch (error) {
        if (!isOfDamagedJob(error) || (await discardDamaged(farm, this.#queue)) === 0) throw error;
        onError('a job of its queue cannot be read: it was thrown away');
      }
    }
  }

  /** Null where it is not to be measured. */
  async #looked(job: Job, token: string): Promise<Held | null> {
    const { farm, onError } = this.#options;
    const id = job.id ?? '';
    const asked = measuringJobSchema.safeParse(job.data);
    const ours =
      asked.success &&
      asked.data.format === farmFormat &&
      id === jobId(asked.data.run, 'measure', asked.data.sha256) &&
      JSON.stringify(job.data).length <= limits.job;
    if (!ours) {
      const message = 'a job of its queue is not one of ours: it was thrown away';
      onError(message);
      const error = new UnrecoverableError(message);
      await job.moveToFailed(error, token, false).catch(() => undefined);
      return null;
    }
    // A worker may have ended between its answer and saying so.
    const answered = (await farm.redis.exists(resultKey(id))) === 1;
    const announced = answered ? null : await readMeasuringRun(farm.redis, asked.data.run);
    if (announced !== null) return { ...asked.data, job, token, id, announced };
    // A search that is still there asks again.
    await complete(job, token);
    return null;
  }

  #renew(): void {
    const { leaseMs } = this.#options;
    for (const { job, token } of this.#held) job.extendLock(token, leaseMs).catch(() => undefined);
  }
}

async function complete(job: Job, token: string): Promise<void> {
  await job.moveToCompleted(null, token, false).catch(() => undefined);
}
