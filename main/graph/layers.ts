/** Layers of the method: every Conv and Gemm with weights (biases and norms do not count). */
import type { Graph, Node, NodeOf } from './graph.ts';

export interface Layer {
  /** The weight initialiser's name without `.weight`. */
  readonly name: string;
  readonly kind: 'Conv' | 'Gemm';
  /** Name of the weight initialiser. */
  readonly weight: string;
  /** Index of the first node that uses the weight; several may share one weight. */
  readonly node: NodeOf<'Conv'> | NodeOf<'Gemm'>;
}

function weightOf(node: Node, graph: Graph): string | null {
  if (node.kind !== 'Conv' && node.kind !== 'Gemm') return null;
  return graph.initializers.has(node.inputs[1]) ? node.inputs[1] : null;
}

/** In node order; a weight that several nodes share is one layer (its gradients add up). */
export function layersOf(graph: Graph): readonly Layer[] {
  const layers = new Map<string, Layer>();
  for (const node of graph.nodes) {
    const weight = weightOf(node, graph);
    if (weight === null || layers.has(weight)) continue;
    if (node.kind !== 'Conv' && node.kind !== 'Gemm') continue;
    layers.set(weight, { name: weight.replace(/\.weight$/, ''), kind: node.kind, weight, node });
  }
  return [...layers.values()];
}
