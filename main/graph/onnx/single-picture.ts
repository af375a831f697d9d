/**
 * Detectors as torchvision exports them take a single picture, which they normalise, resize and pad before they make a
 * batch of it. A network of batches begins behind that, with what its first convolutions read.
 */
import onnxProto from 'onnx-proto';
import type { Shape } from '../shape.ts';
import { partLeadingTo } from './chosen-part.ts';
import { inOrder, readBy } from './node-order.ts';

type IGraphProto = onnxProto.onnx.IGraphProto;

/** The picture of a network that takes one without an axis that counts. */
export interface SinglePicture {
  readonly name: string;
  readonly shape: Shape;
}

/** Null where the only input is no single picture of a known size. */
export function singlePictureOf(graph: IGraphProto): SinglePicture | null {
  const stored = new Set((graph.initializer ?? []).map(({ name }) => name));
  const [only, ...others] = (graph.input ?? []).filter(({ name }) => !stored.has(name));
  const tensor = only?.type?.tensorType;
  if (!only || others.length > 0 || tensor?.elemType !== onnxProto.onnx.TensorProto.DataType.FLOAT)
    return null;
  const shape = (tensor.shape?.dim ?? []).map(({ dimValue }) => Number(dimValue ?? 0));
  const isPicture = shape.length === 3 && shape.every((size) => size > 0);
  return isPicture ? { name: only.name ?? '', shape } : null;
}

/** What a picture becomes before the first convolutions; null where they do not all read the same. */
export function batchMadeOf(graph: IGraphProto, { name }: SinglePicture): string | null {
  const before = new Set([name]);
  const batches = new Set<string>();
  for (const node of inOrder(graph.node ?? [])) {
    const reads = readBy(node).filter((value) => before.has(value));
    if (reads.length === 0) continue;
    if (node.opType === 'Conv') batches.add(reads[0]!);
    else for (const output of node.output ?? []) before.add(output);
  }
  const [batch, ...others] = batches;
  return batch !== undefined && batch !== name && others.length === 0 ? batch : null;
}

/**
 * The network from the batch on, which becomes its input.
 * @param shape of the batch of one picture
 * @param outputs values of which what leads to them is wanted
 */
export function fromBatchOn(
  graph: IGraphProto,
  batch: string,
  [, ...sizes]: Shape,
  outputs: readonly string[],
): IGraphProto {
  const dim = [{ dimParam: 'N' }, ...sizes.map((dimValue) => ({ dimValue }))];
  const elemType = onnxProto.onnx.TensorProto.DataType.FLOAT;
  const input = [{ name: batch, type: { tensorType: { elemType, shape: { dim } } } }];
  const node = (graph.node ?? []).filter(({ output }) => !output?.includes(batch));
  return partLeadingTo({ ...graph, node, input }, outputs);
}
