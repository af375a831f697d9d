/** Layers of the method: every Conv, Gemm and MatMul with weights (biases and norms do not count). */
import { layerKinds, type LayerKind } from '../common/layer-kinds.ts';
import type { Graph, Node, NodeOf, Shape } from './graph.ts';

type LayerNode = { [K in LayerKind]: NodeOf<K> }[LayerKind];

export interface Layer {
  /** The weight initialiser's name without `.weight`. */
  readonly name: string;
  readonly kind: LayerKind;
  /** Name of the weight initialiser. */
  readonly weight: string;
  /** The first node that uses the weight; several may share one. */
  readonly node: LayerNode;
  /** True where the weight is inputs x outputs: MatMul without, Gemm without transposition. */
  readonly inputsFirst: boolean;
}

function isLayerNode(node: Node): node is LayerNode {
  return layerKinds.some((kind) => kind === node.kind);
}

/** In node order; a weight that several nodes share is one layer (its gradients add up). */
export function layersOf(graph: Graph): readonly Layer[] {
  const layers = new Map<string, Layer>();
  const transposed = transposedWeights(graph);
  for (const node of graph.nodes) {
    if (!isLayerNode(node)) continue;
    const weight = transposed.get(node.inputs[1]!) ?? node.inputs[1]!;
    const shape = graph.initializers.get(weight)?.shape;
    if (!shape || layers.has(weight) || (node.kind === 'MatMul' && shape.length !== 2)) continue;
    const name = weight.replace(/\.weight$/, '');
    const asRead = node.kind === 'MatMul' || (node.kind === 'Gemm' && !node.attributes.transB);
    const inputsFirst = transposed.has(node.inputs[1]!) ? !asRead : asRead;
    layers.set(weight, { name, kind: node.kind, weight, node, inputsFirst });
  }
  return [...layers.values()];
}

/**
 * Value name -> weight that it is the transpose of: exporters in training mode write x W^T as Transpose
 * and MatMul.
 */
export function transposedWeights(graph: Graph): ReadonlyMap<string, string> {
  const transposed = new Map<string, string>();
  for (const node of graph.nodes) {
    if (node.kind !== 'Transpose' || node.attributes.permutation.join() !== '1,0') continue;
    const weight = node.inputs[0]!;
    if (graph.initializers.has(weight)) transposed.set(node.outputs[0]!, weight);
  }
  return transposed;
}

/** Output feature map of a layer; fully connected layers have height = width = 1 (method, section 1). */
export function featureMapOf(
  { kind }: Pick<Layer, 'kind'>,
  output: Shape,
): { readonly channels: number; readonly height: number; readonly width: number } {
  return kind === 'Conv'
    ? { channels: output[1]!, height: output[2]!, width: output[3]! }
    : { channels: output[output.length - 1]!, height: 1, width: 1 };
}
