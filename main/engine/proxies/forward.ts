/** The values of a forward pass that proxies read, as outputs of a graph: only the parts they want leave the engine. */
import { connectedNodes } from '../../graph/connected.ts';
import type { Graph, Node } from '../../graph/graph.ts';
import { inferShapes } from '../../graph/infer-shapes.ts';
import { layersOf } from '../../graph/layers.ts';
import type { Shape } from '../../graph/shape.ts';
import type { MapPart, MapShape, Maker } from '../../proxy/proxy.ts';

/** A value of the network that proxies may read. */
export interface NetworkValue {
  readonly name: string;
  readonly of: Maker;
  readonly shape: MapShape;
  /** As the graph has it: two axes for a fully connected layer. */
  readonly dims: Shape;
}

/**
 * Outputs of layers, normalisations and ReLUs that reach the network's outputs, in the order of the graph.
 * Values of neither two nor four axes, as inside attention, are left out.
 */
export function networkValues(graph: Graph, images: number): readonly NetworkValue[] {
  const shapes = inferShapes(graph, images);
  const layerNodes = new Set<Node>(graph.nodes.filter(isLayer(graph)));
  return connectedNodes(graph).flatMap((node): NetworkValue[] => {
    const of = layerNodes.has(node) ? 'layer' : makers[node.kind];
    const name = node.outputs[0]!;
    const dims = shapes.get(name) ?? [];
    if (of === undefined || (dims.length !== 2 && dims.length !== 4)) return [];
    const [count, channels, height = 1, width = 1] = dims as [number, number, number?, number?];
    return [{ name, of, dims, shape: { images: count, channels, height, width } }];
  });
}

const makers: Readonly<Partial<Record<Node['kind'], Maker>>> = {
  BatchNormalization: 'norm',
  Relu: 'relu',
};

/** Every node that uses a layer's weights: several may share them. */
function isLayer(graph: Graph): (node: Node) => boolean {
  const weights = new Set(layersOf(graph).map(({ weight }) => weight));
  const first = new Set<Node>(layersOf(graph).map(({ node }) => node));
  return (node) => first.has(node) || weights.has(node.inputs[1] ?? '');
}

/**
 * The least number of images, two at least, that give every convolution as many places as it has channels; those
 * that see one place only, as behind a pool over everything, are fully connected layers and do not count.
 */
export function fewImages(values: readonly NetworkValue[]): number {
  return values.reduce((most, { of, shape: { channels, height, width } }) => {
    if (of !== 'layer' || height * width === 1) return most;
    return Math.max(most, Math.ceil(channels / (height * width)));
  }, 2);
}

/** A part of a value, and the graph's output that holds it. */
export interface Taken {
  readonly value: NetworkValue;
  readonly part: MapPart;
  readonly output: string;
}

/** Numbers in a part. */
export const numbersIn = ({ value: { shape }, part }: Taken): number =>
  part.images * part.channels * shape.height * part.columns;

/** Cuts parts out of values; the outputs of the result are these parts. */
export function withParts(graph: Graph, taken: readonly Taken[]): Graph {
  const nodes = taken.map(({ value, part, output }): Node => {
    const ends = [part.images, part.channels, value.shape.height, part.columns];
    const axes = value.dims.map((_, axis) => axis);
    return {
      kind: 'Slice',
      name: output,
      inputs: [value.name],
      outputs: [output],
      attributes: {
        axes,
        starts: axes.map(() => 0),
        ends: ends.slice(0, axes.length),
        steps: axes.map(() => 1),
      },
    };
  });
  return {
    ...graph,
    nodes: [...graph.nodes, ...nodes],
    outputs: taken.map(({ output }) => output),
  };
}
