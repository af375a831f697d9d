/**
 * Collects ONNX nodes and constants and encodes them as a model. Exports write a network's own nodes
 * through it; the onnxruntime engine writes the scoring graph through it.
 */
import onnxProto from 'onnx-proto';
import { elements, type Shape } from '../shape.ts';

const { onnx } = onnxProto;

export type AttributeValue =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly string: string };

/** Halves are given as their bits. */
type Numbers = Int8Array | Uint8Array | Int32Array | Uint16Array;
type ConstantData = Float32Array | BigInt64Array | Numbers;

interface Constant {
  readonly shape: Shape;
  readonly data: ConstantData;
}

/** A size that is open has a name, by which equal ones are known; null is the number of images. */
type WrittenShape = readonly (number | string | null)[];

interface ValueInfo {
  readonly name: string;
  readonly shape: WrittenShape;
  readonly type: 'float32' | 'float64' | 'int32' | 'int64';
}

const elementTypes = {
  float32: 'FLOAT',
  float64: 'DOUBLE',
  int32: 'INT32',
  int64: 'INT64',
} as const;

export interface WrittenNode {
  readonly opType: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** The newest opset in which reductions still take their axes as an attribute, which onnxruntime fuses best. */
export const writtenOpset = 17;
/** The producer's name in files. */
export const producer = 'zico-workbench';

export class OnnxBuilder {
  private readonly nodes: WrittenNode[] = [];
  private readonly constants = new Map<string, Constant>();
  private readonly inputs: ValueInfo[] = [];
  private readonly outputs: ValueInfo[] = [];
  private nextId = 0;

  /** A value name that no node of the network uses. */
  fresh(): string {
    return `:${this.nextId++}`;
  }

  input(name: string, shape: WrittenShape, type: ValueInfo['type']): void {
    this.inputs.push({ name, shape, type });
  }

  output(name: string, shape: WrittenShape, type: ValueInfo['type']): void {
    this.outputs.push({ name, shape, type });
  }

  has(name: string): boolean {
    return this.constants.has(name);
  }

  /** Adds a float constant under its name; the same name is added once. */
  floats(name: string, shape: Shape, make: () => Float32Array): string {
    if (!this.constants.has(name)) {
      const data = make();
      if (data.length !== elements(shape)) {
        throw new RangeError(`constant ${name}: ${data.length} values for ${shape.join(' x ')}`);
      }
      this.constants.set(name, { shape, data });
    }
    return name;
  }

  /** Adds a constant of another type under its name; the same name is added once. */
  numbers(name: string, shape: Shape, data: Numbers): string {
    if (!this.constants.has(name)) this.constants.set(name, { shape, data });
    return name;
  }

  scalar(value: number): string {
    return this.floats(`:f${value}`, [], () => Float32Array.of(value));
  }

  /** An int64 constant; one-dimensional unless a shape is given. */
  integers(values: readonly number[], shape: Shape = [values.length]): string {
    const name = `:i${shape.join('x')}:${values.join('_')}`;
    if (!this.constants.has(name)) {
      this.constants.set(name, {
        shape,
        data: BigInt64Array.from(values, (value) => BigInt(value)),
      });
    }
    return name;
  }

  /** Appends a node whose outputs are named by the caller. */
  node(
    opType: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: WrittenNode['attributes'] = {},
    name = `${opType}${outputs[0] ?? ''}`,
  ): void {
    this.nodes.push({ opType, name, inputs, outputs, attributes });
  }

  /** Appends a node with one fresh output and returns it. */
  op(
    opType: string,
    inputs: readonly string[],
    attributes: WrittenNode['attributes'] = {},
    output = this.fresh(),
  ): string {
    this.node(opType, inputs, [output], attributes);
    return output;
  }

  reshape(value: string, shape: Shape, output?: string): string {
    return this.op('Reshape', [value, this.integers(shape)], {}, output);
  }

  transpose(value: string, permutation: readonly number[]): string {
    return this.op('Transpose', [value], { perm: { ints: permutation } });
  }

