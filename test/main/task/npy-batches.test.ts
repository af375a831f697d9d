import { describe, expect, it } from 'vitest';
import {
  batchesFromNpy,
  taskOfTargets,
  type NpyBatchesRequest,
} from '../../../main/task/npy-batches.ts';
import type { NpyArray } from '../../../main/task/npy.ts';

function floats(...shape: number[]): NpyArray {
  const count = shape.reduce((a, b) => a * b, 1);
  return { type: 'float32', shape, data: Float32Array.from({ length: count }, (_, i) => i) };
}
function classNumbers(...values: number[]): NpyArray {
  return { type: 'int64', shape: [values.length], data: BigInt64Array.from(values, BigInt) };
}
const request = (changes: Partial<NpyBatchesRequest> = {}): NpyBatchesRequest => ({
  inputs: floats(4, 1, 1, 2),
  targets: classNumbers(0, 1, 2, 1),
  batchSize: null,
  classes: 3,
  names: { inputs: 'inputs.npy', targets: 'targets.npy' },
  ...changes,
});
const code = (value: string): unknown => expect.objectContaining({ code: value });

describe('batches from arrays', () => {
  it('are the images one after the other, two batches unless a size is named', () => {
    const set = batchesFromNpy(request());
    expect(set).toMatchObject({ batchSize: 2, inputShape: [1, 1, 2], classes: 3 });
    expect(set.batches).toEqual([
      { inputs: Float32Array.of(0, 1, 2, 3), targets: Int32Array.of(0, 1) },
      { inputs: Float32Array.of(4, 5, 6, 7), targets: Int32Array.of(2, 1) },
    ]);
    expect(batchesFromNpy(request({ batchSize: 1 })).batches).toHaveLength(4);
  });

  it('do not share memory with the array they come from', () => {
    const first = batchesFromNpy(request()).batches[0]!;
    expect(first.inputs.buffer.byteLength).toBe(first.inputs.byteLength);
  });

  it('take float64 images and int32 or uint8 targets as well', () => {
    const set = batchesFromNpy(
      request({
        inputs: { type: 'float64', shape: [4, 1, 1, 1], data: Float64Array.of(0.1, 2, 3, 4) },
        targets: { type: 'uint8', shape: [4], data: Uint8Array.of(0, 1, 2, 0) },
      }),
    );
    expect(set.batches[0]!.inputs).toEqual(Float32Array.of(0.1, 2));
  });
});

describe('arrays that do not fit are refused', () => {
  it.each<[string, string, Partial<NpyBatchesRequest>]>([
    ['images without four axes', 'shape-mismatch', { inputs: floats(4, 2) }],
    ['images without pixels', 'shape-mismatch', { inputs: floats(4, 1, 0, 2) }],
    ['fewer targets than images', 'shape-mismatch', { targets: classNumbers(0, 1, 2) }],
    [
      'targets for every pixel',
      'shape-mismatch',
      { targets: { type: 'int64', shape: [4, 1, 2], data: new BigInt64Array(8) } },
    ],
    ['images that leave a rest', 'shape-mismatch', { batchSize: 3 }],
    [
      'an odd number of images without a batch size',
      'shape-mismatch',
      { inputs: floats(3, 1, 1, 2), targets: classNumbers(0, 0, 0) },
    ],
    ['one batch only', 'one-batch-only', { batchSize: 4 }],
    ['less than a batch', 'one-batch-only', { batchSize: 64 }],
    ['no image', 'one-batch-only', { inputs: floats(0, 1, 1, 2), targets: classNumbers() }],
    ['a target too high', 'target-out-of-range', { targets: classNumbers(0, 1, 3, 1) }],
    ['a negative target', 'target-out-of-range', { targets: classNumbers(0, -1, 2, 1) }],
    ['a target beyond 32 bits', 'target-out-of-range', { targets: classNumbers(0, 2 ** 33, 2, 1) }],
    [
      'targets that are fractions',
      'npy-type',
      { targets: { type: 'float32', shape: [4], data: new Float32Array(4) } },
    ],
    [
      'images that are bytes',
      'npy-type',
      { inputs: { type: 'uint8', shape: [4, 1, 1, 2], data: new Uint8Array(8) } },
    ],
    [
      'NaN in an image',
      'inputs-not-finite',
      { inputs: { type: 'float32', shape: [4, 1, 1, 1], data: Float32Array.of(1, 2, NaN, 4) } },
    ],
  ])('%s: %s', (_, expected, changes) => {
    expect(() => batchesFromNpy(request(changes))).toThrow(code(expected));
  });

  it('by a sentence that names file, image and value', () => {
    expect(() => batchesFromNpy(request({ targets: classNumbers(0, 1, 2, 7) }))).toThrow(
      'targets.npy, image 3 (counted from 0): the target is 7, but the network has the classes 0 to 2.',
    );
  });
});

