/** What both engines ask of a network before they compute: layers to score, and weights that are numbers. */
import { WorkbenchError } from '../errors.ts';
import type { Graph, Node } from '../graph/graph.ts';
import { layersOf, type Layer } from '../graph/layers.ts';

/**
 * Whose weights are factors of every value behind them. Elsewhere an infinite constant can be meant: a mask
 * of attention, the padding of a maximum, the bound of a clip.
 */
const factors = new Set<Node['kind']>([
  'Conv',
  'ConvTranspose',
  'Gemm',
  'MatMul',
  'BatchNormalization',
  'LayerNormalization',
  'PRelu',
]);

/** @throws WorkbenchError `no-layers`, `weights-not-finite` */
export function scoredLayers(graph: Graph): readonly Layer[] {
  const layers = layersOf(graph);
  if (layers.length === 0) {
    throw new WorkbenchError(
      'no-layers',
      `"${graph.name}" has no convolution or fully connected layer with weights, so there is nothing to score.`,
      'Score a network with Conv or Gemm layers.',
    );
  }
  assertFiniteWeights(graph);
  return layers;
}

/** A NaN that a Relu or a maximum takes for a zero would be scored as if nothing were wrong. */
function assertFiniteWeights({ name, nodes, initializers }: Graph): void {
  const seen = new Set<string>();
  for (const { kind, inputs } of nodes) {
    // Running statistics do not decide a score.
    const read = kind === 'BatchNormalization' ? inputs.slice(0, 3) : inputs;
    const fits = factors.has(kind) ? Number.isFinite : (value: number) => !Number.isNaN(value);
    for (const weight of read) {
      const values = initializers.get(weight)?.values;
      if (values?.kind !== 'data' || seen.has(weight)) continue;
      if (factors.has(kind)) seen.add(weight);
      const place = values.data.findIndex((value) => !fits(value));
      if (place < 0) continue;
      throw new WorkbenchError(
        'weights-not-finite',
        `The weights "${weight}" of "${name}" hold ${values.data[place]} (value ${place + 1} of ${values.data.length}), so every score would be meaningless.`,
        'Export the model from a checkpoint whose training did not diverge, or score it with fresh weights.',
      );
    }
  }
}
