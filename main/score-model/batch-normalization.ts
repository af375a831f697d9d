/** What an export in evaluation mode leaves of BatchNormalization. */
import type { Graph, Node } from '../graph/graph.ts';
import { traitsOf } from '../graph/operators/index.ts';

/**
 * `folded`: no normalisation at all, and every convolution has a bias, as exporters leave it when they
 * multiply BatchNormalization into the convolutions before it. Networks that never had any look the same.
 */
export type BatchNormalizationState = 'present' | 'folded' | 'absent';

export function batchNormalizationOf({ nodes, initializers }: Graph): BatchNormalizationState {
  if (nodes.some(({ kind }) => kind === 'BatchNormalization')) return 'present';
  if (nodes.some(({ kind }) => traitsOf(kind).family === 'norm')) return 'absent';
  if (writtenOutNorms(nodes).size > 0) return 'absent';
  const convolutions = nodes.filter(({ kind }) => kind === 'Conv');
  const biased = convolutions.every(({ inputs }) => initializers.has(inputs[2] ?? ''));
  return convolutions.length > 0 && biased ? 'folded' : 'absent';
}

/**
 * Nodes with which written-out normalisations begin: before opset 17 exporters write LayerNormalization as its
 * mean, differences, squares, root and quotient.
 */
export function writtenOutNorms(nodes: Graph['nodes']): ReadonlySet<Node> {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node])));
  const made = (value: string, kind: Node['kind']): Node | null => {
    const maker = makers.get(value);
    return maker?.kind === kind ? maker : null;
  };
  const begins = nodes.flatMap((node) => {
    if (node.kind !== 'Div') return [];
    const difference = made(node.inputs[0]!, 'Sub');
    const root = made(node.inputs[1]!, 'Sqrt') ?? made(node.inputs[1]!, 'Pow');
    const mean = difference && made(difference.inputs[1]!, 'ReduceMean');
    return root !== null && mean ? [mean] : [];
  });
  return new Set(begins);
}
