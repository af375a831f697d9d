/** Searches that measure on emulated phones: the real adb server, the real adbd, arm64 programs. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nodeProcesses } from '../../main/child/node-process.ts';
import { reportOf } from '../../main/errors.ts';
import type { PhoneActivity } from '../../main/phone/pool/activity.ts';
import { defaultPhoneSettings, type PhoneSettings } from '../../main/phone/run-settings.ts';
import type { Candidate } from '../../main/search/candidate.ts';
import type { SearchEvent } from '../../main/search/search.ts';
import { defaultSearchSettings, type SearchSettings } from '../../main/search/settings.ts';
import { Workbench } from '../../main/workbench.ts';
import { startAdbServer, type AdbServer } from './adb-server.ts';
import { startPhone, type Phone } from './phone.ts';

let server: AdbServer;
let phone: Phone;
let folder: string;
let workbench: Workbench;
const environment = { ...process.env };

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-phone-search-'));
  server = await startAdbServer();
  process.env['ANDROID_ADB_SERVER_PORT'] = String(server.port);
  process.env['HOME'] = server.home;
  phone = await startPhone({ model: 'SM-G973F', server });
  const main = path.join(import.meta.dirname, '../../main');
  workbench = new Workbench({
    processes: nodeProcesses,
    entries: {
      engine: path.join(main, 'engine/child.ts'),
      latency: path.join(main, 'latency/child.ts'),
      data: path.join(main, 'task/child.ts'),
      adb: path.join(main, 'phone/adb/child.ts'),
    },
    assetsFolder: path.join(main, 'assets'),
    productVersion: '0.0.0-test',
  });
}, 300_000);

beforeEach(async () => {
  phone.cool();
  phone.screen('on');
  phone.battery(80);
  await phone.plug();
});

afterAll(async () => {
  await workbench.close();
  await phone.stop();
  await server.stop();
  Object.assign(process.env, environment);
  rmSync(folder, { recursive: true });
});

// Latencies under qemu vary by far more than 5 %: one repeat, whose spread is not asked about.
const few: PhoneSettings = {
  ...defaultPhoneSettings,
  ...{ warmUp: 0, runs: 2, repeats: 1, runner: 'ort-glibc-cpu' },
};
const small: SearchSettings = {
  ...defaultSearchSettings,
  latency: 'phone',
  phone: few,
  ...{ population: 4, generations: 2, batchSize: 4, maxMacs: 20_000_000 },
};
const session = { threads: 1, workers: 1, engine: 'onnxruntime' } as const;

interface Outcome {
  readonly status: string;
  readonly code: string | null;
  readonly candidates: readonly Candidate[];
  readonly settings: SearchSettings;
  readonly heard: readonly PhoneActivity[];
}

/** Starts, or goes on with, a search and waits for its end. */
async function search(
  name: string,
  phoneSettings: Partial<PhoneSettings> | 'resume' = {},
  options: {
    readonly onEvent?: (event: SearchEvent) => void;
    readonly onPhones?: (phones: readonly PhoneActivity[]) => void;
    readonly stopAfter?: number;
    readonly settings?: Partial<SearchSettings>;
  } = {},
): Promise<Outcome> {
  const file = path.join(folder, `${name}.zico`);
  const heard: PhoneActivity[] = [];
  const onPhones = (phones: readonly PhoneActivity[]) => {
    heard.push(...phones);
    options.onPhones?.(phones);
  };
  let stored = 0;
  let stop = (): void => undefined;
  const onEvent = (event: SearchEvent) => {
    options.onEvent?.(event);
    if (event.phase === 'stored' && ++stored === options.stopAfter) stop();
  };
  const wishes = { ...session, onPhones };
  const running =
    phoneSettings === 'resume'
      ? await workbench.resumeSearch(file, onEvent, wishes)
      : await workbench.startSearch(
          { ...small, ...options.settings, phone: { ...few, ...phoneSettings } },
          file,
          onEvent,
          wishes,
        );
  stop = () => running.stop();
  const end = await running.finished.then(
    (status) => ({ status, code: null }),
    (error: unknown) => ({ status: 'failed', code: reportOf(error).code }),
  );
  const run = workbench.openRunReadOnly(file);
  const candidates = run.candidates().flatMap(({ id }) => run.candidate(id) ?? []);
  const { settings } = run.info();
  run.close();
  return { ...end, candidates, settings, heard };
}

const onPhone = async (line: string) =>
  (await server.adb('-s', phone.address, 'shell', line)).stdout.trim();
const models = '/data/local/tmp/zico-workbench/models';

function latencies(candidates: readonly Candidate[]): readonly (number | null)[] {
  return candidates.map((one) =>
    one.status === 'evaluated' ? (one.latency?.latencyMs ?? null) : null,
  );
}

describe('a search on a phone', () => {
  it('measures every candidate once, keeps everything that it measured, and tidies up', async () => {
    const begunWhileMeasuring = new Set<number>();
    let busy = false;
    const { status, candidates, settings } = await search(
      'plain',
      {},
      {
        onPhones: ([{ state }]) => (busy = state === 'measuring'),
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
      expect(one.latency?.measurement?.repeats[0].before).toMatchObject({ batteryLevel: 80 });
    }
    expect(begunWhileMeasuring.size).toBeGreaterThan(0);
    expect(await onPhone(`ls ${models}`)).toBe('');
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
    expect(await onPhone(`ls ${models}`)).toBe('');
  }, 300_000);

  it('unplugged while it measures: the candidate goes back and is measured when it is back', async () => {
    let pulled = Promise.resolve();
    let begun = false;
    const { status, candidates, heard } = await search(
      'unplugged',
      {},
      {
        onPhones: ([{ state }]) => {
          if (state !== 'measuring' || begun) return;
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
    expect(await onPhone(`ls ${models}`)).toBe('');
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
        onPhones: ([{ state, message }]) => {
          if (state === 'waiting' && message?.includes('°C')) phone.cool();
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
      expect(await onPhone(`ls ${models}`)).toBe('');
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
      [cli, ...words, ...less, ...brief, '--run', path.join(folder, 'cli.zico')],
      { env: server.env },
    );
    expect(JSON.parse(stdout)).toMatchObject({
      evaluated: 4,
      settings: { latency: 'phone', phone: { model: 'SM-G973F', runs: 2 } },
    });
  }, 300_000);
});

describe('two phones', () => {
  it('of one model share a queue', async () => {
    await using other = await startPhone({ model: 'SM-G973F', server });
    const serials = [phone.address, other.address];
    const { status, candidates } = await search('two', { serials });
    expect(status).toBe('finished');
    const used = candidates.map((one) =>
      one.status === 'evaluated' ? one.latency?.conditions.phone?.serial : null,
    );
    expect(new Set(used)).toEqual(new Set(serials));
  }, 300_000);

  it('of two models are never mixed', async () => {
    await using other = await startPhone({ model: 'SM-G973U', server });
    await expect(
      search('mixed', { serials: [phone.address, other.address] }),
    ).rejects.toMatchObject({ code: 'phone-models-differ' });
    await expect(search('several')).rejects.toMatchObject({ code: 'phone-several' });
  }, 300_000);
});