  slice(
    value: string,
    range: {
      readonly axes: readonly number[];
      readonly starts: readonly number[];
      readonly ends: readonly number[];
      /** One where absent. */
      readonly steps?: readonly number[];
    },
    output?: string,
  ): string {
    const { starts, ends, axes, steps } = range;
    const bounds = [starts, ends, axes, ...(steps ? [steps] : [])].map((list) =>
      this.integers(list),
    );
    return this.op('Slice', [value, ...bounds], {}, output);
  }

  cast(value: string, type: 'float' | 'double', output?: string): string {
    const { DataType } = onnx.TensorProto;
    const to = { int: type === 'float' ? DataType.FLOAT : DataType.DOUBLE };
    return this.op('Cast', [value], { to }, output);
  }

  /** Zero padding: first all the begins, then all the ends. */
  pad(value: string, pads: readonly number[], output?: string): string {
    return this.op('Pad', [value, this.integers(pads)], {}, output);
  }

  /** ReduceSum takes its axes as an input since opset 13, the other reductions only since 18. */
  reduce(
    opType: 'ReduceMean' | 'ReduceSum' | 'ReduceSumSquare' | 'ReduceMax' | 'ReduceMin',
    value: string,
    axes: readonly number[],
    keepDims: boolean,
    output?: string,
  ): string {
    const keepdims = { int: keepDims ? 1 : 0 };
    return opType === 'ReduceSum'
      ? this.op(
          opType,
          axes.length > 0 ? [value, this.integers(axes)] : [value],
          { keepdims },
          output,
        )
      : this.op(
          opType,
          [value],
          { keepdims, ...(axes.length > 0 && { axes: { ints: axes } }) },
          output,
        );
  }

  get nodeCount(): number {
    return this.nodes.length;
  }

  /** The model as protobuf bytes. */
  encode(graphName: string, producerVersion: string): Uint8Array {
    const { DataType } = onnx.TensorProto;
    const info = (value: ValueInfo) => ({
      name: value.name,
      type: {
        tensorType: {
          elemType: DataType[elementTypes[value.type]],
          shape: {
            dim: value.shape.map((size) =>
              typeof size === 'number' ? { dimValue: size } : { dimParam: size ?? 'N' },
            ),
          },
        },
      },
    });
    const model = onnx.ModelProto.fromObject({
      irVersion: 8,
      producerName: producer,
      producerVersion,
      opsetImport: [{ domain: '', version: writtenOpset }],
    });
    model.graph = onnx.GraphProto.create({
      name: graphName,
      node: this.nodes.map(encodeNode),
      // Built without fromObject, which would copy every weight again.
      initializer: [...this.constants].map(([name, { shape, data }]) =>
        onnx.TensorProto.create({
          name,
          dims: [...shape],
          dataType: DataType[typeOf(data)],
          rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
        }),
      ),
      input: this.inputs.map(info),
      output: this.outputs.map(info),
    });
    return onnx.ModelProto.encode(model).finish();
  }
}

function typeOf(data: ConstantData): 'FLOAT' | 'INT64' | 'INT8' | 'UINT8' | 'INT32' | 'FLOAT16' {
  if (data instanceof Float32Array) return 'FLOAT';
  if (data instanceof BigInt64Array) return 'INT64';
  if (data instanceof Int8Array) return 'INT8';
  if (data instanceof Uint8Array) return 'UINT8';
  return data instanceof Int32Array ? 'INT32' : 'FLOAT16';
}

function encodeNode(node: WrittenNode) {
  const { AttributeType } = onnx.AttributeProto;
  return {
    name: node.name,
    opType: node.opType,
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: Object.entries(node.attributes).map(([name, value]) => {
      if ('int' in value) return { name, type: AttributeType.INT, i: value.int };
      if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float };
      if ('string' in value) {
        return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value.string) };
      }
      return { name, type: AttributeType.INTS, ints: [...value.ints] };
    }),
  };
}
