/** Which phones of a farm a search takes, through a real Redis. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultPhoneSettings, type PhoneSettings } from '../../../main/common/phone-settings.ts';
import { openFarm, type Farm } from '../../../main/farm/connect.ts';
import { readWorkers } from '../../../main/farm/records.ts';
import { FarmWorker } from '../../../main/farm/worker.ts';
import { openFarmLatency } from '../../../main/workbench/farm-latency.ts';
import { FakePhone, model } from '../../support/farm-phones.ts';
import { redisServer, TestRedis } from '../../support/redis.ts';
import { access, offer, work } from '../farm/farm-work.ts';

const product = 'test';

describe.skipIf(redisServer === null)('the phones of a farm that a search takes', () => {
  let redis: TestRedis;
  const ends: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    redis = await TestRedis.start();
  });
  afterEach(async () => {
    await Promise.all(ends.splice(0).map((end) => end()));
    await redis.stop();
  });

  /** A worker with a phone of each of these models. */
  const offering = async (...models: readonly string[]): Promise<void> => {
    const farm = await openFarm(access(redis.url));
    const phones = models.map((one, i) => ({
      ...new FakePhone(`P${i}`).offered((genotype) => genotype),
      model: one,
    }));
    const worker = new FarmWorker({
      ...{ farm, product, offer: offer(0), heartbeatMs: 50, name: 'lab', graceMs: 0 },
      phones: () => phones,
      open: () => Promise.reject(new Error('nothing is scored here')),
    });
    const stop = new AbortController();
    const ended = worker.run(stop.signal);
    ends.push(async () => {
      stop.abort();
      await ended;
      await farm.close();
    });
    const seen = async () =>
      (await readWorkers(farm.redis)).records.flatMap((record) => record.phones).length;
    while ((await seen()) < models.length) await sleep(20);
  };

  const open = async (asked: Partial<PhoneSettings>) => {
    const farm: Farm = await openFarm(access(redis.url));
    const phone = { ...defaultPhoneSettings, runner: 'fake', ...asked } as PhoneSettings;
    try {
      const { settings, source } = await openFarmLatency({
        ...{ farm, product, runId: 'a', space: work.space, kept: null },
        settings: { ...work.settings, latency: 'phone', phone },
      });
      await source.close?.();
      return settings.phone;
    } catch (error) {
      await farm.close();
      throw error;
    }
  };

  it('are those of the one model that there is', async () => {
    await offering(model, model);
    expect(await open({})).toMatchObject({ model, onFarm: true, serials: null });
  });

  it('are named where there are several models, whose latencies do not compare', async () => {
    await offering(model, 'SM-S911B');
    await expect(open({})).rejects.toMatchObject({
      code: 'farm-phones-several',
      message: expect.stringContaining('SM-S911B') as string,
      hint: expect.stringContaining('--phone-model') as string,
    });
    expect(await open({ model: 'SM-S911B' })).toMatchObject({ model: 'SM-S911B' });
  });

  it('are refused by name where there are none, or none with the runner', async () => {
    await expect(open({})).rejects.toMatchObject({ code: 'farm-no-phones' });
    await offering(model);
    await expect(open({ model: 'SM-S999' })).rejects.toMatchObject({
      code: 'farm-no-phones',
      message: expect.stringContaining(model) as string,
    });
    await expect(open({ runner: 'tflite' })).rejects.toMatchObject({ code: 'farm-phone-runner' });
  });
});
