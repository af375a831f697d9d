import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeProcesses } from '../../../main/child/node-process.ts';
import { DataSource } from '../../../main/task/data-source.ts';
import { drawBatches } from '../../../main/task/draw-batches.ts';
import { openDataset } from '../../../main/task/open-dataset.ts';
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
      '2.png: is no picture that is read (JPEG, PNG, WebP, AVIF, TIFF and BMP are read)',
    ]);
  });

  it('come with errors that keep their code and hint', async () => {
    const opening = source().open({ data: folder.path, task: null });
    await expect(opening).rejects.toThrow(code('data-not-recognised'));
    await expect(opening).rejects.toMatchObject({
      hint: expect.stringContaining('kind') as string,
    });
  });
});
