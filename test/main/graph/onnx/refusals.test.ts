/** What is refused by name before a node is read, since what surrounds it would be refused first. */
import { describe, expect, it } from 'vitest';
import { readOnnx } from '../../../../main/graph/onnx/read.ts';
import { encodeForeign, text } from '../../../support/foreign-onnx.ts';

const behind = (opType: string) =>
  encodeForeign({
    nodes: [
      { opType: 'NonMaxSuppression', name: 'nms', input: ['x'], output: ['chosen'] },
      { opType, name: 'second', input: ['x', 'chosen'], output: ['y'] },
    ],
  });

it('says of a TensorFlow Lite file what it is', () => {
  const bytes = new Uint8Array([28, 0, 0, 0, ...new TextEncoder().encode('TFL3'), 20, 0, 32]);
  expect(() => readOnnx(bytes, 'm.tflite')).toThrow(
    expect.objectContaining({
      code: 'not-onnx',
      message: 'm.tflite is a TensorFlow Lite model, and not an ONNX model.',
      hint: expect.stringContaining('the runner tflite-cpu') as string,
    }),
  );
});

describe('networks of which no score knows the whole', () => {
  it.each([
    ['RoiAlign', /two-stage detector \(RoiAlign node "second"\)/, /name a map of its backbone/],
    ['MaxRoiPool', /two-stage detector/, /backbone/],
    ['LSTM', /has an LSTM \(node "second"\)/, /image part/],
    ['Loop', /has a loop/, /image part/],
    ['StatelessRandomUniformV2', /operator of TensorFlow, not of ONNX/, /training=False/],
    [
      'StatefulPartitionedCall',
      /\(node "second"\) is an operator of TensorFlow/,
      /DepthwiseConv2D/,
    ],
    [
      'Relu',
      /NonMaxSuppression node "nms" chooses places .* and is not read\./,
      /^To score it, .* a map inside/,
    ],
  ])('are called what they are: %s', (opType, message, hint) => {
    expect(() => readOnnx(behind(opType), 'm.onnx')).toThrow(
      expect.objectContaining({
        code: 'unsupported-operator',
        message: expect.stringMatching(message) as string,
        hint: expect.stringMatching(hint) as string,
      }),
    );
  });

  it.each([
    ['mode=cubic', [text('mode', 'cubic')]],
    ['padding_mode=wrap', [text('padding_mode', 'wrap')]],
  ])('name how values are taken at computed places: %s', (what, attribute) => {
    const nodes = [
      { opType: 'GridSample', name: 'sample', input: ['x', 'x'], output: ['y'], attribute },
    ];
    expect(() => readOnnx(encodeForeign({ nodes, opset: 20 }), 'm.onnx')).toThrow(
      `GridSample node "sample" uses ${what}, which is not supported.`,
    );
  });

  it('can be read up to a value before that', () => {
    const graph = readOnnx(
      encodeForeign({
        nodes: [
          { opType: 'Relu', name: 'relu', input: ['x'], output: ['map'] },
          { opType: 'RoiAlign', name: 'roi', input: ['map', 'x', 'x'], output: ['y'] },
        ],
      }),
      'm.onnx',
      { outputs: ['map'] },
    );
    expect(graph.outputs).toEqual(['map']);
  });
});
