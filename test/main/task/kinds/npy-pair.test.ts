import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ClassificationDataset, SegmentationDataset } from '../../../../main/task/dataset.ts';
import { drawBatches } from '../../../../main/task/draw-batches.ts';
import { openDataset } from '../../../../main/task/open-dataset.ts';
import { images, reasons } from '../../../support/data.ts';
import { code, testFolder } from '../folder.ts';
import { npyBytes } from '../npy-files.ts';

const folder = testFolder();
const open = () => openDataset({ path: folder.path });

const floats = (...shape: number[]) =>
  npyBytes({
    descr: '<f4',
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i / 2),
  });
const classNumbers = (shape: readonly number[], ...values: number[]) =>
  npyBytes({ descr: '<i8', shape, data: BigInt64Array.from(values, BigInt) });

describe('a .npy pair', () => {
  it('with a class for each image is for classification; its floats are used as they are', async () => {
    await folder.put('inputs.npy', floats(4, 2, 1, 2));
    await folder.put('targets.npy', classNumbers([4], 0, 3, 1, 0));
    const data = (await open()) as ClassificationDataset;
    expect(data).toMatchObject({ kind: 'npy', task: 'classification', count: 4, classes: 4 });
    expect(data.inputShape).toEqual([2, 1, 2]);
    const read = images(await data.read([3, 1]));
    expect(read).toEqual([
      { label: 0, pixels: Float32Array.of(6, 6.5, 7, 7.5) },
      { label: 3, pixels: Float32Array.of(2, 2.5, 3, 3.5) },
    ]);
    const set = await drawBatches(data, { batches: 2, batchSize: 2, seed: 0 });
    expect(set.description).toContain('seed 0, not normalised any further; digest');
    const drawn = set.batches.flatMap(({ inputs }) => [inputs[0]!, inputs[4]!]);
    expect(drawn.sort((a, b) => a - b)).toEqual([0, 2, 4, 6]);
  });

  it('with a class for each pixel is for segmentation, and may be named by either file', async () => {
    await folder.put('images.npy', floats(2, 1, 1, 3));
    const masks = await folder.put('masks.npy', classNumbers([2, 1, 3], 0, 1, 255, 2, 2, 2));
    const data = (await openDataset({ path: masks })) as SegmentationDataset;
    expect(data).toMatchObject({ task: 'segmentation', classes: 3 });
    const read = images(await data.read([0, 1]));
    expect(read.map(({ mask }) => [...mask])).toEqual([
      [0, 1, 255],
      [2, 2, 2],
    ]);
  });

  it('of bytes is normalised as photographs are', async () => {
    const data = new Uint8Array(2 * 3 * 4).fill(124);
    await folder.put('x.npy', npyBytes({ descr: '|u1', shape: [2, 3, 2, 2], data }));
    await folder.put('y.npy', classNumbers([2], 0, 1));
    const dataset = (await open()) as ClassificationDataset;
    const set = await drawBatches(dataset, { batches: 2, batchSize: 1, seed: 0 });
    expect(set.batches[0]!.inputs[0]).toBeCloseTo((124 / 255 - 0.485) / 0.229, 6);
  });

  it('whose counts or sizes differ is refused, naming both files', async () => {
    await folder.put('inputs.npy', floats(4, 1, 2, 2));
    await folder.put('targets.npy', classNumbers([3], 0, 1, 2));
    await expect(open()).rejects.toThrow(code('shape-mismatch'));
    await expect(open()).rejects.toThrow(/inputs\.npy has 4 images .*targets\.npy must have/);
    await folder.put('targets.npy', classNumbers([4, 1, 1], 0, 1, 2, 3));
    await expect(open()).rejects.toThrow(code('shape-mismatch'));
  });

  it('of other numbers, or cut short, is refused', async () => {
    await folder.put('targets.npy', classNumbers([2], 0, 1));
    const longs = new BigInt64Array(2);
    await folder.put('inputs.npy', npyBytes({ descr: '<i8', shape: [2, 1, 1, 1], data: longs }));
    await expect(open()).rejects.toThrow(code('npy-type'));
    await folder.put('inputs.npy', floats(2, 1, 1, 1).subarray(0, -1));
    await expect(open()).rejects.toThrow(code('npy-malformed'));
    await folder.put('inputs.npy', floats(2, 1));
    await expect(open()).rejects.toThrow(/images are N, C, H, W/);
  });

  it('with more classes than a mask can hold is refused', async () => {
    await folder.put('inputs.npy', floats(1, 1, 1, 2));
    await folder.put('targets.npy', classNumbers([1, 1, 2], 0, 300));
    await expect(open()).rejects.toThrow(code('target-out-of-range'));
  });

  it('is not resized', async () => {
    await folder.put('inputs.npy', floats(2, 1, 2, 2));
    await folder.put('targets.npy', classNumbers([2], 0, 1));
    const data = await open();
    await expect(data.read([0], [4, 4])).rejects.toThrow(code('shape-mismatch'));
  });

  it('leaves out an image with a negative class or without a number', async () => {
    const data = Float32Array.of(0, NaN, 0);
    await folder.put('inputs.npy', npyBytes({ descr: '<f4', shape: [3, 1, 1, 1], data }));
    await folder.put('targets.npy', classNumbers([3], -1, 1, 0));
    expect(reasons(await (await open()).read([0, 1]))).toEqual([
      'targets.npy: image 0 has the class -1',
      'inputs.npy: image 1 (counted from 0) contains NaN',
    ]);
  });

  it('without its other half is not recognised', async () => {
    await folder.put('inputs.npy', floats(2, 1, 2, 2));
    await expect(open()).rejects.toThrow(code('data-not-recognised'));
    const file = path.join(folder.path, 'inputs.npy');
    await expect(openDataset({ path: file })).rejects.toThrow(code('data-not-recognised'));
  });
});
