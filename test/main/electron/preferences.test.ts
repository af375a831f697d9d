import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PreferenceFile } from '../../../main/electron/preferences.ts';
import { defaultPreferences } from '../../../preload/contract.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-preferences-'));
  file = path.join(folder, 'preferences.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the settings of the app', () => {
  it('are the defaults until one is set, and are found again', () => {
    const first = new PreferenceFile(file);
    expect(first.current).toEqual(defaultPreferences);
    first.change({ notifyWhenDone: false });
    expect(new PreferenceFile(file).current).toEqual({
      ...defaultPreferences,
      notifyWhenDone: false,
    });
  });

  it.each(['', 'no JSON', '[]', 'null', '{"notifyWhenDone":"yes"}'])(
    'are the defaults where the file is damaged: %j',
    (content) => {
      writeFileSync(file, content);
      expect(new PreferenceFile(file).current).toEqual(defaultPreferences);
    },
  );

  it('keep what is understood of another version’s file', () => {
    writeFileSync(file, JSON.stringify({ notifyWhenDone: false, checkForUpdates: 3, later: 1 }));
    expect(new PreferenceFile(file).current).toEqual({
      ...defaultPreferences,
      notifyWhenDone: false,
    });
  });

  it('stay as they were when they cannot be saved, and say why', () => {
    const elsewhere = new PreferenceFile(path.join(folder, 'missing', 'preferences.json'));
    expect(() => elsewhere.change({ notifyWhenDone: false })).toThrow(
      expect.objectContaining({ code: 'preferences-not-saved' }),
    );
    expect(elsewhere.current).toEqual(defaultPreferences);
  });

  it('are stored as text that a person can read', () => {
    new PreferenceFile(file).change({ checkForUpdates: false });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ checkForUpdates: false });
  });
});
