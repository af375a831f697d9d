/** The window's farm, with a real Redis where one is there. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FarmFile } from '../../../../main/electron/farm/farm-file.ts';
import { FarmLink, type FarmLinkOptions } from '../../../../main/electron/farm/farm-link.ts';
import type { Secrets } from '../../../../main/electron/farm/secrets.ts';
import { openFarm, type Farm } from '../../../../main/farm/connect.ts';
import { FarmWorker } from '../../../../main/farm/worker.ts';
import { Farms } from '../../../../main/workbench/farms.ts';
import { farmView } from '../../../../preload/farm.ts';
import { redisServer, TestRedis } from '../../../support/redis.ts';
import { access, offer } from '../../farm/farm-work.ts';

const sealing: Secrets = {
  obstacle: () => null,
  seal: (text) => Buffer.from([...text].reverse().join('')).toString('base64'),
  open: (sealed) => [...Buffer.from(sealed, 'base64').toString()].reverse().join(''),
};
const plain: Secrets = {
  ...sealing,
  obstacle: () => ({ code: 'farm-password-unsafe', message: 'No keyring.', hint: 'Set one up.' }),
};
/** Looking needs no engines. */
const farms = new Farms({} as never, 'test', () => {
  throw new Error('no phones are opened here');
});

let folder: string;
let file: string;
const links: FarmLink[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-farm-link-'));
  file = path.join(folder, 'farm.json');
});
afterEach(async () => {
  await Promise.all(links.splice(0).map((link) => link.close()));
  rmSync(folder, { recursive: true });
});

function link(more: Partial<FarmLinkOptions> = {}): FarmLink {
  const made = new FarmLink({
    ...{ file: new FarmFile(file), secrets: sealing, farms, password: null, everyMs: 50 },
    changed: () => undefined,
    ...more,
  });
  links.push(made);
  return made;
}

async function until(one: FarmLink, passes: (view: ReturnType<FarmLink['view']>) => boolean) {
  for (let i = 0; i < 200; i++) {
    const view = one.view(true);
    if (passes(view)) return farmView.parse(view);
    await sleep(50);
  }
  throw new Error(`it stays ${JSON.stringify(one.view(true))}`);
}

describe('the farm of a window', () => {
  it('keeps a password sealed, never as it is, and passes it to a search alone', async () => {
    const one = link();
    await one.connect('redis://127.0.0.1:7000', false, 'correct horse');
    const stored = readFileSync(file, 'utf8');
    expect(stored).not.toContain('correct horse');
    expect(JSON.stringify(one.view(false))).not.toContain('correct horse');
    expect(one.view(false)).toMatchObject({ password: 'kept', url: 'redis://127.0.0.1:7000' });
    // Also in the next session.
    const { access: given } = await link().wish({ only: true, any: false });
    expect(given).toMatchObject({ password: 'correct horse', address: { port: 7000 } });
    // A password is that of one farm.
    await one.connect('redis://127.0.0.1:7001', false, null);
    expect(one.view(false).password).toBe('none');
  });

  it('says that a password is lost where the keyring does not open it any more', async () => {
    await link().connect('redis://127.0.0.1:7000', false, 'x');
    const locked: Secrets = {
      ...sealing,
      open: () => {
        throw new Error('the keyring is locked');
      },
    };
    await expect(link({ secrets: locked }).wish({ only: false, any: false })).rejects.toMatchObject(
      { code: 'farm-password-lost' },
    );
  });

  it('refuses a password where it could only be kept as plain text, and takes that of the environment', async () => {
    const one = link({ secrets: plain });
    await expect(one.connect('redis://127.0.0.1:7000', false, 'x')).rejects.toMatchObject({
      code: 'farm-password-unsafe',
    });
    expect(one.view(false)).toMatchObject({ url: null, keeping: { code: 'farm-password-unsafe' } });
    const other = link({ secrets: plain, password: 'from the environment' });
    await other.connect('redis://127.0.0.1:7000', false, null);
    expect(other.view(false).password).toBe('environment');
    expect((await other.wish({ only: false, any: false })).access.password).toBe(
      'from the environment',
    );
  });

  it('says in the words of the window what is wrong with an address or a certificate', async () => {
    const one = link();
    await expect(one.connect('redis://:secret@127.0.0.1', false, null)).rejects.toMatchObject({
      code: 'farm-password-in-url',
      hint: expect.not.stringContaining('--') as string,
    });
    await expect(one.connect('redis://farm.example.org', false, null)).rejects.toMatchObject({
      code: 'farm-not-encrypted',
      hint: expect.not.stringContaining('--') as string,
    });
    await expect(one.connect('http://farm', false, null)).rejects.toMatchObject({
      code: 'farm-url',
    });
    await expect(one.useCa(file)).rejects.toMatchObject({ code: 'file-not-found' });
    await expect(one.wish({ only: false, any: false })).rejects.toMatchObject({
      code: 'farm-not-named',
    });
  });

  it('remembers which runs used it, and forgets a damaged file', async () => {
    const kept = new FarmFile(file);
    kept.remember('/runs/a.zico', { only: true, any: false });
    kept.remember('/runs/b.zico', null);
    expect(new FarmFile(file).current.runs).toEqual({ '/runs/a.zico': { only: true, any: false } });
    kept.remember('/runs/a.zico', null);
    expect(new FarmFile(file).current.runs).toEqual({});
    rmSync(file);
    expect(new FarmFile(file).current.url).toBeNull();
  });
});

describe.skipIf(redisServer === null)('a look at a farm', () => {
  let redis: TestRedis;
  const joined: Farm[] = [];
  beforeEach(async () => {
    redis = await TestRedis.start();
  });
  afterEach(async () => {
    await Promise.all(joined.splice(0).map((farm) => farm.close()));
    await redis.stop();
  });

  it('shows workers while somebody looks, drains one, and ends by itself', async () => {
    const farm = await openFarm(access(redis.url));
    joined.push(farm);
    const worker = new FarmWorker({
      ...{ farm, product: 'test', offer: offer(3), heartbeatMs: 50, name: 'lab-1', graceMs: 0 },
      open: () => Promise.reject(new Error('nothing is scored here')),
    });
    const stop = new AbortController();
    const working = worker.run(stop.signal);
    const one = link();
    await one.connect(redis.url, false, null);
    expect(one.view(false).state).toBe('off');
    const view = await until(one, ({ status }) => status?.workers.length === 1);
    expect(view).toMatchObject({ state: 'connected', error: null });
    await one.drain(worker.id, true);
    await until(one, ({ status }) => status?.workers[0]?.state === 'draining');
    await one.drain(worker.id, false);
    await until(one, ({ status }) => status?.workers[0]?.state === 'waiting');
    stop.abort();
    await working;
  });

  it('says what keeps it from one: a password, and that it does not answer any more', async () => {
    await redis.stop();
    redis = await TestRedis.start('--requirepass', 'secret');
    const one = link();
    await one.connect(redis.url, false, null);
    const refused = await until(one, ({ state }) => state === 'failed');
    expect(refused.error).toMatchObject({
      code: 'farm-password-needed',
      hint: expect.not.stringContaining('--') as string,
    });
    await one.connect(redis.url, false, 'wrong');
    expect((await until(one, ({ state }) => state === 'failed')).error?.code).toBe(
      'farm-password-wrong',
    );
    await one.connect(redis.url, false, 'secret');
    await until(one, ({ state }) => state === 'connected');
    await redis.kill();
    const away = await until(one, ({ trouble }) => trouble !== null);
    expect(away.trouble).toMatch(/does not answer/);
  });
});
