/** Outputs that only say which class, or which few, are the most likely: what trains a network are the numbers it was chosen by. */
import type onnxProto from 'onnx-proto';
import type { Shape } from '../shape.ts';
import { partLeadingTo } from './chosen-part.ts';
import { readBy } from './node-order.ts';
import type { INodeProto } from './tensor.ts';

type IGraphProto = onnxProto.onnx.IGraphProto;

const moving = new Set(['Cast', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten']);

type Makers = ReadonlyMap<string, INodeProto>;
type ShapeOf = (value: string) => Shape | undefined;

/** Operators whose output has the channels of their weight, and along which axis. */
const channelsOf = new Map([
  ['Conv', 1],
  ['ConvTranspose', 1],
  ['Gemm', -1],
  ['MatMul', -1],
]);

/**
 * The network with the numbers that its outputs are chosen by in place of those that are choices.
 * @param shapes is called where they decide: whether TopK chooses among classes or among places
 * @returns null where no output is one
 */
export function beforeDecisions(graph: IGraphProto, shapes: () => ShapeOf): IGraphProto | null {
  const makers = new Map(
    (graph.node ?? []).flatMap((node) => (node.output ?? []).map((made) => [made, node] as const)),
  );
  const outputs = (graph.output ?? []).map(({ name }) => name ?? '');
  const rankings = outputs.map((name) => choiceOf(name, makers, 'TopK'));
  const [ranking] = rankings;
  // Beside other outputs TopK picks boxes, of which the best scores alone say nothing.
  const isRanking = ranking && rankings.every((one) => one?.input?.[0] === ranking.input?.[0]);
  const before =
    isRanking && ranksClasses(ranking, makers, shapes())
      ? [ranking.input![0]!]
      : outputs.map((name) => choiceOf(name, makers, 'ArgMax')?.input?.[0] ?? name);
  if (before.every((name, i) => name === outputs[i])) return null;
  return partLeadingTo(graph, [...new Set(before)]);
}

/** Whether it chooses among all numbers of an image, and these are the channels of the last layers. */
function ranksClasses({ input, attribute }: INodeProto, makers: Makers, shapeOf: ShapeOf): boolean {
  const shape = shapeOf(input![0]!);
  if (!shape) return false;
  const written = Number(attribute?.find(({ name }) => name === 'axis')?.i ?? -1);
  const axis = written < 0 ? written + shape.length : written;
  const classes = shape[axis];
  if (axis < 1 || shape.some((size, i) => i > 0 && i !== axis && size !== 1)) return false;
  const channels = channelsOfLastLayers(input![0]!, makers, shapeOf);
  return channels.length > 0 && channels.every((count) => count === classes);
}

/** Of the first layers that are met on the way back from a value. */
function channelsOfLastLayers(
  value: string,
  makers: Makers,
  shapeOf: ShapeOf,
): readonly (number | undefined)[] {
  const found: (number | undefined)[] = [];
  const seen = new Set([value]);
  // It grows while it is gone through.
  for (const name of seen) {
    const maker = makers.get(name);
    const axis = channelsOf.get(maker?.opType ?? '');
    if (axis !== undefined) found.push(shapeOf(name)?.at(axis));
    else if (maker && maker.opType !== 'Shape') for (const read of readBy(maker)) seen.add(read);
  }
  return found;
}

/** The node that makes this choice, whatever moves its numbers afterwards; undefined where the value is none. */
function choiceOf(value: string, makers: Makers, by: 'ArgMax' | 'TopK'): INodeProto | undefined {
  let maker = makers.get(value);
  while (maker && moving.has(maker.opType ?? '')) maker = makers.get(maker.input?.[0] ?? '');
  return maker?.opType === by ? maker : undefined;
}
