/** Searches that measure on emulated phones: the real adb server, the real adbd, arm64 programs. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startPhone, type Phone } from './phone.ts';
import { latencies, SearchBench } from './searches.ts';

let bench: SearchBench;
let phone: Phone;

beforeAll(async () => {
  bench = await SearchBench.start();
  phone = await startPhone({ model: 'SM-G973F', server: bench.server });
}, 300_000);

beforeEach(async () => {
  phone.cool();
  phone.screen('on');
  phone.battery(80);
  await phone.plug();
});

afterAll(async () => {
  await phone.stop();
  await bench.close();
});

const search: SearchBench['search'] = (...args) => bench.search(...args);
const leftOnPhone = () => bench.leftOn(phone);

describe('a search on a phone', () => {
  it('measures every candidate once, keeps everything that it measured, and tidies up', async () => {
    const begunWhileMeasuring = new Set<number>();
    let busy = false;
    const { status, candidates, settings } = await search(
      'plain',
      {},
      {
        onPhones: ([phone]) => (busy = phone?.state === 'measuring'),
        onEvent: ({ phase, proposal }) => {
          if (phase === 'scoring' && busy && proposal) begunWhileMeasuring.add(proposal.id);
        },
      },
    );
    expect(status).toBe('finished');
    expect(candidates).toHaveLength(8);
    expect(settings.phone).toMatchObject({ serials: [phone.address], model: 'SM-G973F' });
    for (const one of candidates) {
      if (one.status !== 'evaluated') throw new Error(one.failure.message);
      expect(one.latency?.conditions).toMatchObject({
        source: 'phone',
        device: 'SM-G973F, Exynos 9820, Android 12',
        runner: 'ort-glibc-cpu',
        precision: 'float32',
        phone: {
          serial: phone.address,
          serialNumber: phone.serial,
          engine: 'onnxruntime',
          mask: 0xc0,
        },
      });
      expect(one.latency?.runsMs).toHaveLength(2);
      expect(one.latency?.measurement?.repeats[0]!.before).toMatchObject({ batteryLevel: 80 });
    }
    expect(begunWhileMeasuring.size).toBeGreaterThan(0);
    expect(await leftOnPhone()).toBe('');
  }, 300_000);

  it('stopped and resumed: what is stored stands, the rest is measured', async () => {
    const first = await search('resumed', {}, { stopAfter: 3 });
    expect(first.status).toBe('stopped');
    const known = latencies(first.candidates);
    const second = await search('resumed', 'resume');
    expect(second.status).toBe('finished');
    expect(second.candidates).toHaveLength(8);
    const byId = new Map(second.candidates.map((one) => [one.id, one]));
    expect(latencies(first.candidates.map(({ id }) => byId.get(id)!))).toEqual(known);
    expect(await leftOnPhone()).toBe('');
  }, 300_000);

  it('unplugged while it measures: the candidate goes back and is measured when it is back', async () => {
    let pulled = Promise.resolve();
    let begun = false;
    const { status, candidates, heard } = await search(
      'unplugged',
      {},
      {
        onPhones: ([one]) => {
          if (one?.state !== 'measuring' || begun) return;
          begun = true;
          pulled = new Promise((resolve) => setTimeout(resolve, 600))
            .then(() => phone.unplug())
            .then(() => new Promise((resolve) => setTimeout(resolve, 1500)))
            .then(async () => void (await phone.plug()));
        },
      },
    );
    await pulled;
    expect(status).toBe('finished');
    expect(candidates.map((one) => one.status)).toEqual(Array(8).fill('evaluated'));
    expect(heard.some(({ state }) => state === 'away')).toBe(true);
    expect(await leftOnPhone()).toBe('');
  }, 300_000);

  it('away for longer than its limit: the search stops with the reason and can be resumed', async () => {
    const { status, code, candidates } = await search(
      'gone',
      { awaySeconds: 2 },
      {
        onEvent: ({ phase }) => {
          if (phase === 'stored') void phone.unplug();
        },
      },
    );
    expect({ status, code }).toEqual({ status: 'failed', code: 'phone-gone' });
    expect(candidates.length).toBeLessThan(8);
    await phone.plug();
    expect(await search('gone', 'resume')).toMatchObject({ status: 'finished' });
  }, 300_000);

  it('waits for a phone that is hot, saying so, and goes on when it is cool', async () => {
    phone.heat(44);
    const { status, code, heard } = await search(
      'hot',
      { waitSeconds: 30 },
      {
        onPhones: ([one]) => {
          if (one?.state === 'waiting' && one.message?.includes('°C')) phone.cool();
        },
      },
    );
    expect({ status, code }).toEqual({ status: 'finished', code: null });
    expect(heard.find(({ state }) => state === 'waiting')).toMatchObject({ limitMs: 30_000 });
  }, 300_000);
});

describe('a search that cannot measure ends with a name for it', () => {
  it.each([
    ['battery below 15 %', () => phone.battery(9), 'phone-battery-low'],
    ['asleep', () => phone.screen('off'), 'phone-asleep'],
    ['too hot for too long', () => phone.heat(50), 'phone-hot'],
  ])(
    '%s',
    async (name, begin, wanted) => {
      begin();
      const { code, candidates } = await search(name.replaceAll(' ', '-'), { waitSeconds: 1 });
      expect(code).toBe(wanted);
      expect(candidates).toEqual([]);
      expect(await leftOnPhone()).toBe('');
    },
    120_000,
  );

  it('no phone at all, before there is a run file', async () => {
    await phone.unplug();
    await expect(search('none')).rejects.toMatchObject({
      code: 'phone-none',
      hint: expect.stringContaining('USB debugging') as string,
    });
    await expect(search('none', { serials: ['R58M0'] })).rejects.toMatchObject({
      code: 'phone-not-seen',
    });
    await expect(search('none', 'resume')).rejects.toMatchObject({ code: 'run-file-missing' });
  }, 120_000);

  it('a phone that another search measures on', async () => {
    let second: Promise<unknown> = Promise.resolve();
    let begun = false;
    const first = await search(
      'first',
      {},
      {
        onEvent: ({ phase }) => {
          if (phase !== 'measuring' || begun) return;
          begun = true;
          second = search('second').catch((error: unknown) => error);
        },
      },
    );
    expect(first.status).toBe('finished');
    expect(await second).toMatchObject({
      code: 'phone-in-use',
      message: expect.stringContaining('first.zico') as string,
    });
    // And given back once it ended, also to another program.
    const cli = path.join(import.meta.dirname, '../../main/cli.ts');
    const words = ['search', '--latency', `phone:${phone.address}`, '--population', '4'];
    const less = ['--candidates', '4', '--batch-size', '4', '--max-macs', '20M', '--json'];
    const brief = ['--runs', '2', '--warm-up', '0', '--repeats', '1', '--runner', 'ort-glibc-cpu'];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [cli, ...words, ...less, ...brief, '--run', bench.run('cli')],
      { env: bench.server.env },
    );
    expect(JSON.parse(stdout)).toMatchObject({
      evaluated: 4,
      settings: { latency: 'phone', phone: { model: 'SM-G973F', runs: 2 } },
    });
  }, 300_000);
});

describe('two phones', () => {
  it('of one model share a queue', async () => {
    await using other = await startPhone({ model: 'SM-G973F', server: bench.server });
    const serials = [phone.address, other.address];
    const { status, candidates } = await search('two', { serials });
    expect(status).toBe('finished');
    const used = candidates.map((one) =>
      one.status === 'evaluated' ? one.latency?.conditions.phone?.serial : null,
    );
    expect(new Set(used)).toEqual(new Set(serials));
  }, 300_000);

  it('of two models are never mixed', async () => {
    await using other = await startPhone({ model: 'SM-G973U', server: bench.server });
    await expect(
      search('mixed', { serials: [phone.address, other.address] }),
    ).rejects.toMatchObject({ code: 'phone-models-differ' });
    await expect(search('several')).rejects.toMatchObject({ code: 'phone-several' });
  }, 300_000);
});
