import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OwnSpaces } from '../../../main/electron/own-spaces.ts';
import {
  spaceHandlers,
  spaceToSearch,
  type SpaceDesktop,
} from '../../../main/electron/space-handlers.ts';
import { methods } from '../../../preload/contract.ts';
import { FakeServices } from './fake-services.ts';

let home: string;
let own: OwnSpaces;
let trashed: string[];
let chosen: { files: string[]; save: string | null };
let handlers: ReturnType<typeof spaceHandlers>;
const services = new FakeServices();
const triedNetworks = { score: async () => null, cancel: () => undefined };
const source = (name: string) => JSON.stringify(services.describedSpace(name).description);

beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'zico-own-spaces-'));
  own = new OwnSpaces(path.join(home, 'spaces'));
  trashed = [];
  chosen = { files: [], save: null };
  const spaceDesktop: SpaceDesktop = {
    chooseFiles: async () => chosen.files,
    chooseNewFile: async () => chosen.save,
    moveToTrash: async (file) => {
      trashed.push(path.basename(file));
      rmSync(file);
    },
  };
  handlers = spaceHandlers({ services, ownSpaces: own, spaceDesktop, triedNetworks });
});
afterEach(() => rmSync(home, { recursive: true }));

const names = async () => (await own.list()).map(({ id }) => id);

describe('spaces of one’s own', () => {
  it('may not be called like a built-in one', async () => {
    own = new OwnSpaces(path.join(home, 'spaces'), ['nats-sss']);
    const id = await own.create('NATS-SSS', '{}');
    expect(id).toBe('NATS-SSS-2');
    const { version } = await own.read(id);
    await expect(own.rename(id, 'nats-sss', '{}', version)).rejects.toMatchObject({
      code: 'space-name-taken',
    });
  });

  it('are none before the first is made', async () => {
    expect(await own.list()).toEqual([]);
    await expect(own.read('x')).rejects.toMatchObject({ code: 'unknown-own-space' });
  });

  it('are files of that name, or of the next that is free', async () => {
    const ids = [await own.create('mine', '{}'), await own.create('Mine', '{"a":1}')];
    expect(ids).toEqual(['mine', 'Mine-2']);
    expect(readdirSync(own.folder).sort()).toEqual(['Mine-2.json', 'mine.json']);
    expect((await own.read('Mine-2')).text).toBe('{"a":1}');
  });

  it('cannot lie outside of their folder', async () => {
    writeFileSync(path.join(home, 'secret.json'), 'secret');
    await own.create('mine', '{}');
    for (const id of ['../secret', '..\\secret', path.join(home, 'secret')])
      await expect(own.read(id)).rejects.toMatchObject({ code: 'unknown-own-space' });
    expect(await own.create('../../up', '{}')).not.toContain('/');
    expect(readdirSync(home).sort()).toEqual(['secret.json', 'spaces']);
  });

  it('are not written over when another program has changed them', async () => {
    const id = await own.create('mine', 'one');
    const { version } = await own.read(id);
    const next = await own.write(id, 'two', version);
    await expect(own.write(id, 'three', version)).rejects.toMatchObject({ code: 'space-changed' });
    expect((await own.read(id)).text).toBe('two');
    await own.write(id, 'three', next);
    expect((await own.read(id)).text).toBe('three');
  });

  it('are renamed, but not onto another one', async () => {
    const id = await own.create('mine', 'one');
    await own.create('other', 'o');
    const { version } = await own.read(id);
    await expect(own.rename(id, 'other', 'x', version)).rejects.toMatchObject({
      code: 'space-name-taken',
    });
    expect(await own.rename(id, 'yours', 'two', version)).toBe('yours');
    expect(await names()).toEqual(['other', 'yours']);
    expect((await own.read('yours')).text).toBe('two');
  });

  it('are imported as copies and exported as they are', async () => {
    const file = path.join(home, 'From a colleague.json');
    writeFileSync(file, source('nats-sss'));
    chosen.files = [file];
    expect(await handlers['ownSpaces.import']()).toEqual(['From a colleague']);
    chosen.save = path.join(home, 'out.json');
    const text = 'written';
    expect(await handlers['ownSpaces.export']({ name: 'x', text })).toEqual({ path: chosen.save });
    expect(readFileSync(chosen.save, 'utf8')).toBe('written');
    chosen.save = null;
    expect(await handlers['ownSpaces.export']({ name: 'x', text })).toBeNull();
  });

  it('go to the trash', async () => {
    await own.create('mine', '{}');
    await handlers['ownSpaces.trash']({ id: 'mine' });
    expect(trashed).toEqual(['mine.json']);
    await expect(handlers['ownSpaces.trash']({ id: 'mine' })).rejects.toMatchObject({
      code: 'unknown-own-space',
    });
  });

  it('are listed with what they describe, or with what is wrong with them', async () => {
    await own.create('good', source('ffnet-48'));
    await own.create('bad', '{"name": "bad"}');
    const list = await handlers['ownSpaces.list']();
    methods['ownSpaces.list'].result.parse(list);
    expect(list.map(({ id, space }) => [id, space?.networks])).toEqual([
      ['bad', undefined],
      ['good', 44_044_000],
    ]);
    expect(list[0]?.fault?.path).not.toBe('');
    expect(list[1]?.space?.presets).toMatchObject({
      custom: { batchSize: 8, beta: 2 },
      robust: { batches: 4, termCap: 100 },
    });
  });
});

describe('the space of a new search', () => {
  const search = (own: string | undefined, named: string, size?: [number, number]) => ({
    own,
    named,
    scoringSize: size,
  });

  it('is the built-in one as it stands, unless something is to be different', async () => {
    expect(await spaceToSearch(search(undefined, 'ffnet'), services, own)).toBeUndefined();
    const smaller = await spaceToSearch(search(undefined, 'ffnet', [64, 128]), services, own);
    expect(smaller?.scoringShape).toEqual([3, 64, 128]);
    expect(smaller?.inputShape).toEqual([3, 1024, 2048]);
  });

  it('is one of the person’s own where they say so', async () => {
    const json = { ...services.describedSpace('nats-sss').description, name: 'mine' };
    const id = await own.create('file', JSON.stringify(json));
    expect((await spaceToSearch(search(id, 'nats-sss'), services, own))?.name).toBe('mine');
  });

  it('refuses a size that its head does not take', async () => {
    await expect(
      spaceToSearch(search(undefined, 'ffnet', [100, 100]), services, own),
    ).rejects.toMatchObject({ path: 'resolution.scoring', hint: 'Use multiples of 64.' });
  });
});
