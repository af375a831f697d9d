/**
 * A model as its file has it, for whoever only runs it: nothing of its arithmetic is understood, so it may be
 * quantised, in half precision or of operators that no score knows.
 */
import onnxProto from 'onnx-proto';
import { WorkbenchError } from '../../errors.ts';
import { elements } from '../shape.ts';
import { isChannelsLast } from './channels-first.ts';
import { decodeModel } from './decode.ts';
import type { ExternalData, IModelProto, INodeProto } from './tensor.ts';

type IGraphProto = onnxProto.onnx.IGraphProto;
type ITensorProto = onnxProto.onnx.ITensorProto;

const { onnx } = onnxProto;
const { DataType, DataLocation } = onnx.TensorProto;

/** As onnxruntime calls the types of numbers. */
const typeNames = {
  [DataType.FLOAT]: 'float32',
  [DataType.FLOAT16]: 'float16',
  [DataType.DOUBLE]: 'float64',
  [DataType.INT64]: 'int64',
  [DataType.INT32]: 'int32',
  [DataType.INT8]: 'int8',
  [DataType.UINT8]: 'uint8',
  [DataType.BOOL]: 'bool',
} as const;
export type StoredType = (typeof typeNames)[keyof typeof typeNames];

export interface StoredInput {
  readonly name: string;
  readonly type: StoredType;
  readonly shape: readonly number[];
}

export interface StoredModel {
  readonly name: string;
  /** For one image of a known size, with its weights inside. */
  readonly bytes: Uint8Array;
  readonly inputs: readonly StoredInput[];
  /** Numbers that are stored, except the integers that shapes are computed from. */
  readonly parameters: number;
  /** What most of them are stored as. */
  readonly precision: StoredPrecision;
}
export type StoredPrecision = 'int8' | 'float16' | 'float32';

/** Bytes of a number, for weights that lie in another file. */
const bytesOf: Readonly<Record<number, number>> = {
  ...{ [DataType.FLOAT]: 4, [DataType.DOUBLE]: 8, [DataType.INT64]: 8, [DataType.INT32]: 4 },
  ...{ [DataType.FLOAT16]: 2, [DataType.BFLOAT16]: 2, [DataType.INT16]: 2, [DataType.UINT16]: 2 },
  ...{ [DataType.INT8]: 1, [DataType.UINT8]: 1, [DataType.BOOL]: 1 },
};

/** What the weights of a file are: int8 in both forms of quantised models, with quantising nodes or operators. */
export function storedPrecision({ graph }: IModelProto): StoredPrecision {
  const counts = { int8: 0, float16: 0, float32: 0 };
  for (const { dataType, dims } of graph?.initializer ?? []) {
    const count = elements((dims ?? []).map(Number));
    if (dataType === DataType.INT8 || dataType === DataType.UINT8) counts.int8 += count;
    else if (dataType === DataType.FLOAT16) counts.float16 += count;
    else if (dataType !== DataType.INT64 && dataType !== DataType.INT32) counts.float32 += count;
  }
  const most = Math.max(...Object.values(counts));
  return (['float32', 'int8', 'float16'] as const).find((kind) => counts[kind] === most)!;
}

export interface StoredOptions {
  /** Height and width, where the file leaves them open. */
  readonly size: readonly [number, number] | null;
  readonly external?: ExternalData;
}

/**
 * One image, inference form as far as the file says (normalisation and dropout in training mode are switched), and
 * what else is open filled with 1.
 * @throws WorkbenchError `not-onnx`, `size-open`, `shape-mismatch` where it takes several images, `unsupported-tensor`
 *   where an input is no number
 */
