import onnxProto from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import { decodeModel } from '../../../../main/graph/onnx/decode.ts';
import { readOnnx } from '../../../../main/graph/onnx/read.ts';
import { materialise } from '../../../../main/graph/weights.ts';
import { encodeForeign, floats, integers } from '../../../support/foreign-onnx.ts';

const { ModelProto } = onnxProto.onnx;

/** A product with a weight of which the file holds three numbers. */
function modelWith(indices: number[], dims: number[], shape: number[] = [192, 2]): Uint8Array {
  const nodes = [
    { opType: 'Flatten', input: ['x'], output: ['flat'] },
    { opType: 'MatMul', input: ['flat', 'w'], output: ['y'] },
  ];
  const model = ModelProto.decode(encodeForeign({ nodes }));
  const values = floats('w', [3], [1, 2, 3]);
  model.graph!.sparseInitializer = [{ values, indices: integers('', indices, dims), dims: shape }];
  return ModelProto.encode(model).finish();
}

describe('sparse weights', () => {
  it.each([
    ['counted through', [0, 3, 383], [3]],
    ['by axis', [0, 0, 1, 1, 191, 1], [3, 2]],
  ])('are weights with zeros, their places %s', (_how, indices, dims) => {
    const { initializers } = readOnnx(modelWith(indices, dims), 'model');
    const { shape, values } = initializers.get('w')!;
    expect(shape).toEqual([192, 2]);
    const data = materialise({ shape, values });
    expect([data[0], data[3], data[383]]).toEqual([1, 2, 3]);
    expect(data.filter((value) => value !== 0)).toHaveLength(3);
  });

  it.each([
    ['float16', [10, 0x3c00, 0x4000, 0x4200], 2],
    ['float64', [11, 1, 2, 3], 8],
  ])('stay of their type, as operators of a stored form take them: %s', (_type, given, width) => {
    const [dataType, ...numbers] = given as [number, ...number[]];
    const sparse = ModelProto.decode(modelWith([0, 3, 383], [3]));
    const typed = dataType === 10 ? { int32Data: numbers } : { doubleData: numbers };
    sparse.graph!.sparseInitializer![0]!.values = { name: 'w', dims: [3], dataType, ...typed };
    const bytes = ModelProto.encode(sparse).finish();
    const dense = decodeModel(bytes, 'model').graph!.initializer!.find(({ name }) => name === 'w')!;
    expect([dense.dataType, dense.rawData!.length]).toEqual([dataType, 384 * width]);
    const data = materialise(readOnnx(bytes, 'model').initializers.get('w')!);
    expect([data[0], data[1], data[3], data[383]]).toEqual([1, 0, 2, 3]);
  });

  it('of an impossible shape make no room for others', () => {
    const model = ModelProto.decode(modelWith([0, 3, 4], [3], [-(2 ** 40), 1]));
    const [first] = model.graph!.sparseInitializer!;
    const huge = { ...first!, dims: [2 ** 20, 2 ** 10] };
    const indices = integers('', [], [0]);
    const values = floats('v', [0], []);
    const empty = { values, indices, dims: [-(2 ** 40), 1] };
    model.graph!.sparseInitializer = [empty, huge];
    expect(() => readOnnx(ModelProto.encode(model).finish(), 'model')).toThrow(
      'The sparse tensor "v" of model has an impossible shape.',
    );
  });

  it.each([
    ['a place outside', [0, 3, 384], [3], undefined, 'onnx-malformed'],
    ['a place outside of an axis', [0, 0, 1, 2, 191, 1], [3, 2], undefined, 'onnx-malformed'],
    ['a missing place', [0, 3], [2], undefined, 'onnx-malformed'],
    ['an impossible shape', [0, 3, 4], [3], [-1, 2], 'onnx-malformed'],
    ['a shape beyond memory', [0, 3, 4], [3], [2 ** 20, 2 ** 20], 'model-too-large'],
  ])('with %s are refused', (_what, indices, dims, shape, code) => {
    expect(() => readOnnx(modelWith(indices, dims, shape), 'model')).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
