/** Layers that the exporter has computed beforehand, whose weights a file does not have any more. */
import type { Graph } from '../graph/graph.ts';
import { isMadeUpName } from '../graph/onnx/module-names.ts';

/**
 * Names of layers of which only a bias is left, added to numbers that the exporter made: a layer over constant
 * coordinates, as Swin V2 computes its position biases with, becomes that.
 */
export function computedLayers({ nodes, initializers }: Graph): readonly string[] {
  const names = new Set<string>();
  for (const { kind, inputs } of nodes) {
    if (kind !== 'Add' || !inputs.every((name) => initializers.has(name))) continue;
    const bias = inputs.find((name) => name.endsWith('.bias'));
    if (bias !== undefined && inputs.some(isMadeUpName)) names.add(bias.slice(0, -'.bias'.length));
  }
  return [...names];
}
