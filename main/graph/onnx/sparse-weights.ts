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

/** 512 MiB: a few bytes can claim any size. */
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
    numbers += elements((one.dims ?? []).map(Number));
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
  const { data } = readTensor(values!, label);
  const places = readTensor(indices ?? {}, label);
  const all = new Float32Array(shape.some((size) => size < 0) ? 0 : elements(shape));
  // A place is one number, or one for each axis.
  const axes = places.shape.length === 2 ? shape : [all.length];
  data.forEach((value, i) => {
    const place = axes.reduce((sum, size, axis) => {
      const index = places.integers[i * axes.length + axis] ?? -1;
      return index >= 0 && index < size ? sum * size + index : Number.NaN;
    }, 0);
    if (!(place < all.length)) throw malformed(name, label);
    all[place] = value;
  });
  return { name, dims: shape, dataType: DataType.FLOAT, rawData: new Uint8Array(all.buffer) };
}

const malformed = (name: string, label: string): WorkbenchError =>
  new WorkbenchError(
    'onnx-malformed',
    `The sparse tensor "${name}" of ${label} has a number outside of its shape.`,
    'The file is damaged. Export it again.',
  );

const tooLarge = (label: string): WorkbenchError =>
  new WorkbenchError(
    'model-too-large',
    `The sparse tensors of ${label} have more than ${mostNumbers} numbers; larger models are not read.`,
    'Score a smaller model.',
  );
