import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renameRun } from '../../../main/store/rename-run.ts';
import { createRun, openRunForWriting, openRunReadOnly } from '../../../main/store/run-file.ts';
import { newRun } from '../../../main/search/memory-run.ts';
import { defaultSearchSettings } from '../../../main/common/settings/index.ts';

let folder: string;
let file: string;
let to: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-rename-'));
  file = path.join(folder, 'one.zico');
  to = path.join(folder, 'two.zico');
  createRun(file, newRun(defaultSearchSettings)).close();
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('another name for a run', () => {
  it('is that of its file, whole and alone', () => {
    renameRun(file, to);
    expect(readdirSync(folder)).toEqual(['two.zico']);
    const reader = openRunReadOnly(to);
    expect(reader.info().settings).toEqual(defaultSearchSettings);
    reader.close();
  });

  it('never takes the place of another file', () => {
    writeFileSync(to, 'mine');
    expect(() => renameRun(file, to)).toThrow(expect.objectContaining({ code: 'run-name-taken' }));
    expect(existsSync(file)).toBe(true);
  });

  it('is not given to a run that somebody has open', () => {
    const held = openRunForWriting(file);
    expect(() => renameRun(file, to)).toThrow(expect.objectContaining({ code: 'run-in-use' }));
    held.close();
    expect(readdirSync(folder)).toEqual(['one.zico']);
  });

  it('may differ in large and small letters alone', () => {
    renameRun(file, path.join(folder, 'One.zico'));
    expect(readdirSync(folder)).toEqual(['One.zico']);
  });

  it.runIf(process.platform === 'linux')(
    'never takes the place of another file whose name differs in letters alone',
    () => {
      const other = path.join(folder, 'One.zico');
      writeFileSync(other, 'mine');
      expect(() => renameRun(file, other)).toThrow(
        expect.objectContaining({ code: 'run-name-taken' }),
      );
      expect(readFileSync(other, 'utf8')).toBe('mine');
      expect(existsSync(file)).toBe(true);
    },
  );
});
