import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { supportHandlers, withoutHome } from '../../../main/electron/support.ts';
import type { AppDescription } from '../../../preload/contract.ts';

let home: string;
let shown: string[];
beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'zico-support-'));
  shown = [];
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const app = {
  ...{ version: '1.2.3', electron: '40.0.0', processor: 'a processor', cores: 2 },
  ...{ memoryBytes: 8 * 2 ** 30, bf16Obstacle: null },
  engine: { name: 'onednn', version: '3.5', threads: 2 },
} as AppDescription;

const handlers = (log = '') =>
  supportHandlers({
    folders: {
      runs: path.join(home, 'settings', 'runs'),
      settings: path.join(home, 'settings'),
      scores: path.join(home, 'scores'),
      cache: path.join(home, 'cache'),
      logs: path.join(home, 'settings', 'logs'),
    },
    describe: () => app,
    lastLines: () => log,
    show: async (folder) => void shown.push(folder),
    homeFolder: home,
  });

describe('what is kept on this computer', () => {
  it('is counted once each, whatever lies in what, without following links', async () => {
    mkdirSync(path.join(home, 'settings', 'runs', 'old'), { recursive: true });
    writeFileSync(path.join(home, 'settings', 'preferences.json'), 'x'.repeat(10));
    writeFileSync(path.join(home, 'settings', 'runs', 'a.zico'), 'x'.repeat(1000));
    writeFileSync(path.join(home, 'settings', 'runs', 'old', 'b.zico'), 'x'.repeat(500));
    symlinkSync(os.tmpdir(), path.join(home, 'settings', 'elsewhere'));
    const { places, freeBytes } = await handlers()['support.storage']();
    expect(places.runs).toEqual({
      folder: path.join(home, 'settings', 'runs'),
      ...{ bytes: 1500, files: 2 },
    });
    expect(places.settings).toMatchObject({ bytes: 10, files: 1 });
    expect(places.cache).toMatchObject({ bytes: 0, files: 0 });
    expect(freeBytes).toBeGreaterThan(0);
  });

  it('is shown where it lies, and a folder that nothing was written to is made', async () => {
    await handlers()['support.show']({ place: 'logs' });
    expect(shown).toEqual([path.join(home, 'settings', 'logs')]);
  });
});

describe('a report of a problem', () => {
  it('says version, system and log, and not whose home folder it is', async () => {
    const file = path.join(home, 'my secret project', 'x.onnx');
    const { about, log, messages } = await handlers(`reading ${file} failed`)['support.report']({
      messages: `The run file ${file} is not there.`,
    });
    expect(about).toContain('ZiCo Workbench 1.2.3');
    expect(about).toContain('onednn 3.5, 2 threads');
    const shortened = path.join('~', 'my secret project', 'x.onnx');
    expect(log).toBe(`reading ${shortened} failed`);
    expect(messages).toBe(`The run file ${shortened} is not there.`);
    expect(`${about}${log}${messages}`).not.toContain(home);
  });

  it('shortens a home folder in addresses too, and leaves a root alone', () => {
    expect(withoutHome('file:///home/j%20d/x', '/home/j d')).toBe('file://~/x');
    expect(withoutHome('/etc/hosts', '/')).toBe('/etc/hosts');
  });

  it('shortens it where a text is quoted', () => {
    // Not a root here either, where a backslash parts no folders.
    const home = 'C:\\Users\\jd/home';
    expect(withoutHome("at 'C:\\\\Users\\\\jd/home/x'", home)).toBe("at '~/x'");
    expect(withoutHome('at C:\\Users\\jd/home/x', home)).toBe('at ~/x');
  });
});
