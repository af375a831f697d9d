/** What an export in evaluation mode leaves of BatchNormalization. */
import type { Graph } from '../graph/graph.ts';
import { traitsOf } from '../graph/operators/index.ts';
import { writtenOutNorms } from './written-out-norms.ts';

/**
 * `folded`: no normalisation at all, and every convolution has a bias, as exporters leave it when they
 * multiply BatchNormalization into the convolutions before it. Networks that never had any look the same.
 */
export type BatchNormalizationState = 'present' | 'folded' | 'absent';

/** @param written of this graph */
export function batchNormalizationOf(
  graph: Graph,
  written = writtenOutNorms(graph),
): BatchNormalizationState {
  const { nodes, initializers } = graph;
  if (nodes.some(({ kind }) => kind === 'BatchNormalization')) return 'present';
  if (written.overBatches) return 'present';
  if (nodes.some(({ kind }) => traitsOf(kind).family === 'norm')) return 'absent';
  if (written.means.size > 0) return 'absent';
  const convolutions = nodes.filter(({ kind }) => kind === 'Conv');
  const biased = convolutions.every(({ inputs }) => initializers.has(inputs[2] ?? ''));
  return convolutions.length > 0 && biased ? 'folded' : 'absent';
}
