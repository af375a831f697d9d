/** What an accident or somebody with a way into the Redis leaves there: it is named, and nothing is lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobId } from '../../../main/farm/jobs.ts';
import { queuePrefix, resultKey, scoringQueue } from '../../../main/farm/keys.ts';
import type { FarmWorker } from '../../../main/farm/worker.ts';
import { redisServer } from '../../support/redis.ts';
import { FarmBench, quick } from './farm-bench.ts';
import { genotypes, scoreOf } from './farm-work.ts';

const never = new AbortController().signal;
const limitMs = 60_000;
const messages = (worker: FarmWorker) => worker.record().errors.map(({ message }) => message);

describe.skipIf(redisServer === null)('what is not ours in a farm', () => {
  let bench: FarmBench;
  let operator: Redis;
  beforeEach(async () => {
    bench = await FarmBench.start();
    operator = bench.operator();
  });
  afterEach(() => bench.close());
  const decide = (genotype: string) => Promise.resolve(scoreOf(genotype));
  const keyed = async (pattern: string): Promise<string> => {
    for (;;) {
      const [key] = await operator.keys(pattern);
      if (key !== undefined) return key;
      await sleep(20);
    }
  };

  it(
    'is thrown away where an answer belongs',
    async () => {
      const search = await bench.search({ decide });
      const [one] = genotypes(1);
      await operator.lpush(resultKey(jobId(search.run, 'score', one!)), 'x');
      await bench.worker(quick);
      expect(await search.score(one!, never)).toEqual(scoreOf(one!));
    },
    limitMs,
  );

  it(
    'is thrown away where the images of a run belong',
    async () => {
      const search = await bench.search();
      const key = await keyed('zico:work:*');
      // At once: whoever misses it puts it there again.
      await operator.multi().del(key).lpush(key, 'x').exec();
      const worker = await bench.worker(quick);
      const [one] = genotypes(1);
      expect(await search.score(one!, never)).toEqual(scoreOf(one!));
      expect(messages(worker).join()).toMatch(/holds data of other programs/);
    },
    limitMs,
  );

  it(
    'is not what the Redis refuses to show: the images of a run stay',
    async () => {
      // It does not put them there again within this test.
      const search = await bench.search({ heartbeatMs: limitMs });
      const key = await keyed('zico:work:*');
      await operator.call('ACL', 'SETUSER', 'zico', '-strlen');
      const worker = await bench.worker(quick);
      const stop = new AbortController();
      const asked = search.score(genotypes(1)[0]!, stop.signal).catch(() => null);
      await expect.poll(() => messages(worker).join()).toMatch(/does not let this user/);
      expect(await operator.exists(key)).toBe(1);
      stop.abort();
      await asked;
    },
    limitMs,
  );

  it(
    'is no end of hearing where events belong',
    async () => {
      const search = await bench.search({ patienceMs: 5000 });
      await bench.worker(quick);
      await search.score(genotypes(1)[0]!, never);
      const stream = `${queuePrefix}:${scoringQueue(search.run)}:events`;
      const event = ['event', 'completed', 'jobId', 'x', 'returnvalue', '{bad'];
      for (const seed of [1, 2]) {
        await operator.xadd(stream, '*', ...event);
        await sleep(500);
        const tookMs: number[] = [];
        for (const another of genotypes(3, seed)) {
          const began = performance.now();
          await search.score(another, never);
          tookMs.push(performance.now() - began);
          if (tookMs.at(-1)! < 4500) break;
        }
        // Without events every answer would be looked for after five seconds; one may come before it hears again.
        expect(Math.min(...tookMs)).toBeLessThan(4500);
      }
    },
    limitMs,
  );

  const damages: readonly (readonly [string, (key: string) => Promise<unknown>])[] = [
    ['data that are no JSON', (key) => operator.hset(key, 'data', '{"genotype": NaN}')],
    ['options that are no JSON', (key) => operator.hset(key, 'opts', '{bad')],
    ['another kind of value', (key) => operator.multi().del(key).set(key, 'x').exec()],
  ];
  for (const [what, damage] of damages) {
    it(
      `is thrown away and asked for again where a job has ${what}`,
      async () => {
        const search = await bench.search({ decide });
        const [one, two] = genotypes(2);
        const asked = search.score(one!, never);
        const queue = `${queuePrefix}:${scoringQueue(search.run)}`;
        await damage(await keyed(`${queue}:${jobId(search.run, 'score', one!)}`));
        const worker = await bench.worker(quick);
        expect(await search.score(two!, never)).toEqual(scoreOf(two!));
        expect(await asked).toEqual(scoreOf(one!));
        expect(messages(worker)).toContain('a job of its queue cannot be read: it was thrown away');
      },
      limitMs,
    );
  }

  const oddData: readonly (readonly [string, string])[] = [
    ['null', 'null'],
    ['a list', '[]'],
    ['a number beyond all', '1e999'],
    ['a key of prototypes', '{"format":2,"genotype":"x","__proto__":{"a":1}}'],
    ['lists in lists', `{"format":2,"genotype":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
    ['twenty megabytes', JSON.stringify({ format: 2, genotype: 'g'.repeat(2e7) })],
  ];
  it(
    'is refused by name where a job has data of another form',
    async () => {
      const search = await bench.search({ decide });
      const asked = genotypes(oddData.length);
      const queue = `${queuePrefix}:${scoringQueue(search.run)}`;
      const scores = Promise.all(asked.map((one) => search.score(one, never)));
      // The gate lets two jobs out at a time where there is no worker.
      for (const [i, [, data]] of oddData.slice(0, 2).entries())
        await operator.hset(
          await keyed(`${queue}:${jobId(search.run, 'score', asked[i]!)}`),
          'data',
          data,
        );
      const worker = await bench.worker(quick);
      expect(await scores).toEqual(asked.map(scoreOf));
      expect(messages(worker)).toContain(
        'a job of its queue is not one of ours: it was thrown away',
      );
      for (const [what, data] of oddData.slice(2)) {
        const id = `jodd${what.length}`;
        await operator.hset(`${queue}:${id}`, { name: 'score', data, opts: '{}', timestamp: '1' });
        await operator.lpush(`${queue}:wait`, id);
        await operator.zadd(`${queue}:marker`, 0, '0');
        await expect.poll(() => operator.exists(`${queue}:${id}`), { message: what }).toBe(0);
      }
      const [last] = genotypes(1, 9);
      expect(await search.score(last!, never)).toEqual(scoreOf(last!));
    },
    limitMs,
  );

  it(
    'is named where the lists of searches and workers belong',
    async () => {
      const troubles: string[] = [];
      const search = await bench.search({
        onNews: ({ trouble }) => void (trouble !== null && troubles.push(trouble)),
      });
      await bench.worker(quick);
      const [one, two] = genotypes(2);
      await search.score(one!, never);
      for (const key of ['zico:workers', 'zico:runs']) {
        troubles.length = 0;
        await operator.multi().del(key).hset(key, 'a', 'b').exec();
        await expect.poll(() => troubles.join()).toMatch(/other programs/);
        await operator.del(key);
      }
      expect(await search.score(two!, never)).toEqual(scoreOf(two!));
    },
    limitMs,
  );
});
