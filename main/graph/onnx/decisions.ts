/** Outputs that only say which class, or which few, are the most likely: what trains a network are the numbers it was chosen by. */
import type onnxProto from 'onnx-proto';
import { partLeadingTo } from './chosen-part.ts';
import type { INodeProto } from './tensor.ts';

type IGraphProto = onnxProto.onnx.IGraphProto;

const moving = new Set(['Cast', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten']);

/**
 * The network with the numbers that its outputs are chosen by in place of those that are choices.
 * @returns null where no output is one
 */
export function beforeDecisions(graph: IGraphProto): IGraphProto | null {
  const makers = new Map(
    (graph.node ?? []).flatMap((node) => (node.output ?? []).map((made) => [made, node] as const)),
  );
  const outputs = (graph.output ?? []).map(({ name }) => name ?? '');
  const ranked = outputs.map((name) => chosenAmong(name, makers, 'TopK'));
  // Beside other outputs TopK picks boxes, of which the best scores alone say nothing.
  const isRanking = new Set(ranked).size === 1 && !outputs.includes(ranked[0]!);
  const before = isRanking ? ranked : outputs.map((name) => chosenAmong(name, makers, 'ArgMax'));
  if (before.every((name, i) => name === outputs[i])) return null;
  return partLeadingTo(graph, [...new Set(before)]);
}

/** What a value is chosen among; the value itself where it is no choice. */
function chosenAmong(
  value: string,
  makers: ReadonlyMap<string, INodeProto>,
  by: 'ArgMax' | 'TopK',
): string {
  let maker = makers.get(value);
  while (maker && moving.has(maker.opType ?? '')) maker = makers.get(maker.input?.[0] ?? '');
  return maker?.opType === by ? (maker.input?.[0] ?? value) : value;
}
