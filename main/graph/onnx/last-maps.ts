/**
 * The maps behind the last convolutions of a file's network. A detector's raw predictions are there, whatever turns
 * them into boxes and scores, picks the best and drops the others behind them (TopK, NonMaxSuppression, Gather).
 */
import type onnxProto from 'onnx-proto';
import type { LastMap } from '../heads/head.ts';
import { inOrder, readBy } from './node-order.ts';
import { readTensor } from './tensor.ts';

type IGraphProto = onnxProto.onnx.IGraphProto;
type INodeProto = onnxProto.onnx.INodeProto;

/** Operators that move numbers and change none. */
const moving = new Set([
  ...['Reshape', 'Transpose', 'Squeeze', 'Unsqueeze', 'Flatten', 'Identity', 'Cast', 'Split'],
  ...['Slice', 'Gather', 'Dropout', 'SplitToSequence', 'SequenceAt'],
]);
const convolutions = new Set(['Conv', 'ConvTranspose']);
const products = new Set(['MatMul', 'Gemm']);
/** What a scale, a shift or a last activation of a map is. */
const withConstant = new Set(['Mul', 'Add', 'Sub', 'Div']);
const ofOne = new Set(['Relu', 'Exp', 'Identity', 'BatchNormalization']);

/** Coordinates of a box: post-processing multiplies them by matrices of no more rows and columns. */
const coordinates = 4;

/** Whether a stored factor sums a distribution up, or turns one kind of box into another: nothing trains it. */
const converts = (factor: readonly number[]): boolean =>
  factor.slice(-2).includes(1) || Math.max(...factor.slice(-2)) <= coordinates;

/** In the order of the network; none where it does not end in convolutions. */
export function lastMaps(graph: IGraphProto): readonly LastMap[] {
  const nodes = leading(graph);
  const sizes = constantSizes(graph, nodes);
  const splits = splitSizes(graph, nodes);
  const makers = new Map(nodes.flatMap((node) => (node.output ?? []).map((name) => [name, node])));
  const readers = new Map<string, INodeProto[]>();
  for (const node of nodes) {
    for (const name of new Set(readBy(node))) {
      const known = readers.get(name);
      if (known) known.push(node);
      else readers.set(name, [node]);
    }
  }
  const outputs = new Set((graph.output ?? []).map(({ name }) => name ?? ''));
  /** Also where a stored weight is turned first, as the exporter by tracing writes a Linear. */
  const storedSize = (name: string): readonly number[] | undefined => {
    const maker = makers.get(name);
    const turned = maker && ['Transpose', 'Identity', 'Cast'].includes(maker.opType ?? '');
    return sizes.get(name) ?? (turned ? sizes.get(maker.input?.[0] ?? '') : undefined);
  };
  const isLayer = (node: INodeProto): boolean => {
    const op = node.opType ?? '';
    if (convolutions.has(op)) return !sumsDistribution(node, makers);
    if (!products.has(op)) return false;
    const weight = (node.input ?? []).map(storedSize).find((size) => size);
    return weight !== undefined && !converts(weight);
  };
  /** Values from which a layer can still be reached. */
  const inner = new Set<string>();
  const last: INodeProto[] = [];
  for (const node of nodes.toReversed()) {
    const layer = isLayer(node);
    const passes = (node.output ?? []).some((name) => inner.has(name));
    if (layer && !passes && node.opType === 'Conv') last.push(node);
    if (layer || passes) for (const name of readBy(node)) inner.add(name);
  }
  return last.reverse().map((node): LastMap => {
    const channels = sizes.get(node.input?.[1] ?? '')?.[0] ?? Infinity;
    let value = node.output![0]!;
    let positive = false;
    for (;;) {
      const next = readers.get(value) ?? [];
      const [only] = next;
      if (next.length !== 1 || outputs.has(value) || !isOfMap(only!, value, channels)) break;
      positive = only!.opType === 'Relu' || only!.opType === 'Exp';
      value = only!.output![0]!;
    }
    return { value, positive, ...whatFollows(value, readers, splits) };
  });

  /** A function of each number, or one with a constant for all numbers or for each channel. */
  function isOfMap(node: INodeProto, value: string, channels: number): boolean {
    const op = node.opType ?? '';
    if (ofOne.has(op)) return true;
    const other = (node.input ?? []).find((name) => name !== value);
    const size = sizes.get(other ?? '')?.reduce((a, b) => a * b, 1);
    return withConstant.has(op) && size !== undefined && size <= channels;
  }
}

