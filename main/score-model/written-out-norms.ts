/** Normalisations that exporters spell out in arithmetic. */
import { WorkbenchError } from '../errors.ts';
import type { Graph, Node, NodeOf } from '../graph/graph.ts';
import { inferShapes, type Shapes } from '../graph/infer-shapes.ts';

type Mean = NodeOf<'ReduceMean'>;

/** Values keep their numbers in these. */
const moving = new Set<Node['kind']>([
  ...(['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose'] as const),
]);
/** What a variance goes through before its root is taken: epsilon, factors, what keeps it from being negative. */
const beforeRoot = new Set<Node['kind']>([...moving, 'Add', 'Mul', 'Div', 'Relu', 'Clip', 'Max']);
/** What the root goes through before something is scaled by it. */
const behindRoot = new Set<Node['kind']>([...moving, 'Mul', 'Div', 'Pow', 'Reciprocal']);

/** What a graph spells out of normalisations. */
export interface WrittenOutNorms {
  /**
   * Nodes with which they begin, the means of what they normalise: before opset 17 exporters write LayerNormalization
   * as mean, differences, squares, root and quotient. tf2onnx writes BatchNormalization in training mode as mean and
   * variance, and as a factor and a shift that are made of them.
   */
  readonly means: ReadonlySet<Mean>;
  /** Whether one of them takes its statistics over the images of a batch. */
  readonly overBatches: boolean;
}

export function writtenOutNorms(graph: Graph): WrittenOutNorms {
  const ofImages = valuesOfImages(graph);
  const means = meansOfNorms(graph.nodes, ofImages);
  return { means, overBatches: areOverBatches(graph, means, ofImages) };
}

function meansOfNorms(
  nodes: readonly Node[],
  ofImages: ReadonlySet<string>,
): WrittenOutNorms['means'] {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node])));
  const readers = new Map<string, Node[]>();
  for (const node of nodes) {
    for (const input of new Set(node.inputs)) {
      const known = readers.get(input);
      if (known) known.push(node);
      else readers.set(input, [node]);
    }
  }
  return new Set(
    nodes.flatMap((node) => {
      if (node.kind === 'Div') return quotientOf(node) ?? [];
      if (!isRoot(node)) return [];
      const variance = varianceUnder(node.inputs[0]!);
      if (!variance || !ofImages.has(variance.of[0]!)) return [];
      return scales(node.outputs[0]!, variance.of) ? [variance.mean] : [];
    }),
  );

  function made<K extends Node['kind']>(value: string, kind: K): NodeOf<K> | null {
    const maker = makers.get(value);
    return maker?.kind === kind ? (maker as NodeOf<K>) : null;
  }

  /** Differences from a mean over a root. */
  function quotientOf({ inputs }: Node): Mean | null {
    const difference = made(inputs[0]!, 'Sub');
    const root = made(inputs[1]!, 'Sqrt') ?? made(inputs[1]!, 'Pow');
    return root && difference && made(difference.inputs[1]!, 'ReduceMean');
  }

  /** The value before it was moved. */
  function origin(value: string): string {
    let at = value;
    for (let maker = makers.get(at); maker && moving.has(maker.kind); maker = makers.get(at)) {
      at = maker.inputs[0]!;
    }
    return at;
  }

  /** What is squared; null where nothing is. */
  function squared(value: string): string | null {
    const maker = makers.get(origin(value));
    return maker && isSquare(maker) ? maker.inputs[0]! : null;
  }

  function meanOf(value: string): Mean | null {
    return made(origin(value), 'ReduceMean');
  }

  /**
   * The mean of a value's squared differences from its mean, or of its squares less the square of its mean, or of its
   * squares.
   */
  function varianceOf(node: Node): { readonly mean: Mean; readonly of: readonly string[] } | null {
    const [first, second] = node.inputs as readonly [string, string?];
    if (node.kind === 'Sub') {
      const [square, mean] = [meanOf(first), meanOf(squared(second!) ?? '')];
      const x = square && squared(square.inputs[0]!);
      const same = mean !== null && x !== null && origin(mean.inputs[0]!) === origin(x);
      return same ? { mean, of: [origin(x)] } : null;
    }
    const difference = node.kind === 'ReduceMean' ? squared(first) : null;
    if (difference === null) return null;
    const sides = made(origin(difference), 'Sub')?.inputs;
    // RMSNorm takes no mean off.
    if (!sides) return { mean: node as Mean, of: [origin(difference)] };
    for (const [x, other] of [sides, sides.toReversed()] as [string, string][]) {
      const mean = meanOf(other);
      if (mean && origin(mean.inputs[0]!) === origin(x)) {
        return { mean, of: [origin(x), origin(difference)] };
      }
    }
    return null;
  }

  /** The variance that a root is taken of. */
  function varianceUnder(value: string, steps = 6): ReturnType<typeof varianceOf> {
    const maker = makers.get(value);
    if (!maker || steps === 0) return null;
    const variance = varianceOf(maker);
    if (variance || !beforeRoot.has(maker.kind)) return variance;
    for (const input of maker.inputs) {
      const under = varianceUnder(input, steps - 1);
      if (under) return under;
    }
    return null;
  }

  /** Whether one of some values is multiplied or divided by what is made of a root: a pooled deviation scales nothing. */
  function scales(root: string, values: readonly string[], steps = 6): boolean {
    if (steps === 0) return false;
    return (readers.get(root) ?? []).some((node) => {
      if (!behindRoot.has(node.kind)) return false;
      const isFactor = node.kind === 'Mul' || node.kind === 'Div';
      const others = node.inputs.filter((input) => input !== root).map(origin);
      if (isFactor && others.some((input) => values.includes(input))) return true;
      return scales(node.outputs[0]!, values, steps - 1);
    });
  }
}

