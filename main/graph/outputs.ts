/** Which output of a network is scored, and in what shape. */
import { WorkbenchError } from '../errors.ts';
import { bindImage } from './bind.ts';
import { withoutUnused } from './forms.ts';
import type { Graph, Node, NodeOf } from './graph.ts';
import { inferShapes } from './infer-shapes.ts';
import { formatShape, type Shape } from './shape.ts';

/** The network with some of its outputs, in this order; what leads to the others alone is left out. */
export function withOnly(graph: Graph, outputs: readonly string[]): Graph {
  const needed = new Set(outputs);
  const kept: Node[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    for (const name of node.inputs) needed.add(name);
    kept.push(node);
  }
  return withoutUnused({ ...graph, outputs, nodes: kept.reverse() });
}

/**
 * A network of several outputs with the one that is named, or with the first that `suits`.
 * @param image channels, height, width: sizes of outputs follow
 * @returns `left`: the outputs that are not scored, with their shapes
 * @throws WorkbenchError `unknown-output` listing those that there are
 */
export function withOutput(
  graph: Graph,
  image: readonly [number, number, number],
  wanted: string | null,
  suits: (shape: Shape) => boolean,
): { readonly graph: Graph; readonly left: readonly string[] } {
  if (wanted !== null) return withOutputs(graph, image, [wanted]);
  if (graph.outputs.length === 1) return { graph, left: [] };
  const { shapes, written } = outputShapes(graph, image);
  const chosen = graph.outputs.find((name) => suits(shapes.get(name) ?? []));
  if (chosen === undefined) return { graph, left: [] };
  const left = graph.outputs.filter((name) => name !== chosen).map(written);
  return { graph: withOnly(graph, [chosen]), left };
}

/**
 * A network with those of its outputs that are named, in the order in which they are.
 * @throws WorkbenchError `unknown-output` listing those that there are
 */
export function withOutputs(
  graph: Graph,
  image: readonly [number, number, number],
  wanted: readonly string[],
): { readonly graph: Graph; readonly left: readonly string[] } {
  const { written } = outputShapes(graph, image);
  const unknown = wanted.find((name) => !graph.outputs.includes(name));
  if (unknown !== undefined) {
    throw new WorkbenchError(
      'unknown-output',
      `"${graph.name}" has no output "${unknown}".`,
      `Its outputs: ${graph.outputs.map(written).join(', ')}.`,
    );
  }
  const left = graph.outputs.filter((name) => !wanted.includes(name)).map(written);
  return { graph: withOnly(graph, wanted), left };
}

function outputShapes(graph: Graph, image: readonly [number, number, number]) {
  const shapes = inferShapes(bindImage(graph, image), 2);
  const written = (name: string) =>
    `${name} (N x ${formatShape((shapes.get(name) ?? []).slice(1))})`;
  return { shapes, written };
}

/** Whether a shape is that of logits of images: N x classes, also with axes of one place around the classes. */
export const areLogits = (shape: Shape): boolean =>
  shape.length >= 2 && shape.slice(1).filter((size) => size !== 1).length <= 1;

/** Logits of N x classes x 1 x 1, or of N x 1 x 1 x classes, as N x classes. */
export function withFlatLogits(graph: Graph, image: readonly [number, number, number]): Graph {
  if (graph.outputs.length !== 1) return graph;
  const output = graph.outputs[0]!;
  const shape = inferShapes(bindImage(graph, image), 2).get(output) ?? [];
  if (shape.length < 3 || !areLogits(shape)) return graph;
  const flat: NodeOf<'Flatten'> = {
    kind: 'Flatten',
    name: 'logits without places',
    inputs: [output],
    outputs: [':flatLogits'],
    attributes: { axis: 1 },
  };
  return { ...graph, nodes: [...graph.nodes, flat], outputs: [':flatLogits'] };
}

/** Of a network with a single output that is a map with its classes last: the same with its classes first. */
export function withClassesFirst(graph: Graph, image: readonly [number, number, number]): Graph {
  if (graph.outputs.length !== 1) return graph;
  const output = graph.outputs[0]!;
  const shape = inferShapes(bindImage(graph, image), 2).get(output) ?? [];
  if (shape.length !== 4 || !hasClassesLast(graph, shape, image)) return graph;
  const turned: NodeOf<'Transpose'> = {
    kind: 'Transpose',
    name: 'maps with classes first',
    inputs: [output],
    outputs: [':classesFirst'],
    attributes: { permutation: [0, 3, 1, 2] },
  };
  return { ...graph, nodes: [...graph.nodes, turned], outputs: [':classesFirst'] };
}

/**
 * Nothing says which axes are height and width: those that are to each other as the image's are. Classes come first
 * wherever that can be.
 */
function hasClassesLast(
  graph: Graph,
  [, first = 0, second = 0, third = 0]: Shape,
  [, height, width]: readonly [number, number, number],
): boolean {
  const areSizes = (h: number, w: number) => h * width === w * height;
  // Sizes that are no multiples of the stride are rounded.
  const areRounded = (h: number, w: number) => Math.round(height / h) === Math.round(width / w);
  const [last, usual] = [areSizes(first, second), areSizes(second, third)];
  if (usual && !last) return false;
  const [lastRounded, usualRounded] = [areRounded(first, second), areRounded(second, third)];
  if (last && !usualRounded) return true;
  if (!last && lastRounded !== usualRounded) return lastRounded;
  return isTurnedLast(graph, graph.outputs[0]!);
}

const keeping = new Set<Node['kind']>(['Identity', 'Softmax', 'LogSoftmax', 'Sigmoid', 'Relu']);

/** Whether the output's channels have just been turned to the last axis. */
export function isTurnedLast({ nodes }: Pick<Graph, 'nodes'>, output: string): boolean {
  const makers = new Map(nodes.map((node) => [node.outputs[0]!, node]));
  let maker = makers.get(output);
  while (maker && keeping.has(maker.kind)) maker = makers.get(maker.inputs[0]!);
  return maker?.kind === 'Transpose' && maker.attributes.permutation.join() === '0,2,3,1';
}
