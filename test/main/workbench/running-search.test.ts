import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LatencySource } from '../../../main/latency/latency.ts';
import { createRun, openRunReadOnly } from '../../../main/store/run-file.ts';
import { beginSearch, type SearchParts } from '../../../main/workbench/running-search.ts';
import { toyCandidate, toyRunInfo } from '../../support/toy-search.ts';
import { createToySpace } from '../../support/toy-space.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-running-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A search that ends before it has begun, with a source of latencies that takes its time to close. */
function begin(
  close: () => Promise<void>,
  start: (signal: AbortSignal) => Promise<unknown> = () => Promise.reject(new Error('stopped')),
) {
  const store = createRun(path.join(folder, 'run.zico'), toyRunInfo());
  store.add(toyCandidate(1), 1);
  const source: LatencySource = {
    ...{ kind: 'phone', exclusive: false },
    measure: () => Promise.reject(new Error('nothing is measured here')),
    close,
  };
  return beginSearch({
    space: { ...createToySpace(), description: {} },
    ...{ store, source },
    scorers: { start: (...args: unknown[]) => start(args[5] as AbortSignal) },
  } as unknown as SearchParts);
}

describe('a running search', () => {
  it('can be read until it has finished, also while its phones are being left', async () => {
    let read: number | null = null;
    const search = begin(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      read = search.reader.rows(0, 10).length;
    });
    await expect(search.finished).rejects.toThrow('stopped');
    expect(read).toBe(1);
    expect(() => search.reader.rows(0, 10)).toThrow();
  });

  it.each([
    ['deleted', (file: string) => rmSync(file)],
    ['moved', (file: string) => renameSync(file, `${file}.moved`)],
    [
      'replaced',
      (file: string) => {
        rmSync(file);
        writeFileSync(file, 'another file');
      },
    ],
  ])('stops within seconds once its file was %s, and loses nothing', async (_how, act) => {
    const file = path.join(folder, 'run.zico');
    // Its processes take for ever to start; the search gives up all the same.
    const search = begin(
      async () => undefined,
      (signal) => {
        act(file);
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('given up')));
        });
      },
    );
    const rescued = path.join(folder, 'run rescued.zico');
    await expect(search.finished).rejects.toMatchObject({
      code: 'run-file-gone',
      message: expect.stringContaining(rescued) as string,
    });
    const reader = openRunReadOnly(rescued);
    expect(reader.candidates()).toEqual([
      { ...toyCandidate(1), score: expect.anything() as object },
    ]);
    reader.close();
  });

  it('closes its file although its source cannot be closed', async () => {
    const search = begin(() => Promise.reject(new Error('the phone is gone')));
    await expect(search.finished).rejects.toThrow();
    const reader = openRunReadOnly(path.join(folder, 'run.zico'));
    expect(reader.counts().evaluated).toBe(1);
    reader.close();
    expect(() => search.reader.rows(0, 10)).toThrow();
  });
});