/** Whether a value is multiplied by itself. */
export const isSquare = (node: Node): boolean =>
  node.kind === 'Mul'
    ? node.inputs[0] === node.inputs[1]
    : node.kind === 'Pow' && node.attributes.exponent === 2;

const isRoot = (node: Node): boolean =>
  node.kind === 'Sqrt' || (node.kind === 'Pow' && Math.abs(node.attributes.exponent) === 0.5);

function areOverBatches(
  graph: Graph,
  written: WrittenOutNorms['means'],
  ofImages: ReadonlySet<string>,
): boolean {
  const means = [...written].filter(
    ({ inputs: [x], attributes: { axes } }) => axes.length > 1 && ofImages.has(x!),
  );
  if (means.some(({ attributes: { axes } }) => axes.includes(0))) return true;
  const fromBehind = means.filter(({ attributes: { axes } }) => axes.some((axis) => axis < 0));
  if (fromBehind.length === 0) return false;
  const shapes = shapesOf(graph);
  return fromBehind.some(({ inputs: [x], attributes: { axes } }) => {
    const rank = shapes?.get(x!)?.length;
    return rank !== undefined && axes.includes(-rank);
  });
}

/** With a size for images of any, since only how many axes there are matters; null where that size does not fit. */
function shapesOf(graph: Graph): Shapes | null {
  const inputs = graph.inputs.map((input) => ({
    ...input,
    shape: input.shape.map((size, axis) => size ?? (axis === 0 ? 2 : 256)),
  }));
  try {
    return inferShapes({ ...graph, inputs }, 2);
  } catch (error) {
    if (error instanceof WorkbenchError) return null;
    throw error;
  }
}

/** Values that depend on the images: weights are standardised by the same arithmetic. */
function valuesOfImages({ nodes, inputs }: Graph): ReadonlySet<string> {
  const values = new Set(inputs.map(({ name }) => name));
  for (const node of nodes) {
    if (node.inputs.some((input) => values.has(input)))
      for (const output of node.outputs) values.add(output);
  }
  return values;
}
