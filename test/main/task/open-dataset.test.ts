import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WorkbenchError } from '../../../main/errors.ts';
import { kindDescriptions } from '../../../main/task/kind-descriptions.ts';
import { dataKinds } from '../../../main/task/kinds/index.ts';
import { inspectDataset } from '../../../main/task/inspect-dataset.ts';
import { openDataset } from '../../../main/task/open-dataset.ts';
import { assetsFolder, maskPng, plainJpeg, plainPng, vocXml } from '../../support/data.ts';
import { code, testFolder } from './folder.ts';

const folder = testFolder();

it('every kind that is described can be opened, in the order told', () => {
  expect(dataKinds.map(({ name }) => name)).toEqual(kindDescriptions.map(({ name }) => name));
});

describe('what a folder holds', () => {
  it('is found one folder deeper, where an archive unpacked into one', async () => {
    await folder.put('BCCD/JPEGImages/a.jpg', await plainJpeg(8, 8));
    await folder.put('BCCD/Annotations/a.xml', vocXml(8, 8, [{ name: 'x', box: [1, 1, 4, 4] }]));
    expect((await openDataset({ path: folder.path })).kind).toBe('voc');
  });

  it('depends on the task where it can be used for two', async () => {
    await folder.put('JPEGImages/a.jpg', await plainJpeg(8, 8));
    await folder.put('Annotations/a.xml', vocXml(8, 8, [{ name: 'x', box: [1, 1, 4, 4] }]));
    await folder.put(
      'SegmentationClass/a.png',
      maskPng(8, 8, (x) => x % 2),
    );
    const kindFor = async (task: 'segmentation' | 'detection' | null) =>
      (await openDataset({ path: folder.path, task })).kind;
    expect(await kindFor(null)).toBe('voc');
    expect(await kindFor('detection')).toBe('voc');
    expect(await kindFor('segmentation')).toBe('image-masks');
  });

  it('is CIFAR where it has records of that size', async () => {
    await folder.put('a.bin', new Uint8Array(3073));
    expect((await openDataset({ path: folder.path })).kind).toBe('cifar10');
    await folder.put('a.bin', new Uint8Array(2 * 3074));
    expect((await openDataset({ path: folder.path })).kind).toBe('cifar100');
  });

  it('is refused where it is nothing known, saying what was looked for', async () => {
    await folder.put('notes.txt', 'no data');
    const opening = openDataset({ path: folder.path });
    await expect(opening).rejects.toThrow(code('data-not-recognised'));
    const { hint } = (await opening.catch((error: unknown) => error)) as WorkbenchError;
    for (const { title, onlyByName } of kindDescriptions) {
      if (!onlyByName) expect(hint).toContain(title);
    }
    await expect(openDataset({ path: folder.path, kind: 'coco' })).rejects.toThrow(
      /not laid out as COCO, boxes as JSON: a \.json file/,
    );
  });

  it('is refused where it is for another task than asked', async () => {
    const bccd = path.join(assetsFolder, 'bccd');
    await expect(openDataset({ path: bccd, kind: 'voc', task: 'segmentation' })).rejects.toThrow(
      code('data-do-not-fit'),
    );
    await expect(openDataset({ path: bccd, task: 'classification' })).rejects.toThrow(
      code('data-not-recognised'),
    );
  });

  it('is refused where the kind is unknown or nothing is there', async () => {
    await expect(openDataset({ path: folder.path, kind: 'imagenet' })).rejects.toThrow(
      code('unknown-data-kind'),
    );
    await expect(openDataset({ path: path.join(folder.path, 'none') })).rejects.toThrow(
      code('data-not-found'),
    );
  });
});

describe('an inspection', () => {
  it('lists what opening and what decoding found wrong, each once', async () => {
    await folder.put('a/1.png', plainPng(4, 6));
    await folder.put('a/2.png', plainPng(5, 6));
    await folder.put('a/3.png', 'broken');
    await folder.put('b/notes.txt', '');
    const inspection = await inspectDataset(await openDataset({ path: folder.path }), 10);
    expect(inspection).toMatchObject({
      kind: 'class-folders',
      task: 'classification',
      description: expect.stringMatching(/^2 images of 2 classes/) as string,
      images: 2,
      classes: ['a', 'b'],
      classCounts: [2, 0],
      imageSize: { width: 4, height: 6, varies: true },
      checked: 3,
      problemCount: 2,
    });
    expect(inspection.problems.map(({ file, reason }) => [path.basename(file), reason])).toEqual([
      ['b', 'has no picture: the class stays empty'],
      ['3.png', 'is not a picture that can be read (JPEG, PNG, WebP, AVIF, TIFF and BMP are read)'],
    ]);
  });

  it('decodes no more than asked for', async () => {
    for (let i = 0; i < 20; i++) await folder.put(`a/${i}.png`, 'broken');
    const data = await openDataset({ path: folder.path });
    expect(await inspectDataset(data, 5)).toMatchObject({
      checked: 5,
      unusable: 5,
      problemCount: 5,
    });
    expect(await inspectDataset(data, 0)).toMatchObject({ checked: 0, imageSize: null });
  });

  it('reports what would end a run as one more problem', async () => {
    await folder.put('a.bin', new Uint8Array(3073).fill(10));
    const inspection = await inspectDataset(await openDataset({ path: folder.path }), 10);
    expect(inspection.problems[0]!.reason).toMatch(/label 10 in record 0/);
  });
});
