import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { phoneHandlers } from '../../../../main/electron/phones/handlers.ts';
import { PreferenceFile } from '../../../../main/electron/preferences.ts';
import { methods } from '../../../../preload/contract.ts';

let folder: string;
let preferences: PreferenceFile;
let chosen: string | null;
let asked: string[];
let handlers: ReturnType<typeof phoneHandlers>;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-phones-'));
  preferences = new PreferenceFile(path.join(folder, 'preferences.json'));
  chosen = null;
  asked = [];
  handlers = phoneHandlers({
    preferences,
    desktop: { chooseFile: async () => chosen },
    phones: {
      view: () => {
        throw new Error('Nobody looks here.');
      },
      reopen: async () => void asked.push('reopen'),
      check: (serial) => void asked.push(`check ${serial}`),
      stopCheck: (serial) => void asked.push(`stop ${serial}`),
    },
  });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it('take another adb only from a dialog', async () => {
  expect(await handlers['phones.chooseAdb']()).toBe(false);
  expect(asked).toEqual([]);
  chosen = '/opt/platform-tools/adb';
  expect(await handlers['phones.chooseAdb']()).toBe(true);
  expect(preferences.current.adbFile).toBe(chosen);
  await handlers['phones.forgetAdb']();
  expect(preferences.current.adbFile).toBeNull();
  expect(asked).toEqual(['reopen', 'reopen']);
  // What the page may change by itself names no program.
  const { args } = methods['preferences.change'];
  expect(args.safeParse([{ adbFile: '/tmp/evil' }]).success).toBe(false);
  expect(args.safeParse([{ notifyWhenDone: true }]).success).toBe(true);
});

it('look anew where the port changed, and only then', async () => {
  await handlers['phones.configure']({ preferred: 'A1' });
  await handlers['phones.configure']({ port: null });
  expect(asked).toEqual([]);
  await handlers['phones.configure']({ port: 5555 });
  expect(asked).toEqual(['reopen']);
  expect(preferences.current).toMatchObject({ preferredPhone: 'A1', adbPort: 5555 });
});

it('start and stop the self-test', async () => {
  await handlers['phones.check']({ serial: 'A1' });
  await handlers['phones.stopCheck']({ serial: 'A1' });
  expect(asked).toEqual(['check A1', 'stop A1']);
});
