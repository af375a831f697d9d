/** Outputs as exporters of other frameworks write them: the numbers of a class in whichever axis. */
import { describe, expect, it } from 'vitest';
import { inferShapes } from '../../../main/graph/infer-shapes.ts';
import { readOnnx } from '../../../main/graph/onnx/read.ts';
import { scorableNetwork } from '../../../main/score-model/scored-network.ts';
import type { Task } from '../../../main/task/batches.ts';
import { encodeForeign, floats, int, ints, type ForeignNode } from '../../support/foreign-onnx.ts';

const node = (
  opType: string,
  input: string[],
  output: string,
  ...attribute: NonNullable<ForeignNode['attribute']>
): ForeignNode => ({
  opType,
  name: `StatefulPartitionedCall/${output}`,
  input,
  output: [output],
  attribute,
});

/** A convolution to `classes` at every `stride`th place of an image with its channels last, as tf2onnx writes it. */
function scorable(
  task: Task,
  after: readonly ForeignNode[],
  {
    classes = 5,
    stride = 1,
    size = [8, 8],
  }: { classes?: number; stride?: number; size?: number[] } = {},
) {
  const weights = Array.from({ length: classes * 3 }, (_, i) => Math.sin(i));
  const model = encodeForeign({
    input: [null, ...size, 3],
    nodes: [
      node('Transpose', ['x'], 'first', ints('perm', [0, 3, 1, 2])),
      node('Conv', ['first', 'w'], 'maps', ints('strides', [stride, stride])),
      ...after,
    ],
    initializers: [floats('w', [classes, 3, 1, 1], weights)],
  });
  const image = [3, size[0]!, size[1]!] as const;
  const { graph, ending } = scorableNetwork(readOnnx(model, 'm.onnx'), task, image);
  return { ending, graph, shape: inferShapes(graph, 2).get(graph.outputs[0]!) };
}
const turned = node('Transpose', ['maps'], 'last', ints('perm', [0, 2, 3, 1]));

describe('maps whose classes are in the last axis', () => {
  it('get them into the second', () => {
    expect(scorable('segmentation', [turned]).shape).toEqual([2, 5, 8, 8]);
    expect(scorable('segmentation', [turned], { classes: 1 }).shape).toEqual([2, 1, 8, 8]);
  });

  it('also behind a softmax, which is left out', () => {
    const softmax = node('Softmax', ['last'], 'y', int('axis', -1));
    expect(scorable('segmentation', [turned, softmax])).toMatchObject({
      ending: 'Softmax',
      shape: [2, 5, 8, 8],
    });
  });

  it('are known by their being turned where there are as many classes as rows and columns', () => {
    const turns = (after: readonly ForeignNode[]) =>
      scorable('segmentation', after, { classes: 8 }).graph.outputs[0];
    expect(turns([turned])).toBe(':classesFirst');
    expect(turns([turned, node('Sigmoid', ['last'], 'y')])).toBe(':classesFirst');
    expect(turns([])).toBe('maps');
  });

  it('are told by the sizes of the image, rounded where strides do not divide them', () => {
    const uneven = { stride: 4, size: [9, 21] };
    expect(scorable('segmentation', [turned], uneven).shape).toEqual([2, 5, 3, 6]);
    expect(scorable('segmentation', [], uneven).shape).toEqual([2, 5, 3, 6]);
  });

  it('are not taken for sizes because there happen to be as many of them', () => {
    // 15 classes are to 20 rows as 96 to 128; the maps' own 20 x 26 are rounded.
    const alike = { classes: 15, stride: 5, size: [96, 128] };
    expect(scorable('segmentation', [], alike).graph.outputs).toEqual(['maps']);
    expect(scorable('segmentation', [turned], alike).shape).toEqual([2, 15, 20, 26]);
  });
});

it('maps with their classes first stay as they are', () => {
  const { graph, shape } = scorable('segmentation', []);
  expect(graph.outputs).toEqual(['maps']);
  expect(shape).toEqual([2, 5, 8, 8]);
});

it('logits may have axes of one place before them', () => {
  const pooled = node('ReduceMean', ['last'], 'y', ints('axes', [1, 2]), int('keepdims', 1));
  expect(scorable('classification', [turned, pooled]).shape).toEqual([2, 5]);
});
