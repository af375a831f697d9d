/** Which operators have weights with one scale per channel, and how those lie in memory. */
import type { Graph, Node } from '../graph/graph.ts';
import type { Shape } from '../graph/shape.ts';

export interface WeightedLayer {
  readonly node: Node;
  readonly input: string;
  /** Name of the initializer. */
  readonly weight: string;
  /** Null where the layer has none. */
  readonly bias: string | null;
  readonly shape: Shape;
  readonly outputs: number;
  /** The axis of the output channels. */
  readonly axis: 0 | 1;
  /** Which output channel the weight at a place belongs to. */
  readonly outputOf: (place: number) => number;
  /** Which input channel the weight at a place is multiplied with. */
  readonly inputOf: (place: number) => number;
}

/** Convolutions and fully connected layers whose weights are constant and shared with no other. */
export function weightedLayers(graph: Graph): readonly WeightedLayer[] {
  const uses = new Map<string, number>();
  for (const { inputs } of graph.nodes) {
    for (const name of inputs) uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return graph.nodes.flatMap((node) => {
    const layer = asLayer(graph, node);
    return layer && uses.get(layer.weight) === 1 ? [layer] : [];
  });
}

function asLayer({ initializers }: Graph, node: Node): WeightedLayer | null {
  if (node.kind !== 'Conv' && node.kind !== 'Gemm' && node.kind !== 'MatMul') return null;
  const [input, weight, bias = ''] = node.inputs as readonly [string, string, string?];
  const shape = initializers.get(weight)?.shape;
  if (!shape || initializers.has(input)) return null;
  const named = { node, input, weight, bias: bias === '' ? null : bias, shape };
  if (node.kind === 'Conv') {
    const [outputs, inputs, ...kernel] = shape as [number, number, number, number];
    const taps = kernel.reduce((product, size) => product * size, 1);
    const perGroup = outputs / node.attributes.group;
    const outputOf = (place: number) => Math.floor(place / (inputs * taps));
    const inputOf = (place: number) =>
      Math.floor(outputOf(place) / perGroup) * inputs + (Math.floor(place / taps) % inputs);
    return { ...named, outputs, axis: 0, outputOf, inputOf };
  }
  if (shape.length !== 2) return null;
  if (node.kind === 'Gemm' && (node.attributes.transA || node.attributes.alpha !== 1)) return null;
  const outputsFirst = node.kind === 'Gemm' && node.attributes.transB;
  const [rows, columns] = shape as [number, number];
  const row = (place: number) => Math.floor(place / columns);
  const column = (place: number) => place % columns;
  return {
    ...named,
    outputs: outputsFirst ? rows : columns,
    axis: outputsFirst ? 0 : 1,
    outputOf: outputsFirst ? row : column,
    inputOf: outputsFirst ? column : row,
  };
}
