/** What a network computes twice from the same, with the same weights, is computed once. */
import type { Graph, Initializer, Node } from '../graph.ts';
import { formatShape } from '../shape.ts';

export function withoutRepeats(graph: Graph): Graph {
  const weights = sameWeights(graph.initializers);
  const renamed = new Map<string, string>(weights);
  const outputs = new Set(graph.outputs);
  const seen = new Map<string, Node>();
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => renamed.get(name) ?? name);
    const key = node.outputs.length === 1 ? keyOf(node, inputs) : null;
    const earlier = key === null ? undefined : seen.get(key);
    if (earlier && !outputs.has(node.outputs[0]!)) {
      renamed.set(node.outputs[0]!, earlier.outputs[0]!);
      continue;
    }
    const own = { ...node, inputs } as Node;
    if (key !== null) seen.set(key, own);
    nodes.push(own);
  }
  return { ...graph, nodes };
}

const keyOf = (node: Node, inputs: readonly string[]): string | null =>
  // Its matrix would be written out as text.
  node.kind === 'LinearAlongAxis'
    ? null
    : `${node.kind}\0${inputs.join('\0')}\0${JSON.stringify(node.attributes)}`;

/** Names of initialisers whose numbers another, earlier one has as well. */
function sameWeights(initializers: ReadonlyMap<string, Initializer>): Map<string, string> {
  const renamed = new Map<string, string>();
  const alike = new Map<string, [string, Float32Array][]>();
  for (const [name, { shape, values }] of initializers) {
    if (values.kind !== 'data') continue;
    const { data } = values;
    const key = `${formatShape(shape)} ${data[0]} ${data[data.length >> 1]} ${data.at(-1)}`;
    const others = alike.get(key) ?? [];
    const same = others.find(([, other]) => other.every((value, i) => value === data[i]));
    if (same) renamed.set(name, same[0]);
    else alike.set(key, [...others, [name, data]]);
  }
  return renamed;
}
