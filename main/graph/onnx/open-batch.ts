/**
 * Exporters bake the batch size of their example into the network: a view of 1 x 512, a Reshape to 2 x 8 x 64.
 * This makes such a network accept any batch, and says so where it cannot.
 */
import { WorkbenchError } from '../../errors.ts';
import type { Graph, Initializer, Node, NodeOf, Shape } from '../graph.ts';
import { inferNode, inferShapes } from '../infer-shapes.ts';
import { elements } from '../shape.ts';

/**
 * @param frozen the batch size that the graph's shapes were written for
 * @returns the graph with Reshape nodes that infer the axis the images are in, and with what a batch of one has
 * once (a class token) repeated for each image. Where that is not enough, the graph with the batch size as its
 * input's first axis.
 */
export function openBatch(graph: Graph, frozen: number): Graph {
  if (graph.inputs.some(({ shape }) => shape.slice(1).includes(null))) return graph; // sizes are not known yet
  const shapes = inferShapes(graph, frozen);
  const bound: Graph = {
    ...graph,
    inputs: graph.inputs.map((input) => ({ ...input, shape: [frozen, ...input.shape.slice(1)] })),
  };
  try {
    const nodes = openedNodes(graph, frozen, shapes);
    if (!nodes) return bound;
    const repeated = nodes.some(({ inputs }) => inputs.includes(zeroOfImages));
    const initializers = new Map(graph.initializers);
    if (repeated) initializers.set(zeroOfImages, nothing);
    return { ...graph, nodes, initializers };
  } catch (error) {
    if (error instanceof WorkbenchError) return bound;
    throw error;
  }
}

/** A number that is added to values so that they become as many as the images. */
export const zeroOfImages = ':zeroOfImages';
const nothing: Initializer = { shape: [], values: { kind: 'constant', value: 0 }, constant: true };

/** Where the images lie in a value: in axis `axis`, whose places before them are `before`. */
interface BatchPlace {
  readonly axis: number;
  readonly before: number;
}

/** Null where a value does not grow with the batch, or does so along more than one axis. */
function openedNodes(
  graph: Graph,
  frozen: number,
  shapes: ReadonlyMap<string, Shape>,
): readonly Node[] | null {
  const other = frozen + 1;
  const grown = new Map<string, Shape>();
  const places = new Map<string, BatchPlace>();
  for (const { name, shape } of graph.inputs) {
    grown.set(
      name,
      shape.map((size) => size ?? other),
    );
    places.set(name, { axis: 0, before: 1 });
  }
  for (const [name, { shape }] of graph.initializers) grown.set(name, shape);
  grown.set(zeroOfImages, []);
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    const output = node.outputs[0]!;
    const place = node.inputs.map((input) => places.get(input)).find((found) => found);
    const joined = node.kind === 'Concat' && place?.axis === 0;
    const ready = joined ? withRepeated(node, places, grown, nodes) : node;
    const was = shapes.get(output) ?? [];
    const reshaped = place && node.kind === 'Reshape';
    const moved = reshaped
      ? placeAfterReshape(place, shapes.get(node.inputs[0]!) ?? [], was, frozen)
      : null;
    if (reshaped && !moved) return null;
    const opened = moved ? openedReshape(node as NodeOf<'Reshape'>, was, moved.axis, grown) : ready;
    nodes.push(opened);
    inferNode(opened, grown);
    const now = grown.get(output) ?? [];
    const axes = differingAxes(was, now);
    if (axes.length === 0) continue;
    const axis = axes[0]!;
    if (axes.length > 1 || (moved && moved.axis !== axis)) return null;
    // One value holds several times as many images, and is then taken apart by fixed numbers of images.
    if (now[axis]! * frozen !== was[axis]! * other) return null;
    const after = node.kind === 'Flatten' ? flattenedPlace(place, shapes, node, axis) : null;
    places.set(output, moved ?? after ?? { axis, before: place?.before ?? 1 });
  }
  const answers = graph.outputs.every((name) => places.has(name));
  return answers ? nodes : null;
}

/**
 * A joining of images with what is there once, as a class token is, or was written out for the images of the export:
 * that is added to a zero of every image first, which makes it as many.
 */