export function storedModel(bytes: Uint8Array, label: string, options: StoredOptions): StoredModel {
  const model = decodeModel(bytes, label);
  const graph = model.graph!;
  const weights = graph.initializer ?? [];
  const stored = new Set(weights.map(({ name }) => name));
  let changed = false;
  const inputs = (graph.input ?? [])
    .filter(({ name }) => !stored.has(name))
    .map((input): StoredInput => {
      const tensor = input.type?.tensorType;
      const type = typeNames[tensor?.elemType as keyof typeof typeNames] as StoredType | undefined;
      const name = input.name ?? '';
      if (!tensor || !type) throw noNumbers(label, name);
      const written = (tensor.shape?.dim ?? []).map((dim) => Number(dim.dimValue ?? 0));
      const shape = settled(written, label, options.size);
      if (shape.join() !== written.join()) {
        changed = true;
        tensor.shape = { dim: shape.map((dimValue) => ({ dimValue })) };
      }
      return { name, type, shape };
    });
  for (const tensor of tensorsOf(graph)) {
    if (tensor.dataLocation !== DataLocation.EXTERNAL) continue;
    changed = true;
    const entries = new Map((tensor.externalData ?? []).map(({ key, value }) => [key, value]));
    const length = elements((tensor.dims ?? []).map(Number)) * (bytesOf[tensor.dataType ?? 0] ?? 1);
    const offset = Number(entries.get('offset') ?? 0);
    tensor.rawData = options.external?.(entries.get('location') ?? '', offset, length) ?? null;
    tensor.dataLocation = DataLocation.DEFAULT;
    tensor.externalData = [];
  }
  for (const node of graph.node ?? []) if (switchedToInference(node)) changed = true;
  // Shapes of the values in between may speak of other sizes.
  if (changed) graph.valueInfo = [];
  return {
    name: graph.name?.trim() ? graph.name : 'network',
    bytes: changed ? onnx.ModelProto.encode(model).finish() : bytes,
    inputs,
    parameters: weights
      .filter(({ dataType }) => dataType !== DataType.INT64)
      .reduce((sum, { dims }) => sum + elements((dims ?? []).map(Number)), 0),
    precision: storedPrecision(model),
  };
}

/** All that a graph holds: initialisers, those of its branches, and what nodes carry as attributes. */
function tensorsOf({ initializer, node }: IGraphProto): readonly ITensorProto[] {
  const attributes = (node ?? []).flatMap(({ attribute }) => attribute ?? []);
  return [
    ...(initializer ?? []),
    ...attributes.flatMap(({ t, g }) => [...(t ? [t] : []), ...(g ? tensorsOf(g) : [])]),
  ];
}

/** The sizes of an input for one image: pictures by the size asked for, what else is open by 1. */
function settled(
  written: readonly number[],
  label: string,
  size: StoredOptions['size'],
): readonly number[] {
  const picture = written.length === 4;
  if (picture && written[0]! > 1) {
    throw new WorkbenchError(
      'shape-mismatch',
      `${label} takes ${written[0]} images at once, and a latency is that of one.`,
      'Export the model with a batch size of 1 or an open one.',
    );
  }
  // Of images with their channels last, as of those with them first, height and width are beside each other.
  const height = isChannelsLast(written) ? 1 : 2;
  return written.map((length, axis) => {
    if (length > 0) return length;
    const place = axis - height;
    if (!picture || place < 0 || place > 1) return picture && axis > 0 ? 3 : 1;
    if (size) return size[place]!;
    throw new WorkbenchError(
      'size-open',
      `${label} leaves the size of its image open.`,
      'Name the size to measure with.',
    );
  });
}

/** @returns whether the node was in training mode */
function switchedToInference(node: INodeProto): boolean {
  const mode = node.attribute?.find(({ name }) => name === 'training_mode');
  if (node.opType !== 'BatchNormalization' || Number(mode?.i ?? 0) !== 1) return false;
  node.attribute = node.attribute!.filter((attribute) => attribute !== mode);
  node.output = (node.output ?? []).slice(0, 1);
  return true;
}

function noNumbers(label: string, input: string): WorkbenchError {
  return new WorkbenchError(
    'unsupported-tensor',
    `The input "${input}" of ${label} is not a tensor of numbers.`,
    'Measure the part of the model that takes pictures.',
  );
}
