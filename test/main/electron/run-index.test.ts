import { appendFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunIndex } from '../../../main/electron/run-index.ts';
import type { RunSummary } from '../../../preload/contract.ts';
import { tinySettings } from './fake-services.ts';

let folder: string;
let file: string;
let index: string;
let reads: number;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-index-'));
  file = path.join(folder, 'one.zico');
  index = path.join(folder, 'index.json');
  writeFileSync(file, 'a run');
  reads = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const summary: RunSummary = {
  ...{ run: 'id', name: 'one', path: '', state: 'finished', settings: tinySettings },
  ...{ createdAt: '2026-01-01T00:00:00.000Z', evaluated: 1, failed: 0, elapsedSeconds: 1 },
  ...{ tags: [], error: null },
};
const read = async (): Promise<RunSummary> => {
  reads++;
  return { ...summary, evaluated: reads };
};

describe('the index of runs', () => {
  it('reads a run once as long as its file stays as it is, also in later sessions', async () => {
    const first = new RunIndex(index);
    await first.of(file, read);
    expect((await first.of(file, read)).evaluated).toBe(1);
    first.save([file]);
    expect((await new RunIndex(index).of(file, read)).evaluated).toBe(1);
    appendFileSync(file, ' with more');
    expect((await new RunIndex(index).of(file, read)).evaluated).toBe(2);
  });

  it('notices a change whose time was put back to what it was', async () => {
    const one = new RunIndex(null);
    utimesSync(file, new Date('2026-01-01'), new Date('2026-01-01'));
    await one.of(file, read);
    await new Promise((resolve) => setTimeout(resolve, 20));
    writeFileSync(file, 'a nun');
    utimesSync(file, new Date('2026-01-01'), new Date('2026-01-01'));
    expect((await one.of(file, read)).evaluated).toBe(2);
  });

  it('keeps nothing of a file that is being written, and forgets those that are gone', async () => {
    const one = new RunIndex(index);
    writeFileSync(`${file}-wal`, 'more');
    await one.of(file, read);
    await one.of(file, read);
    expect(reads).toBe(2);
    rmSync(`${file}-wal`);
    await one.of(file, read);
    one.save([]);
    expect((await new RunIndex(index).of(file, read)).evaluated).toBe(4);
  });

  it.each(['', '{"x": 3}', '[1]', 'null'])('reads runs anew where it is %j', async (text) => {
    writeFileSync(index, text);
    expect((await new RunIndex(index).of(file, read)).evaluated).toBe(1);
  });

  it('keeps nothing of a run that cannot be read', async () => {
    const one = new RunIndex(index);
    const fail = () => Promise.reject(new Error('damaged'));
    await expect(one.of(file, fail)).rejects.toThrow('damaged');
    expect((await one.of(file, read)).evaluated).toBe(1);
  });
});
