/** A farm for a test: a real Redis of its own, workers and searches that end with it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { openFarm, type Farm } from '../../../main/farm/connect.ts';
import { FarmScoring, type FarmScoringOptions } from '../../../main/farm/scoring.ts';
import type { RunScorer } from '../../../main/farm/served-run.ts';
import { FarmWorker, type FarmWorkerOptions } from '../../../main/farm/worker.ts';
import { TestRedis } from '../../support/redis.ts';
import {
  documentedAccess,
  documentedUser,
  engine,
  identity,
  offer,
  product,
  scoreOf,
  work,
} from './farm-work.ts';

export class FarmBench {
  readonly redis: TestRedis;
  readonly farms: Farm[] = [];
  readonly workers: { readonly stop: AbortController; readonly ended: Promise<void> }[] = [];
  readonly #searches: FarmScoring[] = [];
  readonly #operators: Redis[] = [];

  private constructor(redis: TestRedis) {
    this.redis = redis;
  }

  /** Whoever works or searches in it has the rights that are documented, and no more. */
  static async start(): Promise<FarmBench> {
    return new FarmBench(await TestRedis.start(...documentedUser()));
  }

  async join(url = this.redis.url): Promise<Farm> {
    const farm = await openFarm(documentedAccess(url));
    this.farms.push(farm);
    return farm;
  }

  /** Somebody else with a way into the Redis. */
  operator(): Redis {
    const redis = new Redis(this.redis.url);
    this.#operators.push(redis);
    return redis;
  }

  async worker(
    score: RunScorer['score'],
    more: Partial<FarmWorkerOptions> = {},
  ): Promise<FarmWorker> {
    const worker = new FarmWorker({
      ...{ farm: more.farm ?? (await this.join()), product, offer: offer(2) },
      ...{ leaseMs: 2000, graceMs: 200, heartbeatMs: 200 },
      open: async (_, read) => {
        await read();
        return { score, close: () => Promise.resolve() };
      },
      ...more,
    });
    const stop = new AbortController();
    this.workers.push({ stop, ended: worker.run(stop.signal) });
    return worker;
  }

  async search(more: Partial<FarmScoringOptions> = {}): Promise<FarmScoring> {
    const search = new FarmScoring({
      ...{ farm: await this.join(), product, runId: 'a', work, engine, identity },
      ...{ threadsCount: false, heartbeatMs: 200, patienceMs: 1000 },
      decide: () => Promise.reject(new Error('nothing should be decided here')),
      ...more,
    });
    this.#searches.push(search);
    return search;
  }

  /** Workers stop and give back what they have. */
  async stopWorkers(): Promise<void> {
    for (const { stop } of this.workers) stop.abort();
    await Promise.all(this.workers.splice(0).map(({ ended }) => ended));
  }

  async close(): Promise<void> {
    for (const { stop } of this.workers) stop.abort();
    for (const redis of this.#operators) redis.disconnect();
    await Promise.all(this.#searches.splice(0).map((one) => one.close(true)));
    await this.stopWorkers();
    await Promise.all(this.farms.splice(0).map((farm) => farm.close()));
    await this.redis.stop();
  }
}

export const quick: RunScorer['score'] = async (genotype) => {
  await sleep(2);
  return scoreOf(genotype);
};
