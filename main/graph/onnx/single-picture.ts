/**
 * Detectors as torchvision exports them take a single picture, which they normalise, resize and pad before they make a
 * batch of it. A network of batches begins behind that, with what its first convolutions read.
 */
import onnxProto from 'onnx-proto';
import type { Shape } from '../shape.ts';
import { countsChannels } from './channels-first.ts';
import { partLeadingTo } from './chosen-part.ts';
import { inOrder, readBy } from './node-order.ts';

type IGraphProto = onnxProto.onnx.IGraphProto;
type INodeProto = onnxProto.onnx.INodeProto;

/** The picture of a network that takes one without an axis that counts, or the batch that it makes of it. */
export interface SinglePicture {
  readonly name: string;
  readonly shape: Shape;
}

/** Pictures are larger in both directions. */
const leastSize = 16;

/** Whether sizes are those of a picture without an axis that counts pictures. */
export function isOnePicture(sizes: Shape): boolean {
  const [first = 0, , last = 0] = sizes;
  // A first axis of 1 counts: signals and tokens have one.
  const inFront = first > 1 && countsChannels(first);
  const place = inFront ? sizes.slice(1) : sizes.slice(0, 2);
  const hasChannels = sizes.length === 3 && (inFront || countsChannels(last));
  return hasChannels && place.every((size) => size >= leastSize);
}

/** Null where the only input is no single picture of a known size. */
export function singlePictureOf(graph: IGraphProto): SinglePicture | null {
  const stored = new Set((graph.initializer ?? []).map(({ name }) => name));
  const [only, ...others] = (graph.input ?? []).filter(({ name }) => !stored.has(name));
  const tensor = only?.type?.tensorType;
  if (!only || others.length > 0 || tensor?.elemType !== onnxProto.onnx.TensorProto.DataType.FLOAT)
    return null;
  const shape = (tensor.shape?.dim ?? []).map(({ dimValue }) => Number(dimValue ?? 0));
  return isOnePicture(shape) ? { name: only.name ?? '', shape } : null;
}

/** What is made with these is no picture that was merely prepared: leaving them out would leave layers out. */
const trained = /^(MatMul|Gemm|Einsum|ConvTranspose|PRelu|Attention)$|Normalization$/;

/** What a picture becomes before the first convolutions; null where they do not all read the same, or other layers precede. */
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
  if (batch === undefined || batch === name || others.length > 0) return null;
  const made = partLeadingTo(graph, [batch]).node ?? [];
  const isLayer = ({ opType }: INodeProto) => trained.test(opType ?? '');
  const layers = made.filter((node) => isLayer(node) && readBy(node).some((x) => before.has(x)));
  return layers.length === 0 ? batch : null;
}

/**
 * The network from the batch on, which becomes its input; null where not all that is asked for comes of the batch alone.
 * @param batch of one picture
 * @param outputs values of which what leads to them is wanted
 */
export function fromBatchOn(
  graph: IGraphProto,
  picture: SinglePicture,
  batch: SinglePicture,
  outputs: readonly string[],
): IGraphProto | null {
  // The file's arithmetic was written for a batch of one.
  const dim = batch.shape.map((dimValue) => ({ dimValue }));
  const elemType = onnxProto.onnx.TensorProto.DataType.FLOAT;
  const input = [{ name: batch.name, type: { tensorType: { elemType, shape: { dim } } } }];
  const [makers, node] = [true, false].map((makes) =>
    (graph.node ?? []).filter(({ output = [] }) => output!.includes(batch.name) === makes),
  ) as [INodeProto[], INodeProto[]];
  const made = makers.flatMap(({ output }) => output ?? []);
  if (outputs.some((name) => made.includes(name))) return null;
  const gone = new Set([picture.name, ...made].filter((name) => name !== batch.name));
  const part = partLeadingTo({ ...graph, node, input }, outputs);
  const readsGone = part.node!.some((one) => readBy(one).some((name) => gone.has(name)));
  return readsGone || part.input!.length === 0 ? null : part;
}
