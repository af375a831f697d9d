import { rmSync, utimesSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeProcesses } from '../../../main/child/node-process.ts';
import type { ChildProcesses } from '../../../main/child/process.ts';
import type { DataProgress } from '../../../main/common/data-progress.ts';
import { ShownImages } from '../../../main/electron/shown-images.ts';
import { shownBatchSchema } from '../../../main/common/shown-images.ts';
import { drawForNetworks } from '../../../main/task/draw-for-networks.ts';
import { embeddedData } from '../../../main/task/embedded.ts';
import { openDataset } from '../../../main/task/open-dataset.ts';
import { resizedBatches } from '../../../main/task/resized-batches.ts';
import { assetsFolder, plainPng } from '../../support/data.ts';
import { code, testFolder } from '../task/folder.ts';

const folder = testFolder();
const entry = path.resolve('main/task/shown/child.ts');
let shown: ShownImages;
const open = (): ShownImages =>
  (shown = new ShownImages({ processes: nodeProcesses, entry, assetsFolder }));
afterEach(() => shown.close());

const takers = { title: 'A space', scoringShape: [3, 64, 64] as const, classes: 8 };
const draw = { batches: 2, batchSize: 2, seed: 3 };
const request = {
  ...{ data: { data: null, task: 'detection' as const }, takers, draw },
  ...{ size: null, same: null, batch: 0, first: 0, anew: false },
};

const colours = { a: [200, 0, 0], b: [0, 0, 200] } as const;
/** Two classes of three plain pictures each, written long ago. */
async function twoClasses(): Promise<void> {
  for (const name of ['a', 'b'] as const) {
    for (const i of [1, 2, 3]) await folder.put(`${name}/${i}.png`, plainPng(8, 8, colours[name]));
  }
  for (const at of ['a', 'b', '']) utimesSync(path.join(folder.path, at), 1e9, 1e9);
}
const classes = (changes: object = {}) => ({
  ...request,
  data: { data: folder.path, task: 'classification' as const },
  ...changes,
});

describe('images from the child that shows them', { timeout: 60_000 }, () => {
  it('are those that a search draws, by description and digest', async () => {
    const batch = shownBatchSchema.parse(await open().show({ ...request, batch: 1 }));
    const dataset = await openDataset(embeddedData('detection', assetsFolder));
    const set = await drawForNetworks(dataset, takers, draw);
    expect(batch.description).toBe(set.description);
    expect(batch.images).toHaveLength(2);
    const again = await shown.show({ ...request, batch: 1, first: 1, same: set.description });
    expect(again.images).toEqual(batch.images.slice(1));
  });

  it.runIf(process.platform !== 'win32')('leave the cores to whatever computes', async () => {
    let pid: number | undefined;
    const processes: ChildProcesses = {
      start(script, name) {
        const child = nodeProcesses.start(script, name);
        pid = child.pid;
        return child;
      },
    };
    shown = new ShownImages({ processes, entry, assetsFolder });
    await shown.show(request);
    expect(getPriority(pid)).toBe(constants.priority.PRIORITY_LOW);
  });

  it('have the size at which one network takes them', async () => {
    const size = [32, 48] as const;
    const batch = await open().show({ ...request, size });
    expect(batch).toMatchObject({ height: 32, width: 48 });
    expect(batch.notes[0]).toBe('This network takes them at 32 x 48.');
    const dataset = await openDataset(embeddedData('detection', assetsFolder));
    const set = resizedBatches(await drawForNetworks(dataset, takers, draw), size);
    const [first] = set.batches[0]!.targets as unknown as { boxes: Float32Array }[];
    expect(batch.images[0]!.boxes.flatMap(({ edges }) => edges)).toEqual([...first!.boxes]);
  });

  it('are refused where a run was scored on others', async () => {
    await expect(open().show({ ...request, same: 'x; digest 0' })).rejects.toEqual(
      code('data-changed'),
    );
  });

  it('say how far reading them is, and stop when asked', async () => {
    await twoClasses();
    const heard: DataProgress[] = [];
    const stop = new AbortController();
    stop.abort();
    await expect(open().show(classes(), { signal: stop.signal })).rejects.toEqual(
      code('images-aborted'),
    );
    await shown.show(classes(), { onProgress: (progress) => void heard.push(progress) });
    for (const { doing } of heard) expect(['listing', 'reading', 'decoding']).toContain(doing);
  });

  it('say in a sentence that a data set has one image', async () => {
    await folder.put('a/1.png', plainPng(8, 8));
    await expect(open().show(classes())).rejects.toMatchObject({
      code: 'too-few-images',
      message: expect.stringContaining('need 4 images, but there is only 1') as string,
    });
  });

  it('stay when they vanish while they are shown; it is said, and seen when they are read again', async () => {
    await twoClasses();
    const before = await open().show(classes());
    expect(before.notes).toEqual([]);
    for (const i of [1, 2, 3]) rmSync(path.join(folder.path, `b/${i}.png`));
    const after = await shown.show(classes({ first: 1 }));
    expect(after.images).toEqual(before.images.slice(1));
    expect(after.notes[0]).toMatch(/^Since these were read, something has changed: b has other/);
    await expect(shown.show(classes({ anew: true }))).rejects.toEqual(code('too-few-images'));
    rmSync(folder.path, { recursive: true });
    await expect(shown.show(classes({ anew: true }))).rejects.toEqual(code('data-not-found'));
    await folder.put('a/1.png', plainPng(8, 8));
  });

  it('come again after nobody looked for a while', async () => {
    const first = await open().show(request);
    shown.letGo();
    expect(await shown.show(request)).toEqual(first);
  });
});
