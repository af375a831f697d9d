/** The part of a file's network that leads to some of its values; what lies behind them is not read. */
import type onnxProto from 'onnx-proto';
import { WorkbenchError } from '../../errors.ts';
import { inOrder, readBy } from './node-order.ts';

type IGraphProto = onnxProto.onnx.IGraphProto;
type INodeProto = onnxProto.onnx.INodeProto;

/**
 * Cuts a network off behind the values that are named, outputs or any others. Nodes and inputs that lead to none of
 * them are gone, whether they can be scored or not.
 * @throws WorkbenchError `unknown-output` where the file has no such value
 */
export function partLeadingTo(graph: IGraphProto, wanted: readonly string[]): IGraphProto {
  const nodes = graph.node ?? [];
  const made = new Set(nodes.flatMap(({ output }) => output ?? []));
  const unknown = wanted.find((name) => !made.has(name));
  if (unknown !== undefined) throw unknownOutput(graph, unknown);
  const needed = new Set(wanted);
  const kept: INodeProto[] = [];
  for (const node of inOrder(nodes).toReversed()) {
    if (!(node.output ?? []).some((name) => needed.has(name))) continue;
    for (const name of readBy(node)) needed.add(name);
    kept.push(node);
  }
  return {
    ...graph,
    node: kept.reverse(),
    input: (graph.input ?? []).filter(({ name }) => needed.has(name ?? '')),
    initializer: (graph.initializer ?? []).filter(({ name }) => needed.has(name ?? '')),
    output: wanted.map((name) => ({ name })),
  };
}

function unknownOutput({ name, output }: IGraphProto, unknown: string): WorkbenchError {
  const outputs = (output ?? []).map((one) => one.name ?? '');
  return new WorkbenchError(
    'unknown-output',
    `"${name?.trim() ? name : 'network'}" has no output "${unknown}", nor any other value of that name.`,
    `Its outputs: ${outputs.join(', ')}. Any value inside the network can be named as well.`,
  );
}
