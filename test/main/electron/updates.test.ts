import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { AppUpdater } from 'electron-updater';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Updates } from '../../../main/electron/updates.ts';

/** The library as far as Updates speaks to it; the packaged app's own test has the real one. */
class FakeUpdater extends EventEmitter {
  autoDownload = false;
  autoInstallOnAppQuit = false;
  logger: unknown = console;
  asked = 0;
  answer: () => unknown = () => ({ isUpdateAvailable: false });

  async checkForUpdates(): Promise<unknown> {
    this.asked += 1;
    return this.answer();
  }
}

let folder: string;
let updater: FakeUpdater;
let loaded: number;
let wanted: boolean;
let states: string[];
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-updates-'));
  writeFileSync(path.join(folder, 'app-update.yml'), 'provider: generic\n');
  updater = new FakeUpdater();
  loaded = 0;
  wanted = true;
  states = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function create(packaged = true): Updates {
  const updates: Updates = new Updates({
    resources: folder,
    packaged,
    wanted: () => wanted,
    changed: () => states.push(updates.state.state),
    loadUpdater: async () => {
      loaded += 1;
      return updater as unknown as AppUpdater;
    },
  });
  return updates;
}

describe('updates', () => {
  it('are for packages that know where newer versions lie; others ask nobody', async () => {
    const sources = create(false);
    sources.begin();
    expect((await sources.check()).state).toBe('unavailable');
    rmSync(path.join(folder, 'app-update.yml'));
    expect((await create().check()).state).toBe('unavailable');
    expect([loaded, states]).toEqual([0, []]);
  });

  it('are asked for at the start only where the person wants it', async () => {
    wanted = false;
    const updates = create();
    updates.begin();
    expect(loaded).toBe(0);
    updates.close();
    wanted = true;
    const other = create();
    other.begin();
    await expect.poll(() => updater.asked).toBe(1);
    other.close();
  });

  it('tell when they were checked', async () => {
    const updates = create();
    const checked = await updates.check();
    expect(checked.state).toBe('idle');
    expect(checked).not.toHaveProperty('checkedAt', null);
    expect(states).toEqual(['checking', 'idle']);
  });

  it('are downloaded beside the work and installed when the window is closed', async () => {
    updater.answer = () => {
      updater.emit('update-available', { version: '9.9.9' });
      return { isUpdateAvailable: true };
    };
    const updates = create();
    expect(await updates.check()).toEqual({ state: 'downloading', version: '9.9.9', percent: 0 });
    for (const percent of [0.4, 41.2, 41.9]) updater.emit('download-progress', { percent });
    expect(updates.state).toMatchObject({ percent: 41 });
    updater.emit('update-downloaded', { version: '9.9.9' });
    expect(updates.state).toEqual({ state: 'ready', version: '9.9.9' });
    expect(states).toEqual(['checking', 'downloading', 'downloading', 'ready']);
    expect([updater.autoDownload, updater.autoInstallOnAppQuit]).toEqual([true, true]);
    await updates.check(); // nothing more to ask
    expect(updater.asked).toBe(1);
  });

  it('that fail say why in one line, and can be tried again', async () => {
    updater.answer = () => {
      throw new Error('net::ERR_CONNECTION_REFUSED\nand a page of HTML');
    };
    const updates = create();
    expect(await updates.check()).toEqual({
      state: 'failed',
      message: 'net::ERR_CONNECTION_REFUSED',
    });
    updater.answer = () => ({ isUpdateAvailable: false });
    expect((await updates.check()).state).toBe('idle');
    expect(loaded).toBe(1);
  });
});
