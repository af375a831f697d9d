import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunFile } from '../../../main/run/run-store.ts';
import { createRun, openRunForWriting, openRunReadOnly } from '../../../main/store/run-file.ts';
import { toyCandidate, toyRunInfo } from '../../support/toy-search.ts';

let folder: string;
let file: string;
let store: RunFile;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-in-place-'));
  file = path.join(folder, 'run.zico');
  store = createRun(file, toyRunInfo());
  for (let id = 1; id <= 5; id++) store.add(toyCandidate(id), id);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const gone = expect.objectContaining({ code: 'run-file-gone' }) as unknown;
const beside = (): string => path.join(folder, 'run rescued.zico');

describe('a run file that is no longer where it was', () => {
  it.each([
    ['deleted', () => rmSync(file)],
    ['moved', () => renameSync(file, `${file}.old`)],
    ['replaced', () => renameSync(path.join(folder, 'other'), file)],
  ])('is noticed when it was %s; what it held lies beside it', (_how, act) => {
    copyFileSync(file, path.join(folder, 'other'));
    store.assertInPlace?.();
    act();
    expect(() => store.assertInPlace?.()).toThrow(gone);
    expect(() => store.add(toyCandidate(6), 6)).toThrow(gone);
    store.close();
    const rescued = openRunForWriting(beside());
    expect(rescued.candidates()).toHaveLength(5);
    expect(rescued.candidate(toyCandidate(3).id)).toEqual(toyCandidate(3));
    rescued.add(toyCandidate(6), 6); // and can be gone on with
    rescued.close();
    expect(openRunReadOnly(beside()).candidates()).toHaveLength(6);
  });

  it('leaves alone what lies in its place now', () => {
    for (const suffix of ['', '-wal']) rmSync(file + suffix, { force: true });
    writeFileSync(file, 'a file of somebody');
    writeFileSync(`${file}-wal`, 'its log');
    writeFileSync(beside(), 'kept');
    expect(() => store.assertInPlace?.()).toThrow(gone);
    store.close();
    expect(readFileSync(file, 'utf8')).toBe('a file of somebody');
    expect(readFileSync(`${file}-wal`, 'utf8')).toBe('its log');
    expect(readFileSync(beside(), 'utf8')).toBe('kept');
    expect(openRunReadOnly(path.join(folder, 'run rescued 2.zico')).candidates()).toHaveLength(5);
  });

  it('is said to be lost where the folder went with it', () => {
    rmSync(folder, { recursive: true });
    expect(() => store.assertInPlace?.()).toThrow(/could not be written next to it/);
    store.close();
    expect(existsSync(folder)).toBe(false);
  });
});
