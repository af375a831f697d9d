/** Phones on a farm, through a real Redis: each network is measured once, whatever happens to phones and workers. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PhoneActivity } from '../../../main/common/phone-activity.ts';
import { defaultPhoneSettings } from '../../../main/common/phone-settings.ts';
import { openFarm, type Farm } from '../../../main/farm/connect.ts';
import { jobId } from '../../../main/farm/jobs.ts';
import { farmFormat, queuePrefix, resultKey } from '../../../main/farm/keys.ts';
import { measuringQueue } from '../../../main/farm/measuring-jobs.ts';
import { FarmMeasuring, type FarmMeasuringOptions } from '../../../main/farm/measuring.ts';
import { readStatus, setDraining } from '../../../main/farm/status.ts';
import { FarmWorker } from '../../../main/farm/worker.ts';
import { LatencySourceLost } from '../../../main/latency/latency.ts';
import { FakePhone, model } from '../../support/farm-phones.ts';
import { redisServer, TestRedis } from '../../support/redis.ts';
import { documentedAccess, documentedUser, genotypes, offer, work } from './farm-work.ts';

const never = new AbortController().signal;
const product = 'test';
const digestOf = (genotype: string) => createHash('sha256').update(genotype).digest('hex');
const brief = {
  space: work.space,
  settings: { ...work.settings, latency: 'phone' as const, phone: defaultPhoneSettings },
};

describe.skipIf(redisServer === null)('phones of a farm', () => {
  let redis: TestRedis;
  const farms: Farm[] = [];
  const workers: { readonly stop: AbortController; readonly ended: Promise<void> }[] = [];
  const searches: FarmMeasuring[] = [];

  beforeEach(async () => {
    // With the rights that are documented, and no more.
    redis = await TestRedis.start(...documentedUser());
  });
  afterEach(async () => {
    await Promise.all(searches.splice(0).map((one) => one.close()));
    for (const { stop } of workers) stop.abort();
    await Promise.all(workers.splice(0).map(({ ended }) => ended));
    await Promise.all(farms.splice(0).map((farm) => farm.close()));
    await redis.stop();
  });

  const join = async (): Promise<Farm> => {
    const farm = await openFarm(documentedAccess(redis.url));
    farms.push(farm);
    return farm;
  };
  const start = async (name: string, ...phones: readonly FakePhone[]): Promise<FarmWorker> => {
    const offered = phones.map((phone) => phone.offered(digestOf));
    const worker = new FarmWorker({
      ...{ farm: await join(), product, offer: offer(0), leaseMs: 1500, heartbeatMs: 100, name },
      ...{ graceMs: 0, phonePauseMs: 50, phones: () => offered },
      open: () => Promise.reject(new Error('nothing is scored here')),
    });
    const stop = new AbortController();
    workers.push({ stop, ended: worker.run(stop.signal) });
    return worker;
  };
  const begin = async (more: Partial<FarmMeasuringOptions> = {}): Promise<FarmMeasuring> => {
    const search = new FarmMeasuring({
      ...{ farm: await join(), product, runId: 'a', brief, model, kept: null },
      ...{ awayMs: 60_000, heartbeatMs: 100, patienceMs: 1000 },
      ...more,
    });
    searches.push(search);
    return search;
  };
  const measure = (search: FarmMeasuring, asked: readonly string[]) =>
    Promise.all(asked.map((one) => search.measure(one, digestOf(one), never)));

  it('share the networks, measure none twice, and say which worker it was', async () => {
    const [a, b] = [new FakePhone('A1'), new FakePhone('B2')];
    a.ms = b.ms = 20;
    await start('lab-1', a);
    await start('lab-2', b);
    const search = await begin();
    const asked = genotypes(24);
    const latencies = await measure(search, [...asked, ...asked.slice(0, 5)]);
    expect([...a.measured, ...b.measured].sort()).toEqual(asked.map(digestOf).sort());
    expect(a.measured.length).toBeGreaterThan(0);
    expect(b.measured.length).toBeGreaterThan(0);
    for (const { conditions, measurement } of latencies) {
      const on = a.measured.includes(measurement!.sha256) ? ['A1', 'lab-1'] : ['B2', 'lab-2'];
      expect([conditions.phone?.serial, conditions.phone?.worker]).toEqual(on);
    }
    expect(latencies[24]).toEqual(latencies[0]);
  });

  it('one that is taken away and brought back costs nothing: every network is measured once', async () => {
    const [a, b] = [new FakePhone('A1'), new FakePhone('B2')];
    a.ms = b.ms = 30;
    await start('lab-1', a);
    await start('lab-2', b);
    const search = await begin();
    const asked = genotypes(40);
    const all = measure(search, asked);
    for (let i = 0; i < 6; i++) {
      await sleep(60);
      a.away = !a.away;
    }
    a.away = false;
    expect(await all).toHaveLength(40);
    expect([...a.measured, ...b.measured].sort()).toEqual(asked.map(digestOf).sort());
  });

  it.each([
    ['hot', 'waiting', 'It is 44 °C.'],
    ['taken', 'taken', 'It measures.'],
    ['away', 'away', 'adb does not see it'],
  ] as const)('a phone that is %s leaves its networks to another', async (how, state, message) => {
    const [a, b] = [new FakePhone('A1'), new FakePhone('B2')];
    a[how] = true;
    const worker = await start('lab-1', a);
    const heard: PhoneActivity[] = [];
    const search = await begin({ onPhones: (phones) => heard.push(...phones) });
    const [one, ...more] = genotypes(8);
    const first = search.measure(one!, digestOf(one!), never);
    while (worker.record().phones[0]?.state !== state) await sleep(20);
    expect(worker.record().phones[0]).toMatchObject({ state, message, measured: 0 });
    // The search asks about phones now and then: before another takes the network, since one without any is idle.
    await expect
      .poll(() => heard)
      .toContainEqual(expect.objectContaining({ serial: 'A1 on lab-1', message, measured: 0 }));
    await start('lab-2', b);
    await first;
    await measure(search, more);
    expect([a.measured.length, b.measured.length]).toEqual([0, 8]);
    a[how] = false;
    b.away = true;
    const late = genotypes(9)[8]!;
    await search.measure(late, digestOf(late), never);
    expect(a.measured).toEqual([digestOf(late)]);
  });

  it('a network that fails on a phone has failed; one with which a phone is lost again and again as well', async () => {
    const phone = new FakePhone('A1');
    phone.fails = () => ({ code: 'run-failed', message: 'It crashed.', hint: 'Look.' });
    await start('lab-1', phone);
    const search = await begin();
    const [one, other] = genotypes(2);
    await expect(search.measure(one!, digestOf(one!), never)).rejects.toMatchObject({
      code: 'run-failed',
    });
    // It comes back each time, and is lost each time it measures.
    phone.lostWith = digestOf(other!);
    await expect(search.measure(other!, digestOf(other!), never)).rejects.toMatchObject({
      code: 'phone-interrupted',
    });
  });

  it('a worker that ends in the middle loses nothing', async () => {
    const [a, b] = [new FakePhone('A1'), new FakePhone('B2')];
    a.ms = 60_000;
    const farm = await join();
    const dying = new FarmWorker({
      ...{ farm, product, offer: offer(0), leaseMs: 1500, heartbeatMs: 100, graceMs: 0 },
      ...{ phonePauseMs: 50, phones: () => [a.offered(digestOf)] },
      open: () => Promise.reject(new Error('nothing is scored here')),
    });
    const stop = new AbortController();
    const ended = dying.run(stop.signal);
    const search = await begin();
    const asked = genotypes(3);
    const all = measure(search, asked);
    while (dying.record().phones[0]?.state !== 'measuring') await sleep(20);
    // As a process that is killed: nothing is said any more.
    await farm.close();
    await start('lab-2', b);
    await all;
    expect([...b.measured].sort()).toEqual(asked.map(digestOf).sort());
    stop.abort();
    await ended;
  });

  it('a search that was killed and goes on finds what was measured meanwhile', async () => {
    const phone = new FakePhone('A1');
    phone.ms = 300;
    await start('lab-1', phone);
    const farm = await join();
    const killed = new FarmMeasuring({
      ...{ farm, product, runId: 'a', brief, model, kept: null, awayMs: 60_000, heartbeatMs: 100 },
    });
    const [one] = genotypes(1);
    const stop = new AbortController();
    const first = killed.measure(one!, digestOf(one!), stop.signal).catch(() => null);
    while (phone.opened === 0) await sleep(20);
    await farm.close();
    while (phone.measured.length === 0) await sleep(20);
    stop.abort(new Error('killed'));
    await first;
    const search = await begin();
    expect(search.run).toBe(killed.run);
    const latency = await search.measure(one!, digestOf(one!), never);
    expect(latency.conditions.phone?.worker).toBe('lab-1');
    expect(phone.measured).toHaveLength(1);
    await killed.close();
  });

  it('keep to the runner that measured first; a phone with another is left out, and both sides say why', async () => {
    const [a, b] = [new FakePhone('A1'), new FakePhone('B2')];
    b.runner = { ...b.runner, version: '2' };
    await start('lab-1', a);
    const search = await begin();
    const asked = genotypes(6);
    await measure(search, asked.slice(0, 2));
    const other = await start('lab-2', b);
    a.ms = 50;
    await measure(search, asked.slice(2));
    expect(b.measured).toEqual([]);
    while (other.record().unfit[search.run] === undefined && b.opened > 0) await sleep(20);
    if (b.opened > 0) expect(other.record().unfit[search.run]).toMatch(/another runner/);
  });

  it('give up nothing while one may come back, and tell the search when none has for as long as it may take', async () => {
    const phone = new FakePhone('A1');
    await start('lab-1', phone);
    const first = await begin();
    const [one, other] = genotypes(2);
    await first.measure(one!, digestOf(one!), never);
    phone.away = true;
    const search = await begin({ awayMs: 600, runId: 'b' });
    await expect(search.measure(other!, digestOf(other!), never)).rejects.toThrow(
      LatencySourceLost,
    );
  });

  it('throw away what is not theirs, and take no answer that is none', async () => {
    const phone = new FakePhone('A1');
    const search = await begin();
    const hostile = new Redis(redis.url);
    const [one, other] = genotypes(2);
    const idOf = (genotype: string) => jobId(search.run, 'measure', digestOf(genotype));
    await hostile.set(resultKey(idOf(one!)), '{"ok":true,"worker":"w","latency":{"latencyMs":-1}}');
    await hostile.set(resultKey(idOf(other!)), 'x'.repeat(17 * 2 ** 20));
    const queue = new Queue(measuringQueue(model), {
      ...{ connection: (await join()).redis, prefix: queuePrefix },
    });
    await queue.add('measure', { path: '/etc/passwd' }, { jobId: 'odd' });
    const job = { format: farmFormat, run: search.run, genotype: one!, sha256: digestOf(other!) };
    await queue.add('measure', { ...job, runner: null, interruptions: 0 }, { jobId: 'odd-too' });
    const worker = await start('lab-1', phone);
    await measure(search, [one!, other!]);
    expect([...phone.measured].sort()).toEqual([one!, other!].map(digestOf).sort());
    expect(worker.record().errors[0]?.message).toMatch(/thrown away/);
    hostile.disconnect();
    await queue.close();
  });

  it('are seen, and rest where their worker is drained', async () => {
    const phone = new FakePhone('A1');
    const worker = await start('lab-1', phone);
    const search = await begin();
    const [one, other] = genotypes(2);
    await search.measure(one!, digestOf(one!), never);
    const farm = await join();
    await expect
      .poll(() => readStatus(farm))
      .toMatchObject({
        workers: [{ name: 'lab-1', phones: [{ serial: 'A1', model, measured: 1 }] }],
        measuring: [{ run: search.run, model }],
        phoneQueues: [{ model, waiting: 0 }],
      });
    await setDraining(farm, worker.id, true);
    while (worker.record().state !== 'draining') await sleep(20);
    const waits = search.measure(other!, digestOf(other!), never);
    await sleep(300);
    expect(phone.measured).toHaveLength(1);
    await setDraining(farm, worker.id, false);
    await waits;
    expect(phone.measured).toHaveLength(2);
  });

  it('take nothing more where their worker was drained while they cooled', async () => {
    const [a, b] = [new FakePhone('A1'), new FakePhone('B2')];
    let cooled: () => void = () => undefined;
    a.cool = new Promise((resolve) => (cooled = resolve));
    const worker = await start('lab-1', a);
    const search = await begin();
    const [one] = genotypes(1);
    const measured = search.measure(one!, digestOf(one!), never);
    await expect.poll(() => a.asked).toBe(1);
    await setDraining(await join(), worker.id, true);
    await expect.poll(() => worker.record().state).toBe('draining');
    cooled();
    await expect.poll(() => worker.record().phones[0]!.state).toBe('idle');
    await start('lab-2', b);
    await measured;
    expect([a.measured, b.measured]).toEqual([[], [digestOf(one!)]]);
  });

  it('throw away by name what cannot be read, and miss no network by it', async () => {
    const search = await begin();
    const asked = genotypes(3);
    const all = measure(search, asked);
    const operator = new Redis(redis.url);
    const queue = `${queuePrefix}:${measuringQueue(model)}`;
    const keyed = async (pattern: string): Promise<string> => {
      for (;;) {
        const [key] = await operator.keys(pattern);
        if (key !== undefined) return key;
        await sleep(20);
      }
    };
    await operator.hset(
      await keyed(`${queue}:${jobId(search.run, 'measure', digestOf(asked[0]!))}`),
      'data',
      '{"format": NaN}',
    );
    const settings = await keyed('zico:brief:*');
    // At once: whoever misses it puts it there again.
    await operator.multi().del(settings).lpush(settings, 'x').exec();
    const worker = await start('lab-1', new FakePhone('A1'));
    expect(await all).toHaveLength(3);
    const said = worker.record().errors.map(({ message }) => message);
    expect(said).toContain('a job of its queue cannot be read: it was thrown away');
    expect(said.join()).toMatch(/holds data of other programs/);
    operator.disconnect();
  }, 60_000);

  it('leave the settings of a run where the Redis refuses to show them', async () => {
    // It does not put them there again within this test.
    const search = await begin({ heartbeatMs: 60_000 });
    const operator = new Redis(redis.url);
    const settings = () => operator.keys('zico:brief:*');
    await expect.poll(settings).toHaveLength(1);
    const rights = 'resetkeys %W~zico:brief:* ~zico:[^b]*'.split(' ');
    await operator.call('ACL', 'SETUSER', 'zico', ...rights);
    const stop = new AbortController();
    const [one] = genotypes(1);
    const asked = search.measure(one!, digestOf(one!), stop.signal).catch(() => null);
    const worker = await start('lab-1', new FakePhone('A1'));
    const said = () => worker.record().errors.map(({ message }) => message);
    await expect.poll(() => said().join()).toMatch(/does not let this user/);
    expect(await settings()).toHaveLength(1);
    stop.abort();
    await asked;
    operator.disconnect();
  }, 60_000);
});
