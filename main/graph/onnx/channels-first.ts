/** Models whose images have their channels last, as TensorFlow's exporters write them. */
import type { Graph, GraphInput, Node } from '../graph.ts';
import { isTurnedLast } from '../outputs.ts';

/** Channels of pictures: grey, colour, with transparency. */
const channelCounts: ReadonlySet<number> = new Set([1, 3, 4]);

/** Whether an axis of this length may hold the channels of a picture. */
export function countsChannels(length: number): boolean {
  return channelCounts.has(length);
}

/** Whether the sizes of an input, as written, are N x height x width x channels. */
export function isChannelsLast(sizes: readonly (number | null)[]): boolean {
  const [, first = null, , last = null] = sizes;
  if (sizes.length !== 4 || last === null || !countsChannels(last)) return false;
  return first === null || !countsChannels(first);
}

/**
 * The network with what it takes and gives with channels last noted: of a file whose images have them last, all outputs,
 * else those that are turned at the end.
 */
export function withChannelsLastNoted(graph: Graph): Graph {
  const [image] = graph.inputs;
  const channelsLast =
    image && isChannelsLast(image.shape)
      ? [image.name, ...graph.outputs]
      : graph.outputs.filter((output) => isTurnedLast(graph, output));
  return channelsLast.length === 0 ? graph : { ...graph, channelsLast };
}

/**
 * The network with its one input as N x channels x height x width. Where the file turns its images round first, that
 * is left out; else they are turned to what it wants.
 */
export function withChannelsFirst(graph: Graph): Graph {
  const [image, ...others] = graph.inputs;
  // Of several none is fed: what is said of them is what the file has.
  if (!image || others.length > 0 || !isChannelsLast(image.shape)) return graph;
  const [images = null, height = null, width = null, channels = null] = image.shape;
  const input: GraphInput = { ...image, shape: [images, channels, height, width] };
  const readers = graph.nodes.filter(({ inputs }) => inputs.includes(image.name));
  const turns = (node: Node) =>
    node.kind === 'Transpose' && node.attributes.permutation.join() === '0,3,1,2';
  if (readers.every(turns)) {
    const nodes = graph.nodes.map((node): Node => {
      if (!readers.includes(node)) return node;
      const { name, inputs, outputs } = node;
      return { kind: 'Identity', name, inputs, outputs, attributes: {} };
    });
    return { ...graph, inputs: [input], nodes };
  }
  const name = `${image.name}:channelsFirst`;
  const turned: Node = {
    kind: 'Transpose',
    name: 'images with channels last',
    inputs: [name],
    outputs: [image.name],
    attributes: { permutation: [0, 2, 3, 1] },
  };
  return { ...graph, inputs: [{ ...input, name }], nodes: [turned, ...graph.nodes] };
}
