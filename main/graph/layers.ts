/** Layers of the method: every Conv, Gemm and MatMul with weights (biases and norms do not count). */
import { layerKinds, type LayerKind } from '../common/layer-kinds.ts';
import type { Graph, Initializer, Node, NodeOf, Shape } from './graph.ts';
import { elements } from './shape.ts';
import { storedWeights, weightBehind } from './stored-weights.ts';

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

/** The layers of a network, and which of its nodes belong to which. */
export interface Layers {
  /** In node order; a weight that several nodes share is one layer (its gradients add up). */
  readonly layers: readonly Layer[];
  /** Names of filters that are read like weights but trained by nobody; see `hasOneFilter`. */
  readonly fixed: readonly string[];
  /** Names of layers that look the same, but are weights of a module by their name. */
  readonly alike: readonly string[];
  /** Names of weights of convolutions over one axis or three, which the method does not count. */
  readonly uncounted: {
    readonly oneAxis: readonly string[];
    readonly threeAxes: readonly string[];
  };
  /** Node -> name of its weight initialiser. */
  readonly weightOf: ReadonlyMap<Node, string>;
  /** Whether a node computes with weights alone, before any image: it is part of a weight, not of a layer. */
  isWeightArithmetic(node: Node): boolean;
}

function isLayerNode(node: Node): node is LayerNode {
  return layerKinds.some((kind) => kind === node.kind);
}

/** @throws WorkbenchError `weight-ambiguous` where a node's weight is computed from several tensors. */
export function findLayers(graph: Graph): Layers {
  const layers = new Map<string, Layer>();
  const weightOf = new Map<Node, string>();
  const fixed = new Set<string>();
  const alike = new Set<string>();
  const uncounted = { oneAxis: new Set<string>(), threeAxes: new Set<string>() };
  const stored = storedWeights(graph);
  const arithmetic = weightArithmetic(graph, stored.origins);
  for (const node of graph.nodes) {
    if (!isLayerNode(node) || arithmetic.has(node)) continue;
    const read = node.inputs[1]!;
    const used = stored.shapes.get(read);
    // A product with a stack of matrices is no fully connected layer.
    if (!used || (node.kind === 'MatMul' && used.length !== 2)) continue;
    const weight = weightBehind(read, node, graph, stored);
    if (weight === null) continue;
    const initializer = graph.initializers.get(weight)!;
    const { length: rank } = initializer.shape;
    if (node.kind === 'Conv' && (rank === 3 || rank === 5)) {
      uncounted[rank === 3 ? 'oneAxis' : 'threeAxes'].add(weight);
      continue;
    }
    if (hasOneFilter(node, initializer, used)) {
      // PyTorch keeps what it trains as `weight`, and a constant filter under a name of its own.
      const isModule = weight.endsWith('.weight');
      (isModule ? alike : fixed).add(weight);
      if (!isModule) continue;
    }
    weightOf.set(node, weight);
    if (layers.has(weight)) continue;
    const name = weight.replace(/\.weight$/, '');
    const asRead = node.kind === 'MatMul' || (node.kind === 'Gemm' && !node.attributes.transB);
    const turned = isTurned(initializer.shape, used, read, graph.nodes);
    layers.set(weight, { name, kind: node.kind, weight, node, inputsFirst: turned !== asRead });
  }
  return {
    layers: [...layers.values()],
    fixed: [...fixed],
    alike: [...alike],
    uncounted: { oneAxis: [...uncounted.oneAxis], threeAxes: [...uncounted.threeAxes] },
    weightOf,
    isWeightArithmetic: (node) => arithmetic.has(node),
  };
}

/** The nodes whose results are read as weights, directly or through others: parts of a weight. */
function weightArithmetic(
  { nodes }: Graph,
  origins: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<Node> {
  const parts = new Set<Node>();
  const values = new Set<string>();
  for (const node of [...nodes].reverse()) {
    const isPart = node.outputs.some((output) => values.has(output));
    if (isPart) parts.add(node);
    const read = isPart ? node.inputs : isLayerNode(node) ? [node.inputs[1]!] : [];
    for (const value of read) if (origins.has(value)) values.add(value);
  }
  return parts;
}

/**
 * Whether a depthwise convolution has one filter for all channels, over more than one place, as a blur or a
 * gradient of an image has it. ONNX does not say what is trained; channels that training touches differ.
 */
function hasOneFilter(node: LayerNode, { values }: Initializer, used: Shape): boolean {
  if (node.kind !== 'Conv' || values.kind !== 'data') return false;
  const [filters = 0, channels = 0] = used;
  // It may be stored once and repeated in the network.
  const size = elements(used.slice(1));
  if (channels !== 1 || filters < 2 || node.attributes.group !== filters || size < 2) return false;
  const same = values.data.every((value, i) => value === values.data[i % size]);
  return same && values.data.some((value) => value !== 0);
}

/** See `findLayers`. */
export function layersOf(graph: Graph): readonly Layer[] {
  return findLayers(graph).layers;
}

/**
 * Whether a matrix is read as the transpose of how it is stored: exporters in training mode write x W^T as
 * Transpose and MatMul. Sizes tell, but for square matrices, whose last step does.
 */
function isTurned(own: Shape, used: Shape, read: string, nodes: Graph['nodes']): boolean {
  if (own.length !== 2 || used.length !== 2) return false;
  if (own[0] !== used[0] || own[1] !== used[1]) return own[0] === used[1] && own[1] === used[0];
  if (own[0] !== own[1]) return false;
  const maker = nodes.find(({ outputs }) => outputs[0] === read);
  return maker?.kind === 'Transpose';
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
