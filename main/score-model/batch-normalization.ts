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
  if (nodes.some(({ kind }) => traitsOf(kind).family === 'norm') || hasWrittenOutNorm(nodes))
    return 'absent';
  const convolutions = nodes.filter(({ kind }) => kind === 'Conv');
  const biased = convolutions.every(({ inputs }) => initializers.has(inputs[2] ?? ''));
  return convolutions.length > 0 && biased ? 'folded' : 'absent';
}

/** Before opset 17 exporters write LayerNormalization as its mean, differences, squares, root and quotient. */
function hasWrittenOutNorm(nodes: Graph['nodes']): boolean {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node])));
  const made = (value: string, kind: Node['kind']): Node | null => {
    const maker = makers.get(value);
    return maker?.kind === kind ? maker : null;
  };
  return nodes.some((node) => {
    if (node.kind !== 'Div') return false;
    const difference = made(node.inputs[0]!, 'Sub');
    const root = made(node.inputs[1]!, 'Sqrt') ?? made(node.inputs[1]!, 'Pow');
    return (
      root !== null && difference !== null && made(difference.inputs[1]!, 'ReduceMean') !== null
    );
  });
}
