/** The two forms of one network: deployable (inference) and scoring (training mode with a loss). */
import type { Graph, Initializer, Node, NodeOf } from './graph.ts';

/** BatchNormalization by running statistics; a single output. This is the form that phones get. */
export function toInference(graph: Graph): Graph {
  return { ...graph, nodes: graph.nodes.map(nodeInInference) };
}

/**
 * BatchNormalization by batch statistics, whatever the file said: scores are those of a network in
 * training mode (method, section 1).
 */
export function toTraining(graph: Graph): Graph {
  return { ...graph, nodes: graph.nodes.map((node) => normalisation(node, true)) };
}

/** A node as it is in the deployable form. */
export const nodeInInference = (node: Node): Node => normalisation(node, false);

function normalisation(node: Node, training: boolean): Node {
  if (node.kind !== 'BatchNormalization') return node;
  const y = node.outputs[0]!;
  const changed: NodeOf<'BatchNormalization'> = {
    ...node,
    attributes: { ...node.attributes, training },
    outputs: training ? [y, `${y}:mean`, `${y}:inverseDeviation`] : [y],
  };
  return changed;
}

/** Drops initialisers that no node reads. */
export function withoutUnused(graph: Graph): Graph {
  const used = new Set(graph.nodes.flatMap((node) => node.inputs));
  const initializers = new Map<string, Initializer>();
  for (const [name, value] of graph.initializers) if (used.has(name)) initializers.set(name, value);
  return { ...graph, initializers };
}
