import { describe, expect, it } from 'vitest';
import type { Graph } from '../../../main/graph/graph.ts';
import { inferShapes } from '../../../main/graph/infer-shapes.ts';
import { formatShape, broadcast } from '../../../main/graph/shape.ts';
import { sameConv, Sketch } from '../../support/sketch.ts';

const gemm = { alpha: 1, beta: 1, transA: false, transB: false };
const pool = {
  kernel: [9, 9],
  strides: [1, 1],
  pads: [0, 0, 0, 0],
  dilations: [1, 1],
  ceilMode: false,
  countIncludePad: false,
} as const;

describe('shapes that do not fit are refused with the node and the shapes', () => {
  it.each<[string, (s: Sketch) => string, RegExp]>([
    [
      'channels of a convolution',
      (s) => s.node('Conv', ['image', s.weights('w', [4, 2, 1, 1])], sameConv),
      /Conv node "Conv0" got 2 x 3 x 5 x 6 and 4 x 2 x 1 x 1: channels do not fit 1 group/,
    ],
    [
      'channels and groups',
      (s) => s.node('Conv', ['image', s.weights('w', [4, 1, 1, 1])], { ...sameConv, group: 3 }),
      /do not fit 3 group/,
    ],
    [
      'a kernel larger than the image',
      (s) => s.node('Conv', ['image', s.weights('w', [1, 3, 6, 1])], sameConv),
      /kernel is larger/,
    ],
    [
      'the bias of a convolution',
      (s) => s.node('Conv', ['image', s.weights('w', [4, 3, 1, 1]), s.weights('b', [3])], sameConv),
      /bias/,
    ],
    [
      'a transposed convolution of which output padding alone is left',
      (s) =>
        s.node('ConvTranspose', ['image', s.weights('w', [3, 4, 1, 1])], {
          ...sameConv,
          strides: [2, 2],
          pads: [5, 0, 4, 0],
          outputPadding: [1, 0],
        }),
      /leaves nothing of the image/,
    ],
    ['a pool larger than the image', (s) => s.node('AveragePool', ['image'], pool), /larger/],
    [
      'a sum',
      (s) => s.node('Add', ['image', s.weights('w', [4, 1, 1])], {}),
      /Add node "Add0" got 2 x 3 x 5 x 6 and 4 x 1 x 1/,
    ],
    [
      'a matrix product',
      (s) => {
        const flat = s.node('Flatten', ['image'], { axis: 1 });
        return s.node('Gemm', [flat, s.weights('w', [89, 4])], gemm);
      },
      /90 and 89 do not match/,
    ],
    [
      'the bias of a matrix product',
      (s) => {
        const flat = s.node('Flatten', ['image'], { axis: 1 });
        return s.node('Gemm', [flat, s.weights('w', [90, 4]), s.weights('b', [3])], gemm);
      },
      /bias/,
    ],
    [
      'a matrix product of images',
      (s) => s.node('Gemm', ['image', s.weights('w', [6, 4])], gemm),
      /two matrices/,
    ],
    ['a Reshape', (s) => s.node('Reshape', ['image'], { shape: [7, -1] }), /cannot become 7 x -1/],
    ['two free sizes', (s) => s.node('Reshape', ['image'], { shape: [-1, -1] }), /cannot become/],
    ['an axis', (s) => s.node('Flatten', ['image'], { axis: 5 }), /axis 5/],
    [
      'axes of a mean',
      (s) => s.node('ReduceMean', ['image'], { axes: [4], keepDims: true }),
      /axes 4/,
    ],
    [
      'the same axis twice',
      (s) => s.node('ReduceMean', ['image'], { axes: [1, -3], keepDims: true }),
      /axes 1, -3/,
    ],
    ['the number of pads', (s) => s.node('Pad', ['image'], { pads: [1, 1] }), /2 pads/],
    [
      'cropping everything',
      (s) => s.node('Pad', ['image'], { pads: [0, 0, -3, 0, 0, 0, -2, 0] }),
      /nothing is left/,
    ],
    [
      'statistics of a normalisation',
      (s) => {
        const perChannel = ['a', 'b', 'c', 'd'].map((name) => s.weights(name, [2]));
        const attributes = { epsilon: 1e-5, training: false };
        return s.node('BatchNormalization', ['image', ...perChannel], attributes);
      },
      /one value a channel/,
    ],
    [
      'a single value a channel in training mode',
      (s) => s.norm('n', s.node('Reshape', ['image'], { shape: [1, 180] })),
      /more than one value/,
    ],
  ])('%s', (_name, build, message) => {
    const sketch = new Sketch(2, [3, 5, 6]);
    const refuse = () => inferShapes(sketch.graph([build(sketch)]), 2);
    expect(refuse).toThrow(message);
    expect(refuse).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
  });
});

describe('a graph whose values do not come about', () => {
  const relu = (name: string, input: string, output: string) =>
    ({ kind: 'Relu', name, inputs: [input], outputs: [output], attributes: {} }) as const;
  const graph = (nodes: Graph['nodes'], output: string): Graph => ({
    name: 'odd',
    inputs: [{ name: 'image', shape: [null, 3, 4, 4], type: 'float32' }],
    outputs: [output],
    nodes,
    initializers: new Map(),
  });

  it('is malformed where a node reads what nothing makes', () => {
    expect(() => inferShapes(graph([relu('r', 'nowhere', 'y')], 'y'), 1)).toThrow(
      expect.objectContaining({
        code: 'graph-malformed',
        message: 'Relu node "r" reads "nowhere", which no node before it produces.',
      }),
    );
  });

  it('is malformed where nodes go in a circle', () => {
    const circle = [relu('a', 'y', 'x'), relu('b', 'x', 'y')];
    expect(() => inferShapes(graph(circle, 'y'), 1)).toThrow(
      expect.objectContaining({ code: 'graph-malformed' }),
    );
  });

  it('is malformed where no node makes its output', () => {
    expect(() => inferShapes(graph([relu('r', 'image', 'x')], 'y'), 1)).toThrow(
      expect.objectContaining({
        code: 'graph-malformed',
        message: expect.stringContaining('"y"') as string,
      }),
    );
  });
});

describe('shapes', () => {
  it('are written as people write them', () => {
    expect([formatShape([null, 3, 32, 32]), formatShape([])]).toEqual([
      'N x 3 x 32 x 32',
      'scalar',
    ]);
  });

  it('broadcast as in NumPy, and null says where they do not', () => {
    expect(broadcast([3, 1], [2, 1, 4])).toEqual([2, 3, 4]);
    expect(broadcast([], [2])).toEqual([2]);
    expect(broadcast([3], [2])).toBeNull();
    expect(broadcast([0], [1])).toEqual([0]);
  });
});
