/** Two emulated phones on two workers of a farm: the real adb server and adbd, and a real Redis. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FarmWish } from '../../main/workbench/farm-wish.ts';
import { access } from '../main/farm/farm-work.ts';
import { redisServer, TestRedis } from '../support/redis.ts';
import { startPhone, type Phone } from './phone.ts';
import { commandRunner, SearchBench, standIn } from './searches.ts';

/** Time enough to be unplugged in. */
const slowStandIn = commandRunner('sleep 0.5; echo "took $(stat -c %s {model}) us"');

describe.skipIf(redisServer === null)('two phones on two workers', () => {
  let bench: SearchBench;
  let redis: TestRedis;
  let phones: readonly Phone[] = [];
  const ends: (() => Promise<void>)[] = [];
  const workers: Awaited<ReturnType<SearchBench['workbench']['farms']['openWorker']>>[] = [];

  beforeAll(async () => {
    [bench, redis] = await Promise.all([SearchBench.start(), TestRedis.start()]);
    const { server } = bench;
    phones = await Promise.all([1, 2].map(() => startPhone({ model: 'SM-G973F', server })));
    for (const { address } of phones) {
      const opened = await bench.workbench.farms.openWorker(access(redis.url), {
        ...{ threads: 0, leaseMs: null, phones: [address] },
        runners: { tflite: null, command: slowStandIn.command },
      });
      workers.push(opened);
      const stop = new AbortController();
      const working = opened.worker.run(stop.signal);
      ends.push(async () => {
        stop.abort();
        await working;
        await opened.phones?.close();
        await opened.farm.close();
      });
    }
    while (workers.some(({ worker }) => worker.record().phones.length === 0)) await sleep(100);
    await sleep(2500); // until both have said so
  }, 300_000);
  afterAll(async () => {
    await Promise.all(ends.map((end) => end()));
    await Promise.all(phones.map((phone) => phone.stop()));
    await redis?.stop();
    await bench?.close();
  }, 60_000);

  const wish = (): FarmWish => ({ access: access(redis.url), only: false, any: false });
  const candidates = 32;

  it('one is taken away and brought back: every candidate is measured once, and says where', async () => {
    const [first] = phones as [Phone, Phone];
    const state = () => workers[0]!.worker.record().phones[0]!;
    const moved = (async () => {
      while (state().measured < 2 || state().state !== 'measuring') await sleep(20);
      await first.unplug();
      await sleep(5000);
      await first.plug();
    })();
    const outcome = await bench.search('farm', slowStandIn, {
      farm: wish(),
      settings: { population: 8, generations: candidates / 8 },
    });
    await (moved as Promise<void> | null);
    expect(outcome).toMatchObject({ status: 'finished', code: null });
    expect(outcome.heard.some(({ state }) => state === 'away')).toBe(true);
    expect(outcome.settings.phone).toMatchObject({
      ...{ serials: null, model: 'SM-G973F', onFarm: true },
    });
    const latencies = outcome.candidates.map((one) => {
      if (one.status !== 'evaluated') throw new Error(one.failure.message);
      return one.latency!;
    });
    expect(latencies).toHaveLength(candidates);
    // Networks that are the same bytes share one measurement.
    const models = new Map(latencies.map((one) => [one.measurement!.sha256, one]));
    const measured = workers.map(({ worker }) => worker.record().phones[0]!.measured);
    expect(measured[0]! + measured[1]!).toBe(models.size);
    expect(Math.min(...measured)).toBeGreaterThan(0);
    for (const { conditions } of latencies) {
      const on = phones.findIndex(({ address }) => address === conditions.phone?.serial);
      expect(conditions.phone?.worker).toBe(workers[on]!.worker.name);
      expect(conditions).toMatchObject({ runner: 'command', phone: { model: 'SM-G973F' } });
    }
  }, 300_000);

  it('goes on where it was stopped, with the same runner, and needs its farm for that', async () => {
    const first = await bench.search('again', standIn, { farm: wish(), stopAfter: 3 });
    expect(first.status).toBe('stopped');
    await expect(bench.search('again', 'resume')).rejects.toMatchObject({
      code: 'farm-phones-needed',
    });
    const second = await bench.search('again', 'resume', { farm: wish() });
    expect(second.status).toBe('finished');
    expect(second.candidates.every(({ status }) => status === 'evaluated')).toBe(true);
  }, 300_000);

  it('is refused by name where the farm has no such phone, or nobody set up its runner', async () => {
    await expect(
      bench.search('none', { ...standIn, model: 'SM-S999' }, { farm: wish() }),
    ).rejects.toMatchObject({
      code: 'farm-no-phones',
      message: expect.stringContaining('SM-G973F') as string,
    });
    await expect(
      bench.search('none', { ...standIn, runner: 'tflite' }, { farm: wish() }),
    ).rejects.toMatchObject({ code: 'farm-phone-runner' });
  }, 60_000);

  it('whoever measures on one here keeps the farm off it', async () => {
    const [first, second] = phones as [Phone, Phone];
    const { lockPhone } = await import('../../main/phone/lock.ts');
    await sleep(21_000); // the workers let go of phones that have no work
    const lock = lockPhone(first.serial, 'a test');
    try {
      // It lasts for some signs of life, by which a worker says why its phone does nothing.
      const settings = { population: 8, generations: 3 };
      const outcome = await bench.search('taken', standIn, { farm: wish(), settings });
      expect(outcome.status).toBe('finished');
      expect(
        new Set(
          outcome.candidates.map((one) =>
            one.status === 'evaluated' ? one.latency?.conditions.phone?.serial : null,
          ),
        ),
      ).toEqual(new Set([second.address]));
      expect(outcome.heard.some(({ message }) => message?.includes('a test') ?? false)).toBe(true);
    } finally {
      lock.release();
    }
  }, 300_000);
});
