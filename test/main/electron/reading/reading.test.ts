import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeProcesses } from '../../../../main/child/node-process.ts';
import type { ChildProcesses } from '../../../../main/child/process.ts';
import type { ChildLimits } from '../../../../main/child/supervised-child.ts';
import { Reading } from '../../../../main/electron/reading/reading.ts';
import { writeStoredRun } from '../../../e2e/stored-run.ts';

vi.setConfig({ testTimeout: 60_000 }); // real children, on a machine that may be busy

const entry = path.join(import.meta.dirname, '../../../../main/electron/reading/child.ts');
let folder: string;
let file: string;
let reading: Reading;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-reading-'));
  file = path.join(folder, 'run.zico');
  writeStoredRun(file, 40);
  reading = new Reading(nodeProcesses, entry);
});
afterEach(async () => {
  await reading.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a run file that is read in the child', () => {
  it('gives all that the window asks of it', async () => {
    const named = { run: 'r', file };
    expect(await reading.look('summary', file, named)).toMatchObject({
      ...{ run: 'r', name: 'run', path: file, state: 'finished', evaluated: 40, error: null },
    });
    expect((await reading.look('view', file, named)).warnings).toEqual([]);
    const page = await reading.look('candidates', file, { after: 10, most: 5 });
    expect([...page.ids]).toEqual([11, 12, 13, 14, 15]);
    expect((await reading.look('candidate', file, { id: 7 })).row.id).toBe(7);
    expect((await reading.look('architecture', file, { id: 7 })).length).toBeGreaterThan(3);
    expect((await reading.look('trend', file, null)).at(-1)).toBe(1);
    expect((await reading.look('resumable', file, null)).earlier.evaluated).toBe(40);
    await expect(reading.look('stored', file, { id: 99 })).rejects.toMatchObject({
      code: 'unknown-candidate',
    });
  });

  it('is read by another child where something else ended the first', async () => {
    let kills = 1;
    const processes: ChildProcesses = {
      start(script, name) {
        const child = nodeProcesses.start(script, name);
        if (kills-- > 0) child.kill();
        return child;
      },
    };
    const disturbed = new Reading(processes, entry);
    try {
      expect(await disturbed.look('marks', file, null)).toEqual([]);
      expect(kills).toBe(-1);
    } finally {
      await disturbed.close();
    }
  });

  it('takes stars, notes and tags', async () => {
    const mark = { candidate: 3 as never, starred: true, note: 'Löwe', name: 'König' };
    await reading.setMark(file, mark);
    await reading.setTags(file, ['phone']);
    expect(await reading.look('marks', file, null)).toEqual([mark]);
    expect((await reading.look('summary', file, { run: 'r', file })).tags).toEqual(['phone']);
  });

  it('is passed on without notes, and told about with them', async () => {
    const mark = { candidate: 3 as never, starred: true, note: 'Löwe <b>', name: 'König' };
    await reading.setMark(file, mark);
    const copy = path.join(folder, 'copy.zico');
    await reading.copyWithoutNotes(file, copy);
    expect(await reading.look('marks', copy, null)).toEqual([]);
    expect((await reading.look('summary', copy, { run: 'r', file: copy })).tags).toEqual([]);
    expect((await reading.look('resumable', copy, null)).earlier.evaluated).toBe(40);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    await expect(reading.copyWithoutNotes(file, file)).rejects.toMatchObject({ code: 'same-file' });
    // The log of another run, which would become part of the copy.
    const other = path.join(folder, 'other.zico');
    writeFileSync(`${other}-wal`, 'log');
    await expect(reading.copyWithoutNotes(file, other)).rejects.toMatchObject({
      code: 'run-in-use',
    });
    const request = { name: 'A run', productVersion: '0.1.0' };
    const report = await reading.look('report', file, request);
    expect(report).toContain('Candidate 3, König');
    expect(report).toContain('Löwe &lt;b&gt;');
    const bare = await reading.look('report', copy, request);
    expect(bare).not.toContain('König');
    expect(bare).not.toContain('<h2>Chosen</h2>');
  });

  it('is refused with what is wrong, and others are read all the same', async () => {
    const other = path.join(folder, 'other.zico');
    writeFileSync(other, 'no run');
    const [bad, good] = await Promise.allSettled([
      reading.look('info', other, null),
      reading.look('info', file, null),
    ]);
    expect(bad).toMatchObject({ reason: { code: 'not-a-run-file' } });
    expect(good.status).toBe('fulfilled');
  });
});

/** Every file is too much for these. */
const tight: readonly (readonly [string, ChildLimits])[] = [
  ['time', { timeoutMs: 5, memoryBytes: 2 ** 32 }],
  ['memory', { timeoutMs: 60_000, memoryBytes: 2 ** 20 }],
];

describe.each(tight)('a file that takes too much %s', (_what, limits) => {
  it('is no fault of the file where all of it is gone through, and what helps is told', async () => {
    const whole = new Reading(nodeProcesses, entry, undefined, limits);
    const refused = (hint: string) => ({
      code: 'run-not-gone-through',
      hint: expect.stringContaining(hint) as string,
    });
    const asked = { name: 'A run', productVersion: '0.1.0' };
    const text = { format: 'csv', ids: null, name: 'mine' } as const;
    await expect(whole.look('report', file, asked)).rejects.toMatchObject(refused('report again'));
    await expect(whole.look('candidatesText', file, text)).rejects.toMatchObject(refused('fewer'));
    await expect(whole.look('model', file, { beta: 1 })).rejects.toMatchObject(
      refused('run again'),
    );
    expect(await whole.look('info', file, null)).toBeTruthy();
    await whole.close();
  });

  it('is named, and not tried again before it changes', async () => {
    const starts = vi.fn(nodeProcesses.start);
    const strict = new Reading({ start: starts }, entry, limits);
    const refusal = {
      code: 'not-a-run-file',
      message: expect.stringContaining(path.basename(file)) as string,
    };
    await expect(strict.look('info', file, null)).rejects.toMatchObject(refusal);
    const once = starts.mock.calls.length;
    await expect(strict.look('summary', file, { run: 'r', file })).rejects.toMatchObject(refusal);
    expect(starts.mock.calls.length).toBe(once);
    copyFileSync(file, `${file}.copy`);
    appendFileSync(file, ' ');
    await expect(strict.look('info', file, null)).rejects.toMatchObject({ code: 'not-a-run-file' });
    expect(starts.mock.calls.length).toBeGreaterThan(once);
    // What goes through all of a run may take longer than any list waits.
    const request = { name: 'A run', productVersion: '0.1.0' };
    expect(await strict.look('report', file, request)).toContain('A run');
    await strict.close();
  });
});
