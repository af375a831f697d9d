import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../../main/errors.ts';
import { openFarm, type Farm } from '../../../main/farm/connect.ts';
import { jobId } from '../../../main/farm/jobs.ts';
import {
  farmFormat,
  queuePrefix,
  resultKey,
  runKey,
  scoringQueue,
  workKey,
} from '../../../main/farm/keys.ts';
import type { FarmNews } from '../../../main/common/farm.ts';
import { FarmScoring, type FarmScoringOptions } from '../../../main/farm/scoring.ts';
import type { RunScorer } from '../../../main/farm/served-run.ts';
import { readStatus, setDraining } from '../../../main/farm/status.ts';
import { FarmWorker } from '../../../main/farm/worker.ts';
import { CutProxy } from '../../support/cut-proxy.ts';
import { redisServer, TestRedis } from '../../support/redis.ts';
import { FarmBench, quick } from './farm-bench.ts';
import {
  documentedAccess,
  documentedUser,
  engine,
  genotypes,
  identity,
  offer,
  product,
  scoreOf,
  work,
} from './farm-work.ts';

const never = new AbortController().signal;
/** `ZICO_TEST_CUT=60000` cuts the network for a minute. */
const cutMs = Number(process.env['ZICO_TEST_CUT'] ?? 3000);

describe.skipIf(redisServer === null)('a user with the rights in docs/farm.md', () => {
  it('can work and search, and nothing below another prefix', async () => {
    const server = await TestRedis.start(...documentedUser());
    const asked = documentedAccess(server.url);
    const [farm, other] = [await openFarm(asked), await openFarm(asked)];
    const stop = new AbortController();
    try {
      const worker = new FarmWorker({
        ...{ farm: other, product, offer: offer(1), heartbeatMs: 100, graceMs: 0 },
        open: () =>
          Promise.resolve({
            score: (genotype) => Promise.resolve(scoreOf(genotype)),
            close: () => Promise.resolve(),
          }),
      });
      const working = worker.run(stop.signal);
      const search = new FarmScoring({
        ...{ farm, product, runId: 'a', work, engine, identity, threadsCount: false },
        decide: () => Promise.reject(new Error('nothing should be decided here')),
      });
      const [one] = genotypes(1);
      expect(await search.score(one!, never)).toEqual(scoreOf(one!));
      expect((await readStatus(farm)).workers).toHaveLength(1);
      await expect(farm.redis.get('secrets')).rejects.toThrow('NOPERM');
      await expect(farm.redis.flushall()).rejects.toThrow('NOPERM');
      await search.close(true);
      expect(await farm.redis.exists(runKey(search.run), workKey('x'))).toBe(0);
      stop.abort();
      await working;
    } finally {
      stop.abort();
      await Promise.all([farm.close(), other.close()]);
      await server.stop();
    }
  });
});

