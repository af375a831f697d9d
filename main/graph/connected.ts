/** What a network's outputs depend on; the rest lies behind dead ends. */
import type { Graph, Node } from './graph.ts';

/** Names of the values that the outputs depend on, initialisers and inputs among them. */
export function connectedValues({ nodes, outputs }: Graph): ReadonlySet<string> {
  const needed = new Set(outputs);
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    for (const name of node.inputs) needed.add(name);
  }
  return needed;
}

/** The nodes of which an output is needed, in their order. */
export function connectedNodes(graph: Graph): readonly Node[] {
  const needed = connectedValues(graph);
  return graph.nodes.filter(({ outputs }) => outputs.some((name) => needed.has(name)));
}
