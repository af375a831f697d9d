import { utimes } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeProcesses } from '../../../main/child/node-process.ts';
import { DataSource } from '../../../main/task/data-source.ts';
import { drawBatches } from '../../../main/task/draw-batches.ts';
import { openDataset } from '../../../main/task/open-dataset.ts';
import type { DataProgress } from '../../../main/common/data-progress.ts';
import { npyBytes } from '../../support/array-files.ts';
import { assetsFolder, plainPng, reasons } from '../../support/data.ts';
import { code, testFolder } from './folder.ts';

const folder = testFolder();
const entry = path.join(import.meta.dirname, '../../../main/task/child.ts');
const limits = { timeoutMs: 60_000, memoryBytes: 2 ** 33 };
let started = 0;
const counting: typeof nodeProcesses = {
  start(...args) {
    started += 1;
    return nodeProcesses.start(...args);
  },
};
const sources: DataSource[] = [];
/** Last changed long ago. */
const past = async (...entries: readonly string[]) => {
  for (const entry of entries) await utimes(entry, 1e9, 1e9);
};
function source(): DataSource {
  started = 0;
  const made = new DataSource({ processes: counting, entry, limits, assetsFolder });
  sources.push(made);
  return made;
}
afterEach(async () => {
  await Promise.all(sources.splice(0).map((made) => made.close()));
});

describe('data from a child process', { timeout: 60_000 }, () => {
  it('give the very batches that they give here', async () => {
    const bccd = path.join(assetsFolder, 'bccd');
    const request = { batches: 2, batchSize: 2, seed: 3, size: [64, 64] as const };
    const there = await source().open({ data: bccd, task: 'detection' });
    expect(await drawBatches(there, request)).toEqual(
      await drawBatches(await openDataset({ path: bccd }), request),
    );
    expect(started).toBe(1);
  });

  it('are the embedded ones of the task where none are named; CIFAR needs no child', async () => {
    const data = source();
    expect(await data.open({ data: null, task: null })).toMatchObject({ kind: 'cifar10' });
    expect(started).toBe(0);
    for (const [task, kind] of [
      ['segmentation', 'voc-ellipses'],
      ['detection', 'voc'],
    ] as const) {
      expect(await data.open({ data: null, task })).toMatchObject({ kind, task, count: 40 });
      expect(await data.inspect({ data: null, task }, 2)).toMatchObject({ kind, problemCount: 0 });
    }
  });

  it('are listed anew when they are opened again', async () => {
    const data = source();
    await folder.put('a/1.png', plainPng(2, 2));
    const choice = { data: folder.path, task: null };
    expect((await data.open(choice)).count).toBe(1);
    await folder.put('a/2.png', 'broken');
    const again = await data.open(choice);
    expect(again.count).toBe(2);
    expect(reasons(await again.read([1]))).toEqual([
      '2.png: is not a picture that can be read (JPEG, PNG, WebP, AVIF, TIFF and BMP are read)',
    ]);
  });

  it('are listed once where nothing of them changes, whatever the task they are opened for', async () => {
    const data = source();
    await folder.put('a/1.png', plainPng(2, 2));
    await past(folder.path, path.join(folder.path, 'a'));
    const first = await data.open({ data: folder.path, task: null });
    // Unseen: its folder says that nothing was added. Whoever listed it would find two.
    await folder.put('a/2.png', plainPng(2, 2));
    await past(path.join(folder.path, 'a'));
    const choice = { data: folder.path, task: 'classification' as const };
    expect((await data.open(choice)).count).toBe(first.count);
    await utimes(path.join(folder.path, 'a'), new Date(), new Date());
    expect((await data.open(choice)).count).toBe(2);
  });

  it('tell what was added or changed after they were listed', async () => {
    const data = source();
    for (const name of ['a/1.png', 'a/2.png', 'b/3.png', 'b/4.png']) {
      await folder.put(name, plainPng(2, 2));
    }
    const set = await data.open({ data: folder.path, task: null });
    const request = { batches: 2, batchSize: 2, seed: 1 };
    expect((await drawBatches(set, request)).notes).toEqual([]);
    await folder.put('a/5.png', plainPng(2, 2));
    await folder.put('b/3.png', plainPng(3, 3));
    const { notes = [] } = await drawBatches(set, request);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatchObject({ code: 'data-changed-meanwhile', count: 2 });
    expect(notes[0]?.examples).toEqual([
      expect.stringMatching(/b\/3\.png: was changed after its folder was listed$/),
      expect.stringMatching(/a: has other files than when it was listed/),
    ]);
  });

  it('are not read from places that lie elsewhere by now', async () => {
    const data = source();
    await folder.put(
      'x.npy',
      npyBytes('<f4', [2, 3, 4, 4], () => 1),
    );
    await folder.put(
      'y.npy',
      npyBytes('<i8', [2], (i) => i),
    );
    const set = await data.open({ data: folder.path, task: null });
    await folder.put(
      'x.npy',
      npyBytes('<f4', [3, 3, 4, 4], () => 2),
    );
    await expect(set.read([1])).rejects.toThrow(code('data-changed-meanwhile'));
  });

  it('say how far they are, and stop when they are told to', async () => {
    const data = source();
    for (let i = 0; i < 20; i++) await folder.put(`a/${i}.png`, plainPng(900, 900));
    const stop = new AbortController();
    const heard: DataProgress[] = [];
    const looking = data.inspect({ data: folder.path, task: null }, 20, {
      signal: stop.signal,
      onProgress(progress) {
        heard.push(progress);
        stop.abort();
      },
    });
    await expect(looking).rejects.toThrow(code('data-aborted'));
    expect(heard).toEqual([{ doing: 'decoding', done: expect.any(Number) as number, of: 20 }]);
  });

  it('come with errors that keep their code and hint', async () => {
    const opening = source().open({ data: folder.path, task: null });
    await expect(opening).rejects.toThrow(code('data-not-recognised'));
    await expect(opening).rejects.toMatchObject({
      hint: expect.stringContaining('empty') as string,
    });
  });
});
