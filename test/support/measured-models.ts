/** Models that can be run and not scored, or not as they stand: what is measured has to take them. */
import onnxProto from 'onnx-proto';
import {
  DataType,
  encodeForeign,
  floats,
  int,
  integers,
  type ForeignModel,
  type ForeignTensor,
} from './foreign-onnx.ts';

/** Numbers that are not all alike. */
export const ramp = (...shape: number[]) =>
  Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i % 7) - 3);
const bytes = (name: string, dims: number[], values: number[]): ForeignTensor => ({
  name,
  dims,
  dataType: DataType.INT8,
  rawData: new Uint8Array(Int8Array.from(values).buffer),
});
const conv = (weight: string, input = 'x') => ({
  opType: 'Conv',
  name: 'conv',
  input: [input, weight],
  output: ['y'],
});

/** Weights in bytes before a convolution in float32, as quantising nodes have it. */
export const quantised = () =>
  encodeForeign({
    input: [null, 3, 8, 8],
    nodes: [
      { opType: 'DequantizeLinear', name: 'dq', input: ['w', 's', 'z'], output: ['floats'] },
      conv('floats'),
    ],
    initializers: [
      bytes('w', [4, 3, 3, 3], ramp(4, 3, 3, 3)),
      floats('s', [], [0.1]),
      bytes('z', [], [0]),
    ],
  });

/** The same as one operator of integers alone, from and to bytes. */
export const quantisedOperator = () =>
  encodeForeign({
    input: [null, 3, 8, 8],
    nodes: [
      { opType: 'QuantizeLinear', name: 'q', input: ['x', 's', 'z'], output: ['xq'] },
      {
        opType: 'QLinearConv',
        name: 'qconv',
        input: ['xq', 's', 'z', 'w', 's', 'z', 's', 'z'],
        output: ['yq'],
      },
      { opType: 'DequantizeLinear', name: 'dq', input: ['yq', 's', 'z'], output: ['y'] },
    ],
    initializers: [
      bytes('w', [4, 3, 3, 3], ramp(4, 3, 3, 3)),
      floats('s', [], [0.1]),
      bytes('z', [], [0]),
    ],
  });

/** Weights and images in halves. */
export function halves(): Uint8Array {
  const { onnx } = onnxProto;
  const model = onnx.ModelProto.decode(
    encodeForeign({
      input: [null, 3, 8, 8],
      nodes: [conv('w')],
      initializers: [
        {
          ...{ name: 'w', dims: [4, 3, 3, 3], dataType: DataType.FLOAT16 },
          rawData: new Uint8Array(new Uint16Array(108).fill(0x3800).buffer),
        },
      ],
    }),
  );
  model.graph!.input![0]!.type!.tensorType!.elemType = DataType.FLOAT16;
  return onnx.ModelProto.encode(model).finish();
}

/** In training mode, over maps of a single place. */
export const norm = (size: number | null): ForeignModel => ({
  input: [null, 3, size, size],
  nodes: [
    { opType: 'GlobalAveragePool', name: 'pool', input: ['x'], output: ['pooled'] },
    {
      opType: 'BatchNormalization',
      name: 'norm',
      input: ['pooled', 'scale', 'shift', 'mean', 'variance'],
      output: ['y', 'newMean', 'newVariance'],
      attribute: [int('training_mode', 1)],
    },
  ],
  initializers: ['scale', 'shift', 'mean', 'variance'].map((name) => floats(name, [3], [1, 1, 1])),
});

/** What no score knows, around a convolution of open sizes. */
export const unknownOperators = () =>
  encodeForeign({
    input: [null, 3, null, null],
    nodes: [
      conv('w'),
      { opType: 'Shape', name: 'shape', input: ['y'], output: ['size'] },
      { opType: 'NonZero', name: 'found', input: ['y'], output: ['places'] },
      { opType: 'Gather', name: 'count', input: ['size', 'one'], output: ['channels'] },
    ],
    initializers: [floats('w', [4, 3, 3, 3], ramp(4, 3, 3, 3)), integers('one', [1])],
    outputs: ['places', 'channels'],
  });
