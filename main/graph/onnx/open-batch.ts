/**
 * Exporters bake the batch size of their example into the network: a view of 1 x 512, a Reshape to 2 x 8 x 64.
 * This makes such a network accept any batch, and says so where it cannot.
 */
import { WorkbenchError } from '../../errors.ts';
import type { Graph, Initializer, Node, NodeOf, Shape } from '../graph.ts';
import { inferNode, inferShapes } from '../infer-shapes.ts';
import { elements } from '../shape.ts';
import { perImage, type BatchPlace } from './batch-place.ts';
import { forOneImage, isOnce, keepsImagesApart, onceOf, withOneOfEach } from './one-of-each.ts';

/**
 * @param frozen the batch size that the graph's shapes were written for
 * @returns the graph with Reshape nodes that infer the axis the images are in, and with what a batch of one has
 * once (a class token) repeated for each image. Where that is not enough, the graph with the batch size as its
 * input's first axis.
 */
export function openBatch(read: Graph, frozen: number): Graph {
  if (read.inputs.some(({ shape }) => shape.slice(1).includes(null))) return read; // sizes are not known yet
  const reduced = withOneOfEach(read, frozen);
  const reducedShapes = unlessRefused(() => inferShapes(reduced, frozen));
  // A constant of each image may be all that made something else as many as the images.
  const graph = reducedShapes ? reduced : read;
  const shapes = reducedShapes ?? inferShapes(read, frozen);
  const bound: Graph = {
    ...graph,
    inputs: graph.inputs.map((input) => ({ ...input, shape: [frozen, ...input.shape.slice(1)] })),
  };
  // What could be a repetition for each image may be one for something else of which there are as many.
  for (const alike of [null, 'images', 'parts'] as const) {
    const initializers = new Map(graph.initializers);
    const nodes = unlessRefused(() => openedNodes(graph, frozen, shapes, alike, initializers));
    if (!nodes) continue;
    const repeated = nodes.some(({ inputs }) => inputs.includes(zeroOfImages));
    if (repeated) initializers.set(zeroOfImages, nothing);
    const used = new Set(nodes.flatMap(({ inputs }) => inputs));
    return {
      ...graph,
      nodes,
      initializers: new Map([...initializers].filter(([name]) => used.has(name))),
    };
  }
  return bound;
}

function unlessRefused<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof WorkbenchError) return null;
    throw error;
  }
}

/** Of a node's first output; nothing is noted. */
function shapeOf(node: Node, known: ReadonlyMap<string, Shape>): Shape {
  const shapes = new Map(node.inputs.map((name) => [name, known.get(name) ?? []]));
  inferNode(node, shapes);
  return shapes.get(node.outputs[0]!) ?? [];
}

/** A number that is added to values so that they become as many as the images. */
export const zeroOfImages = ':zeroOfImages';
const nothing: Initializer = { shape: [], values: { kind: 'constant', value: 0 }, constant: true };

/**
 * Null where a value does not grow with the batch, or does so along more than one axis.
 * @param alike whether what no image reaches, and is repeated as often as there were images, is there once instead:
 * also constants that have several places in their first axis for each image
 * @param initializers of the graph; constants for one image are added
 */
function openedNodes(
  graph: Graph,
  frozen: number,
  shapes: ReadonlyMap<string, Shape>,
  alike: 'images' | 'parts' | null,
  initializers: Map<string, Initializer>,
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
  const once = new Set<string>();
  const partsOf = (name: string) => onceOf(name, frozen, initializers, grown, alike === 'parts');
  for (const node of graph.nodes) {
    if (node.inputs.some((input) => once.has(input)) && !keepsImagesApart(node)) return null;
    const output = node.outputs[0]!;
    const place = node.inputs.map((input) => places.get(input)).find((found) => found);
    const joined = node.kind === 'Concat' && place?.axis === 0;
    const ready = joined
      ? withRepeated(node, places, grown, nodes, (name) =>
          onceOf(name, frozen, initializers, grown),
        )
      : place && node.kind === 'Expand'
        ? widened(node, place, shapes.get(node.inputs[0]!) ?? [], frozen)
        : node;
    const was = shapes.get(output) ?? [];
    const single = alike && !place ? forOneImage(node, was, once, grown, frozen, partsOf) : null;
    const one = single && unlessRefused(() => shapeOf(single, grown));
    if (single && one && isOnce(one, was, frozen)) {
      nodes.push(single);
      inferNode(single, grown);
      once.add(output);
      continue;
    }
    // A constant may have as many values as there were images by chance; what is there once cannot go back.
    if (single && node.inputs.some((input) => once.has(input))) return null;
    const apart = place && perImage(node, places, grown, once, frozen, partsOf);
    if (apart) {
      for (const part of apart(was)) {
        nodes.push(part);
        inferNode(part, grown);
      }
      places.set(output, { axis: 0, before: 1 });
      continue;
    }
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

/** An expansion of images to the sizes of others, as of norms to what is divided by them: there are as many as come. */
function widened(node: NodeOf<'Expand'>, { axis }: BatchPlace, from: Shape, images: number): Node {
  const place = axis + node.attributes.shape.length - from.length;
  if (place < 0 || from[axis] !== node.attributes.shape[place] || from[axis]! % images !== 0) {
    return node;
  }
  const shape = node.attributes.shape.map((size, i) => (i === place ? 1 : size));
  return { ...node, attributes: { shape } };
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
  onceOf: (constant: string) => string,
): Node {
  const images = node.inputs.find((name) => places.has(name))!;
  const [, ...axes] = (grown.get(images) ?? []).keys();
  const add = (added: Node) => {
    inferNode(added, grown);
    nodes.push(added);
    return added.outputs[0]!;
  };
  const inputs = node.inputs.map((name, i) => {
    if (places.has(name)) return name;
    const once = beforeRepeating(onceOf(name), grown, nodes);
    const shape = grown.get(once) ?? [];
    if (shape.length > axes.length && shape[0] !== 1) return name;
    const made = (part: string) => ({
      name: `${node.name}:${i}:${part}`,
      outputs: [`${node.outputs[0]!}:${i}:${part}`],
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

/**
 * A value before it was repeated along its first axis alone, which it may not have had; the value itself where it was
 * not.
 */
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
  const written = [...new Array<number>(Math.max(0, to.length - from.length)).fill(1), ...from];
  return written.length === to.length && written[0] === 1 && rest(written) === rest(to)
    ? maker.inputs[0]!
    : name;
}

/**
 * Reshape keeps the order of values, so as many of them lie before the images as did. Null where that
 * leaves several axes to choose from, as a batch of one does in the middle of a tensor, unless all axes from the
 * images on stay as they are.
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
  if (candidates.length === 1 || preceding === 1) return candidates[0] ?? null;
  const kept = axis + to.length - from.length;
  const stays = before === 1 && from.slice(axis).join() === to.slice(Math.max(0, kept)).join();
  return (stays && candidates.find((place) => place.axis === kept && place.before === 1)) || null;
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
