/** ONNX models as other programs write them, well-formed or not, made directly with the protobuf classes. */
import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;
export const { DataType, DataLocation } = onnx.TensorProto;
export const { AttributeType } = onnx.AttributeProto;

export type ForeignNode = onnxProto.onnx.INodeProto;
export type ForeignTensor = onnxProto.onnx.ITensorProto;
export type ForeignAttribute = onnxProto.onnx.IAttributeProto;

/** A node of one output, by which it is named. */
export const foreignNode = (
  opType: string,
  input: string[],
  output: string,
  ...attribute: ForeignAttribute[]
): ForeignNode => ({ opType, name: output, input, output: [output], attribute });

export const int = (name: string, i: number): ForeignAttribute => ({
  name,
  type: AttributeType.INT,
  i,
});
export const ints = (name: string, values: number[]): ForeignAttribute => ({
  name,
  type: AttributeType.INTS,
  ints: values,
});
export const text = (name: string, value: string): ForeignAttribute => ({
  name,
  type: AttributeType.STRING,
  s: new TextEncoder().encode(value),
});

export const floats = (name: string, dims: number[], values: number[]): ForeignTensor => ({
  name,
  dims,
  dataType: DataType.FLOAT,
  rawData: new Uint8Array(Float32Array.from(values).buffer),
});
/** @param dims one axis unless stated */
export const integers = (
  name: string,
  values: number[],
  dims: number[] = [values.length],
): ForeignTensor => ({
  name,
  dims,
  dataType: DataType.INT64,
  rawData: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
});

export interface ForeignModel {
  readonly nodes: readonly ForeignNode[];
  readonly initializers?: readonly ForeignTensor[];
  /** Shape of the input `x`; null stands for a dynamic size. */
  readonly input?: readonly (number | null)[];
  /** Further inputs after `x`. */
  readonly moreInputs?: readonly {
    readonly name: string;
    readonly shape: readonly (number | null)[];
    readonly elemType?: number;
  }[];
  readonly output?: string;
  /** Names of the outputs, if there is not just one. */
  readonly outputs?: readonly string[];
  readonly opset?: number;
}

/** A model from `x` (float32) to the last node's first output. */
export function encodeForeign(model: ForeignModel): Uint8Array {
  const { nodes, initializers = [], input = [null, 3, 8, 8], opset = 15 } = model;
  const output = model.output ?? nodes.at(-1)?.output?.[0] ?? '';
  const inputOf = (name: string, shape: readonly (number | null)[], elemType = DataType.FLOAT) => {
    const dim = shape.map((size) => (size === null ? { dimParam: 'N' } : { dimValue: size }));
    return { name, type: { tensorType: { elemType, shape: { dim } } } };
  };
  const more = (model.moreInputs ?? []).map(({ name, shape, elemType }) =>
    inputOf(name, shape, elemType),
  );
  const created = onnx.ModelProto.fromObject({
    irVersion: 8,
    opsetImport: [{ domain: '', version: opset }],
  });
  created.graph = onnx.GraphProto.create({
    name: 'foreign',
    node: [...nodes],
    initializer: [...initializers],
    input: [inputOf('x', input), ...more],
    output: (model.outputs ?? [output]).map((name) => ({ name })),
  });
  return onnx.ModelProto.encode(created).finish();
}
