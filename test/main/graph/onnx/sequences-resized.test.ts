/** Resize of sequences, as networks have it that fit their tables of relative positions to an image (SAM); values are PyTorch's. */
import { expect, it } from 'vitest';
import { readOnnx } from '../../../../main/graph/onnx/read.ts';
import {
  foreignNode as node,
  encodeForeign,
  floats,
  integers,
  text,
  type ForeignTensor,
} from '../../../support/foreign-onnx.ts';
import { runDeployable } from '../../../support/run-onnx.ts';

const half = text('coordinate_transformation_mode', 'half_pixel');

it.each<[string, string, string[], ForeignTensor, number[]]>([
  [
    'linear, to a size',
    'linear',
    ['list', '', '', 'to'],
    integers('to', [1, 1, 4]),
    [0, 0.75, 2.25, 3],
  ],
  [
    'nearest, by a factor',
    'nearest',
    ['list', '', 'to'],
    floats('to', [3], [1, 1, 2]),
    [0, 0, 3, 3],
  ],
  [
    'cubic, to a size',
    'cubic',
    ['list', '', '', 'to'],
    integers('to', [1, 1, 4]),
    [-0.31640625, 0.6796875, 2.3203125, 3.31640625],
  ],
])('%s', async (_name, mode, inputs, to, wanted) => {
  const graph = readOnnx(
    encodeForeign({
      nodes: [
        node('Reshape', ['x', 'sizes'], 'list'),
        node('Resize', inputs, 'y', half, text('mode', mode)),
      ],
      initializers: [integers('sizes', [1, 1, 2]), to],
      input: [1, 1, 1, 2],
      opset: 17,
    }),
    'm.onnx',
    { batchSize: 1 },
  );
  const { data } = await runDeployable(graph, 1, Float32Array.of(0, 3));
  expect([...data].map((value) => Math.round(value * 1e5) / 1e5)).toEqual(
    wanted.map((value) => Math.round(value * 1e5) / 1e5),
  );
});