function withRepeated(
  node: NodeOf<'Concat'>,
  places: ReadonlyMap<string, BatchPlace>,
  grown: Map<string, Shape>,
  nodes: Node[],
): Node {
  const images = node.inputs.find((name) => places.has(name))!;
  const axes = (grown.get(images) ?? []).map((_, axis) => axis).slice(1);
  const add = (added: Node) => {
    inferNode(added, grown);
    nodes.push(added);
    return added.outputs[0]!;
  };
  const inputs = node.inputs.map((name, i) => {
    if (places.has(name)) return name;
    const once = beforeRepeating(name, grown, nodes);
    if (grown.get(once)?.[0] !== 1) return name;
    const made = (part: string) => ({
      name: `${node.name}:${part}`,
      outputs: [`${name}:${i}:${part}`],
    });
    const zeros = add({
      kind: 'Mul',
      ...made('zeros'),
      inputs: [images, zeroOfImages],
      attributes: {},
    });
    const sum = add({
      kind: 'ReduceSum',
      ...made('zero'),
      inputs: [zeros],
      attributes: { axes, keepDims: true },
    });
    return add({ kind: 'Add', ...made('repeated'), inputs: [once, sum], attributes: {} });
  });
  return { ...node, inputs };
}

/** A value before it was repeated along its first axis alone; the value itself where it was not. */
function beforeRepeating(
  name: string,
  grown: ReadonlyMap<string, Shape>,
  nodes: readonly Node[],
): string {
  const maker = nodes.find(({ outputs }) => outputs[0] === name);
  if (maker?.kind !== 'Expand') return name;
  const from = grown.get(maker.inputs[0]!) ?? [];
  const to = grown.get(name) ?? [];
  const rest = (shape: Shape) => shape.slice(1).join();
  return from.length === to.length && from[0] === 1 && rest(from) === rest(to)
    ? maker.inputs[0]!
    : name;
}

/**
 * Reshape keeps the order of values, so as many of them lie before the images as did. Null where that
 * leaves several axes to choose from, as a batch of one does in the middle of a tensor.
 */
function placeAfterReshape(
  { axis, before }: BatchPlace,
  from: Shape,
  to: Shape,
  images: number,
): BatchPlace | null {
  const preceding = elements(from.slice(0, axis)) * before;
  const candidates: BatchPlace[] = [];
  for (let candidate = 0, prefix = 1; candidate < to.length; prefix *= to[candidate++]!) {
    const within = preceding / prefix;
    if (Number.isInteger(within) && to[candidate]! % (within * images) === 0) {
      candidates.push({ axis: candidate, before: within });
    }
  }
  return candidates.length === 1 || preceding === 1 ? (candidates[0] ?? null) : null;
}

function flattenedPlace(
  place: BatchPlace | undefined,
  shapes: ReadonlyMap<string, Shape>,
  node: Node,
  axis: number,
): BatchPlace | null {
  if (!place) return null;
  const from = shapes.get(node.inputs[0]!) ?? [];
  const preceding = elements(from.slice(0, place.axis)) * place.before;
  const rows = shapes.get(node.outputs[0]!)?.[0] ?? 1;
  return { axis, before: axis === 0 ? preceding : preceding / rows };
}

/**
 * The node unchanged where it already accepts other batches, otherwise with the axis of the images left to be
 * inferred.
 */
function openedReshape(
  node: NodeOf<'Reshape'>,
  to: Shape,
  axis: number,
  grown: ReadonlyMap<string, Shape>,
): Node {
  const output = node.outputs[0]!;
  try {
    const probe = new Map(node.inputs.map((name) => [name, grown.get(name) ?? []]));
    inferNode(node, probe);
    if (differingAxes(to, probe.get(output) ?? []).join() === `${axis}`) return node;
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
  }
  const shape = to.map((size, place) => (place === axis ? -1 : size));
  return { ...node, attributes: { shape } };
}

function differingAxes(a: Shape, b: Shape): number[] {
  return a.flatMap((size, axis) => (size === b[axis] ? [] : [axis]));
}