describe('arrays for the other tasks', () => {
  const images = floats(2, 1, 2, 2);
  const masks = (...values: number[]): NpyArray => ({
    type: 'int64',
    shape: [2, 2, 2],
    data: BigInt64Array.from(values, BigInt),
  });
  const boxes = (...values: number[]): NpyArray => ({
    type: 'float32',
    shape: [2, values.length / 10, 5],
    data: Float32Array.from(values),
  });
  const asked = (targets: NpyArray) => request({ inputs: images, targets });

  it('say by their targets which they are for', () => {
    expect(taskOfTargets(masks(0, 0, 0, 0, 0, 0, 0, 0))).toBe('segmentation');
    expect(taskOfTargets(boxes(0, 0, 1, 1, 0, 0, 0, 1, 1, 0))).toBe('detection');
    expect(taskOfTargets(classNumbers(1, 2))).toBe('classification');
  });

  it('are masks of integers, in which 255 is ignored', () => {
    const targets = masks(0, 1, 2, 255, 2, 2, 1, 0);
    const set = batchesFromNpy({ ...asked(targets), task: 'segmentation' });
    expect(set).toMatchObject({ task: 'segmentation', maskShape: [2, 2], classes: 3 });
    expect(set.batches.map((batch) => batch.targets)).toEqual([
      Uint8Array.of(0, 1, 2, 255),
      Uint8Array.of(2, 2, 1, 0),
    ]);
  });

  it('are boxes, filled up with rows of no class', () => {
    const none = [0, 0, 0, 0, -1];
    const targets = boxes(0, 0, 1, 2, 2, ...none, ...none, ...none);
    const set = batchesFromNpy({ ...asked(targets), task: 'detection' });
    expect(set.batches.map((batch) => batch.targets)).toEqual([
      [{ boxes: Float32Array.of(0, 0, 1, 2), classes: Int32Array.of(2) }],
      [{ boxes: new Float32Array(0), classes: new Int32Array(0) }],
    ]);
  });

  it.each<[string, string, 'segmentation' | 'detection', NpyArray]>([
    [
      'masks of other classes',
      'target-out-of-range',
      'segmentation',
      masks(0, 0, 0, 0, 3, 0, 0, 0),
    ],
    ['masks of another size', 'shape-mismatch', 'segmentation', floats(2, 1, 2)],
    ['masks of fractions', 'npy-type', 'segmentation', floats(2, 2, 2)],
    ['classes for masks', 'shape-mismatch', 'segmentation', classNumbers(0, 1)],
    [
      'boxes of other classes',
      'target-out-of-range',
      'detection',
      boxes(0, 0, 1, 1, 3, 0, 0, 1, 1, 0),
    ],
    ['half a class', 'target-out-of-range', 'detection', boxes(0, 0, 1, 1, 0.5, 0, 0, 1, 1, 0)],
    ['boxes inside out', 'target-out-of-range', 'detection', boxes(1, 0, 0, 1, 0, 0, 0, 1, 1, 0)],
    [
      'boxes of integers',
      'npy-type',
      'detection',
      { type: 'int64', shape: [2, 1, 5], data: new BigInt64Array(10) },
    ],
    ['boxes without classes', 'shape-mismatch', 'detection', floats(2, 3, 4)],
  ])('%s are refused', (_what, wanted, task, targets) => {
    expect(() => batchesFromNpy({ ...asked(targets), task })).toThrow(code(wanted));
  });
});
