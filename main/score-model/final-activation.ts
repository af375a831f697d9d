/** Activations at the end of a classifier: losses are made for the logits before them. */
import type { Graph, Node } from '../graph/graph.ts';

export type FinalActivation = 'Softmax' | 'LogSoftmax' | 'Sigmoid';

const moving = new Set<Node['kind']>([
  ...(['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose'] as const),
]);

/** The activation that an output comes from, through nodes that only give it another shape; else null. */
export function finalActivation({ nodes, outputs }: Graph): Node | null {
  const makers = new Map(nodes.map((node) => [node.outputs[0]!, node]));
  let maker = makers.get(outputs[0] ?? '');
  while (maker && moving.has(maker.kind)) maker = makers.get(maker.inputs[0]!);
  const ends =
    maker?.kind === 'Softmax' || maker?.kind === 'LogSoftmax' || maker?.kind === 'Sigmoid';
  return ends ? maker! : null;
}

/**
 * The network up to its logits. Cross-entropy includes the softmax: on top of another one, its gradients would be
 * those of another loss. A sigmoid stays, because the logits of a softmax are not those of a sigmoid.
 */
export function withoutFinalSoftmax(graph: Graph): {
  readonly graph: Graph;
  readonly ending: FinalActivation | null;
} {
  const last = finalActivation(graph);
  if (!last) return { graph, ending: null };
  const ending = last.kind as FinalActivation;
  if (ending === 'Sigmoid') return { graph, ending };
  const nodes = graph.nodes.map((node): Node => {
    if (node !== last) return node;
    const { name, inputs, outputs } = node;
    return { kind: 'Identity', name, inputs: inputs.slice(0, 1), outputs, attributes: {} };
  });
  return { graph: { ...graph, nodes }, ending };
}