/** In an order in which they can be computed; what no output depends on is left out. */
function leading({ node, output }: IGraphProto): readonly INodeProto[] {
  const needed = new Set((output ?? []).map(({ name }) => name ?? ''));
  const kept = inOrder(node ?? [])
    .toReversed()
    .filter((one) => {
      const leads = (one.output ?? []).some((name) => needed.has(name));
      if (leads) for (const name of readBy(one)) needed.add(name);
      return leads;
    });
  return kept.reverse();
}

type Readers = ReadonlyMap<string, readonly INodeProto[]>;

function whatFollows(
  value: string,
  readers: Readers,
  splits: ReadonlyMap<INodeProto, readonly number[]>,
): Omit<LastMap, 'value' | 'positive'> {
  const { after, joined, split } = readersOf(value, readers, false);
  const behind = joined === null ? [] : readersOf(joined, readers, true).after;
  return { after, joined, behind, parts: (split && splits.get(split)) ?? null };
}

/**
 * What reads a value through operators that only move numbers, and the first concatenation among them; scores may
 * become probabilities before.
 */
function readersOf(
  value: string,
  readers: Readers,
  through: boolean,
): {
  readonly after: readonly string[];
  readonly joined: string | null;
  /** The first node that takes it apart. */
  readonly split: INodeProto | null;
} {
  const after = new Set<string>();
  let split: INodeProto | null = null;
  let joined: string | null = null;
  const seen = new Set([value]);
  const open = [value];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const node of readers.get(name) ?? []) {
      const { opType, output } = node;
      const operator = opType ?? '';
      if (operator === 'Split' || operator === 'SplitToSequence') split ??= node;
      const joins = operator === 'Concat';
      if (joins) joined ??= output?.[0] ?? null;
      const moves = moving.has(operator);
      if (!moves && !joins) after.add(operator);
      if (!moves && operator !== 'Sigmoid' && !(joins && through)) continue;
      for (const made of output ?? []) {
        if (!seen.has(made)) open.push(made);
        seen.add(made);
      }
    }
  }
  return { after: [...after], joined, split };
}

/** Into parts of which sizes nodes take their input apart, where the file says so. */
function splitSizes(
  { initializer }: IGraphProto,
  nodes: readonly INodeProto[],
): ReadonlyMap<INodeProto, readonly number[]> {
  const tensors = new Map((initializer ?? []).map((tensor) => [tensor.name ?? '', tensor]));
  for (const { opType, output, attribute } of nodes) {
    const tensor = attribute?.find(({ name }) => name === 'value')?.t;
    if (opType === 'Constant' && tensor) tensors.set(output![0]!, tensor);
  }
  const found = new Map<INodeProto, readonly number[]>();
  for (const node of nodes) {
    if (node.opType !== 'Split') continue;
    const written = node.attribute?.find(({ name }) => name === 'split')?.ints;
    const tensor = tensors.get(node.input?.[1] ?? '');
    if (written) found.set(node, written.map(Number));
    else if (tensor) found.set(node, readTensor(tensor, '').integers);
  }
  return found;
}

/** Sizes of stored tensors and of those that Constant nodes hold. */
function constantSizes(
  { initializer }: IGraphProto,
  nodes: readonly INodeProto[],
): Map<string, readonly number[]> {
  const sizes = new Map<string, readonly number[]>();
  for (const { name, dims } of initializer ?? []) sizes.set(name ?? '', (dims ?? []).map(Number));
  for (const { opType, input, output, attribute } of nodes) {
    const tensor = attribute?.find(({ name }) => name === 'value')?.t;
    if (opType === 'Constant' && tensor) sizes.set(output![0]!, (tensor.dims ?? []).map(Number));
    const same =
      opType === 'Identity' || opType === 'Cast' ? sizes.get(input?.[0] ?? '') : undefined;
    if (same) sizes.set(output![0]!, same);
  }
  return sizes;
}

/** A convolution behind a softmax sums a distribution up: nothing trains it. */
function sumsDistribution(node: INodeProto, makers: ReadonlyMap<string, INodeProto>): boolean {
  let maker = makers.get(node.input?.[0] ?? '');
  while (maker && moving.has(maker.opType ?? '')) maker = makers.get(maker.input?.[0] ?? '');
  return maker?.opType === 'Softmax';
}