describe.skipIf(redisServer === null)('a search on a farm', () => {
  let bench: FarmBench;
  let redis: TestRedis;
  beforeEach(async () => {
    bench = await FarmBench.start();
    ({ redis } = bench);
  });
  afterEach(() => bench.close());
  const join = (): Promise<Farm> => bench.join();
  const start = (...asked: Parameters<FarmBench['worker']>): Promise<FarmWorker> =>
    bench.worker(...asked);
  const begin = (more?: Partial<FarmScoringOptions>): Promise<FarmScoring> => bench.search(more);

  it('has the scores of one computer, each computed once', async () => {
    const computed: string[] = [];
    const counting: RunScorer['score'] = (genotype, signal) => {
      computed.push(genotype);
      return quick(genotype, signal);
    };
    await start(counting);
    await start(counting);
    const search = await begin();
    const asked = genotypes(60);
    const scores = await Promise.all(asked.map((genotype) => search.score(genotype, never)));
    expect(scores).toEqual(asked.map(scoreOf));
    expect([...computed].sort()).toEqual([...asked].sort());
  });

  it('takes what an earlier session had asked for', async () => {
    const [one] = genotypes(1);
    const first = await begin();
    const given = first.score(one!, AbortSignal.timeout(500)).catch(() => 'given up');
    expect(await given).toBe('given up');
    await first.close(false);
    await start(quick);
    const second = await begin();
    expect(second.run).toBe(first.run);
    expect(await second.score(one!, never)).toEqual(scoreOf(one!));
  });

  it('goes on after its Redis was killed, and after it forgot everything', async () => {
    await start(quick);
    const news: FarmNews[] = [];
    const search = await begin({ onNews: (one) => news.push(one) });
    const [before, during, after] = [genotypes(5, 1), genotypes(5, 2), genotypes(5, 3)];
    const scored = (asked: typeof before) =>
      Promise.all(asked.map((genotype) => search.score(genotype, never)));
    await scored(before);
    await redis.kill();
    const waiting = scored(during);
    await sleep(1500);
    await redis.begin();
    expect(await waiting).toEqual(during.map(scoreOf));
    const forgetful = new Redis(redis.url);
    await forgetful.flushall();
    forgetful.disconnect();
    expect(await scored(after)).toEqual(after.map(scoreOf));
  }, 60_000);

  it('does not mind a worker that vanishes', async () => {
    const [offered, leaseMs] = [offer(1), 1000];
    const hanging = await start(() => new Promise(() => undefined), { offer: offered, leaseMs });
    const search = await begin();
    const [one] = genotypes(1);
    const score = search.score(one!, never);
    while (hanging.record().current.length === 0) await sleep(50);
    await bench.farms[0]!.close(); // it renews nothing any more
    await start(quick, { leaseMs });
    expect(await score).toEqual(scoreOf(one!));
  });

  it('gets back what a worker has begun that is told to stop', async () => {
    const first = await start(
      (_, signal) =>
        new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('given back'))),
        ),
    );
    const search = await begin();
    const [one] = genotypes(1);
    const score = search.score(one!, never);
    while (first.record().current.length === 0) await sleep(50);
    bench.workers[0]!.stop.abort();
    await bench.workers[0]!.ended;
    expect(first.record()).toMatchObject({ givenBack: 1, done: 0, state: 'draining' });
    await start(quick);
    expect(await score).toEqual(scoreOf(one!));
  });

  it('decides itself what a worker could not do', async () => {
    await start(() => Promise.reject(new WorkbenchError('memory-ceiling', 'Too large.', 'Less.')));
    const decided: string[] = [];
    const search = await begin({
      decide: (genotype) => {
        decided.push(genotype);
        return Promise.resolve(scoreOf(genotype));
      },
    });
    const asked = genotypes(3);
    for (const one of asked) expect(await search.score(one, never)).toEqual(scoreOf(one));
    expect(decided).toEqual(asked);
  });

  it('leaves a computer alone on which everything fails', async () => {
    const broken = await start(
      () => Promise.reject(new WorkbenchError('engine-crashed', 'It crashed.', '-')),
      { offer: offer(1) },
    );
    const search = await begin({ decide: (genotype) => Promise.resolve(scoreOf(genotype)) });
    for (const one of genotypes(4)) await search.score(one, never);
    const [last] = genotypes(1, 9);
    const score = search.score(last!, never);
    while (broken.record().errors.length < 2) await sleep(50);
    await start(quick);
    expect(await score).toEqual(scoreOf(last!));
    expect(broken.record().errors[0]!.message).toMatch(/5 candidates in a row failed here/);
  });

  it('tells both sides why a worker gets nothing', async () => {
    const news: FarmNews[] = [];
    const other = await start(quick, { offer: { ...offer(2), instructions: 'avx512' } });
    const search = await begin({ onNews: (one) => news.push(one) });
    while ((news.at(-1)?.unfit.length ?? 0) === 0) await sleep(50);
    expect(news.at(-1)).toMatchObject({
      workers: 0,
      places: 0,
      unfit: [
        { why: expect.stringMatching(/avx2 instructions, the worker takes avx512/) as string },
      ],
    });
    while (Object.keys(other.record().unfit).length === 0) await sleep(50);
    expect(other.record().unfit[search.run]).toMatch(/avx2 instructions/);
  });

  it('takes scores of any engine where it was told to', async () => {
    const foreign = { ...identity, version: '9' };
    await start((genotype) => Promise.resolve({ ...scoreOf(genotype), engine: foreign }), {
      offer: { ...offer(2), instructions: 'avx512' },
    });
    const search = await begin({ identity: null });
    const [one] = genotypes(1);
    expect((await search.score(one!, never)).engine).toEqual(foreign);
  });

  it('believes nothing that does not look like a score of its engine', async () => {
    const decided: string[] = [];
    const search = await begin({
      decide: (genotype) => {
        decided.push(genotype);
        return Promise.resolve(scoreOf(genotype));
      },
    });
    const hostile = new Redis(redis.url);
    const answers = [
      'no JSON',
      JSON.stringify({ ok: true, worker: 'w', score: { zico: 1 } }),
      JSON.stringify({ ok: true, worker: 'w', score: { ...scoreOf('a'), layers: 'none' } }),
      JSON.stringify({ ok: false, worker: 'w', failure: { code: 'x', message: 'y', hint: 'z' } }),
    ];
    const asked = genotypes(answers.length);
    for (const [i, one] of asked.entries())
      await hostile.set(resultKey(jobId(search.run, 'score', one)), answers[i]!);
    for (const one of asked) expect(await search.score(one, never)).toEqual(scoreOf(one));
    expect(decided).toEqual(asked);
    hostile.disconnect();
  });

  it('throws away jobs that are not its own, and says so', async () => {
    const worker = await start(quick);
    const search = await begin();
    const hostile = new Queue(scoringQueue(search.run), {
      connection: (await join()).redis,
      prefix: queuePrefix,
    });
    const [one] = genotypes(1);
    await hostile.add(
      'score',
      { format: farmFormat, genotype: '../../etc/passwd' },
      { jobId: 'other' },
    );
    await hostile.add('score', { path: '/etc/passwd' }, { jobId: jobId(search.run, 'score', 'x') });
    await hostile.add('score', { format: farmFormat, genotype: one, run: 'rm -rf' });
    expect(await search.score(one!, never)).toEqual(scoreOf(one!));
    await expect
      .poll(() => worker.record())
      .toMatchObject({
        done: 1,
        errors: expect.arrayContaining([
          expect.objectContaining({ message: expect.stringMatching(/thrown away/) as string }),
        ]) as unknown,
      });
    await hostile.close();
  });

  it('is seen, and a worker can be drained and let go on', async () => {
    const worker = await start(quick);
    const search = await begin();
    await Promise.all(genotypes(4).map((one) => search.score(one, never)));
    const farm = await join();
    const foreign = new Redis(redis.url);
    await foreign.sadd('zico:workers', 'w-odd', 'not/ours');
    await foreign.set('zico:worker:w-odd', '{"id":"w-odd"}');
    foreign.disconnect();
    await expect.poll(async () => (await readStatus(farm)).workers[0]?.done).toBe(4);
    const status = await readStatus(farm);
    expect(status.runs).toEqual([
      expect.objectContaining({ run: search.run, waiting: 0, active: 0, places: 2 }),
    ]);
    expect(status.foreign).toEqual(
      expect.arrayContaining(['zico:worker:w-odd', '"not/ours"']) as unknown,
    );
    await setDraining(farm, worker.id, true);
    await expect.poll(() => worker.record().state).toBe('draining');
    await setDraining(farm, worker.id, false);
    await expect.poll(() => worker.record().state).toBe('waiting');
    const [more] = genotypes(1, 5);
    expect(await search.score(more!, never)).toEqual(scoreOf(more!));
  });

  it('passes on a score of proxies alone', async () => {
    const { biases, ...rest } = scoreOf('x');
    void biases;
    const score = {
      ...rest,
      ...{ zico: null, zicoCapped: null, bias: null },
      losses: [],
      layers: [],
    };
    await start(() => Promise.resolve(score));
    const search = await begin();
    const [one] = genotypes(1);
    expect(await search.score(one!, never)).toEqual(score);
  });

  it('waits while its Redis is full, and says so', async () => {
    await start(quick);
    const news: FarmNews[] = [];
    const search = await begin({ onNews: (one) => news.push(one) });
    const [first, second] = [genotypes(3, 1), genotypes(3, 2)];
    await Promise.all(first.map((one) => search.score(one, never)));
    const operator = new Redis(redis.url);
    await operator.config('SET', 'maxmemory', '1');
    const waiting = Promise.all(second.map((one) => search.score(one, never)));
    while (!news.at(-1)?.trouble?.includes('its memory is full')) await sleep(50);
    await operator.config('SET', 'maxmemory', '0');
    operator.disconnect();
    expect(await waiting).toEqual(second.map(scoreOf));
    expect(news.at(-1)!.trouble).toBeNull();
  }, 60_000);

  it('mends what somebody else wrote in place of its images', async () => {
    const search = await begin();
    const hostile = new Redis(redis.url);
    while ((await hostile.keys('zico:work:*')).length === 0) await sleep(50);
    const [key] = await hostile.keys('zico:work:*');
    await hostile.set(key!, 'something else');
    hostile.disconnect();
    const worker = await start(quick);
    const [one] = genotypes(1);
    expect(await search.score(one!, never)).toEqual(scoreOf(one!));
    expect(worker.record().errors[0]!.message).toMatch(/digest does not agree/);
  });

  it(
    'goes on after the network was cut, with nothing twice',
    async () => {
      const network = await CutProxy.before(redis.port);
      try {
        const beyond = await bench.join(network.url);
        const done: string[] = [];
        await start(
          async (genotype, signal) => {
            const score = await quick(genotype, signal);
            done.push(genotype);
            return score;
          },
          { farm: beyond },
        );
        const search = await begin();
        const asked = genotypes(40);
        const scores = asked.map((genotype) => search.score(genotype, never));
        await Promise.race(scores);
        network.cut();
        await sleep(cutMs);
        network.mend();
        expect(await Promise.all(scores)).toEqual(asked.map(scoreOf));
        expect(new Set(done).size).toBe(asked.length);
      } finally {
        await bench.stopWorkers();
        await network.close();
      }
    },
    90_000 + cutMs,
  );
});
