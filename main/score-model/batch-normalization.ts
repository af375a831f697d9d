/** What an export in evaluation mode leaves of BatchNormalization. */
import type { Graph, Node } from '../graph/graph.ts';

/**
 * `folded`: no normalisation at all, and every convolution has a bias, as exporters leave it when they
 * multiply BatchNormalization into the convolutions before it. Networks that never had any look the same.
 */
export type BatchNormalizationState = 'present' | 'folded' | 'absent';

const otherNorms = new Set<Node['kind']>(['LayerNormalization', 'InstanceNormalization']);

export function batchNormalizationOf({ nodes, initializers }: Graph): BatchNormalizationState {
  if (nodes.some(({ kind }) => kind === 'BatchNormalization')) return 'present';
  if (nodes.some(({ kind }) => otherNorms.has(kind))) return 'absent';
  const convolutions = nodes.filter(({ kind }) => kind === 'Conv');
  const biased = convolutions.every(({ inputs }) => initializers.has(inputs[2] ?? ''));
  return convolutions.length > 0 && biased ? 'folded' : 'absent';
}
