/** Weights of which a file holds only the numbers that are not zero. */
import onnxProto from 'onnx-proto';
import { WorkbenchError } from '../../errors.ts';
import { elements } from '../shape.ts';
import { floatTypes } from './node.ts';
import { readTensor } from './tensor.ts';

type IGraphProto = onnxProto.onnx.IGraphProto;
type ISparseTensorProto = onnxProto.onnx.ISparseTensorProto;
type ITensorProto = onnxProto.onnx.ITensorProto;

const { DataType, DataLocation } = onnxProto.onnx.TensorProto;

const bytesOf: ReadonlyMap<number, number> = new Map([
  [DataType.FLOAT, 4],
  [DataType.DOUBLE, 8],
]);

/** 512 MiB in float32: a few bytes can claim any size. */
const mostNumbers = 2 ** 27;

/**
 * The graph with its sparse weights of floating-point numbers among the others, zeros and all.
 * @throws WorkbenchError `onnx-malformed`, `model-too-large`
 */
export function withDenseWeights(graph: IGraphProto, label: string): IGraphProto {
  const sparse = graph.sparseInitializer ?? [];
  if (sparse.length === 0) return graph;
  const [dense, kept]: [ITensorProto[], ISparseTensorProto[]] = [[], []];
  let numbers = 0;
  for (const one of sparse) {
    if (!isReadable(one)) {
      kept.push(one);
      continue;
    }
    const shape = (one.dims ?? []).map(Number);
    if (shape.some((size) => size < 0)) {
      throw malformed(one.values?.name ?? '', label, 'an impossible shape');
    }
    numbers += elements(shape);
    if (!(numbers <= mostNumbers)) throw tooLarge(label);
    dense.push(denseOf(one, label));
  }
  return {
    ...graph,
    initializer: [...(graph.initializer ?? []), ...dense],
    sparseInitializer: kept,
  };
}

const isReadable = ({ values, indices }: ISparseTensorProto): boolean =>
  floatTypes.has(values?.dataType ?? 0) &&
  [values, indices].every((tensor) => tensor?.dataLocation !== DataLocation.EXTERNAL);

function denseOf({ values, indices, dims }: ISparseTensorProto, label: string): ITensorProto {
  const shape = (dims ?? []).map(Number);
  const name = values!.name ?? '';
  const { shape: given } = readTensor(values!, label);
  const places = readTensor(indices ?? {}, label);
  const count = elements(shape);
  const bits = bitsOf(values!);
  // In their own type, as operators of a stored form take them. Zero has no bit set in any.
  const width = bytesOf.get(values!.dataType ?? 0) ?? 2;
  const all = new Uint8Array(count * width);
  // A place is one number, or one for each axis.
  const axes = places.shape.length === 2 ? shape : [count];
  for (let i = 0; i < elements(given); i++) {
    const place = axes.reduce((sum, size, axis) => {
      const index = places.integers[i * axes.length + axis] ?? -1;
      return index >= 0 && index < size ? sum * size + index : Number.NaN;
    }, 0);
    if (!(place < count)) throw malformed(name, label, 'a number outside of its shape');
    all.set(bits.subarray(i * width, (i + 1) * width), place * width);
  }
  return { name, dims: shape, dataType: values!.dataType ?? null, rawData: all };
}

/** The bytes of a tensor of floating-point numbers, also where the file has its numbers in a field of their type. */
function bitsOf({ dataType, rawData, floatData, doubleData, int32Data }: ITensorProto): Uint8Array {
  if (rawData?.length) return rawData;
  const numbers =
    dataType === DataType.FLOAT
      ? Float32Array.from(floatData ?? [])
      : dataType === DataType.DOUBLE
        ? Float64Array.from(doubleData ?? [])
        : Uint16Array.from(int32Data ?? []);
  return new Uint8Array(numbers.buffer);
}

const malformed = (name: string, label: string, what: string): WorkbenchError =>
  new WorkbenchError(
    'onnx-malformed',
    `The sparse tensor "${name}" of ${label} has ${what}.`,
    'The file is damaged. Export it again.',
  );

const tooLarge = (label: string): WorkbenchError =>
  new WorkbenchError(
    'model-too-large',
    `The sparse tensors of ${label} have more than ${mostNumbers} numbers; larger models are not read.`,
    'Score a smaller model.',
  );
