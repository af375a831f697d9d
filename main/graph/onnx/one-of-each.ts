import type { Graph, Initializer, Node, Shape } from '../graph.ts';
import { elements } from '../shape.ts';

/** These broadcast: what every image has alike may be there once. */
export const broadcasting = new Set<Node['kind']>([
  ...(['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Power'] as const),
  ...(['Masked', 'EqualMask', 'GreaterMask', 'MatMul'] as const),
]);

/** Constants that were written out once for each image of the export, as masks of attention are, are there once. */
export function withOneOfEach(graph: Graph, images: number): Graph {
  if (images < 2) return graph;
  const elsewhere = new Set([
    ...graph.outputs,
    ...graph.nodes.flatMap(({ kind, inputs }) => (broadcasting.has(kind) ? [] : inputs)),
  ]);
  const initializers = new Map(graph.initializers);
  for (const [name, initializer] of graph.initializers) {
    if (initializer.shape.length < 3 || elsewhere.has(name)) continue;
    const one = oneOfEach(initializer, images);
    if (one) initializers.set(name, one);
  }
  return { ...graph, initializers };
}

/**
 * A constant for one image; null where images have no constant, or not all the same.
 * @param parts whether an image may have several of its first axis, as its windows have masks
 */
function oneOfEach(
  { shape, values, constant }: Initializer,
  images: number,
  parts = false,
): (Initializer & { readonly shape: Shape }) | null {
  if (!constant || images < 2 || shape.length === 0) return null;
  const count = shape[0]! / images;
  if (!(parts ? Number.isInteger(count) : count === 1)) return null;
  const one = [count, ...shape.slice(1)];
  if (values.kind === 'constant') return count === 1 ? { shape: one, values, constant } : null;
  if (values.kind !== 'data') return null;
  const size = elements(one);
  const { data } = values;
  if (!data.every((value, i) => value === data[i % size])) return null;
  return { ...{ shape: one, constant }, values: { kind: 'data', data: data.slice(0, size) } };
}

/**
 * The name of a constant for one image, such as numbers that images are padded with; else the same name. Infinity, with
 * which the input of a maximum is padded, stays as it is: images that hold it give no zero to repeat it by.
 */
export function onceOf(
  name: string,
  images: number,
  initializers: Map<string, Initializer>,
  grown: Map<string, Shape>,
  parts = false,
): string {
  const initializer = initializers.get(name);
  const one = initializer && oneOfEach(initializer, images, parts);
  if (!one || !isFinite(one)) return name;
  const once = `${name}:once`;
  initializers.set(once, one);
  grown.set(once, one.shape);
  return once;
}

const isFinite = ({ values }: Initializer): boolean =>
  values.kind === 'constant'
    ? Number.isFinite(values.value)
    : values.kind === 'data' && values.data.every((value) => Number.isFinite(value));

/** Whether a node computes nothing from one image and another. */
export const keepsImagesApart = ({ kind, attributes }: Node): boolean =>
  broadcasting.has(kind) ||
  (kind === 'Transpose' && attributes.permutation[0] === 0) ||
  ((kind === 'Concat' || kind === 'LinearAlongAxis') && attributes.axis !== 0) ||
  ((kind === 'Slice' || kind === 'Unsqueeze') && !attributes.axes.includes(0)) ||
  ['Identity', 'Reshape', 'Sqrt', 'Exp', 'Sin', 'Cos', 'Neg', 'Sigmoid', 'Conv'].includes(kind);

/** Whether the first axis, in which what belongs to one image lies together, is that of one image. */
export const isOnce = (now: Shape, was: Shape, images: number): boolean =>
  now[0]! * images === was[0] &&
  now.length === was.length &&
  now.slice(1).join() === was.slice(1).join();

/**
 * The same for one image of a node that no image reaches: a repetition, or what passes on a value that was repeated, or
 * a constant that was written out for each image of the export, as the ones of a mask are whose sums are positions.
 */
export function forOneImage(
  node: Node,
  was: Shape,
  once: ReadonlySet<string>,
  grown: ReadonlyMap<string, Shape>,
  images: number,
  onceOf: (constant: string) => string,
): Node | null {
  if (images < 2 || was.length === 0 || was[0]! % images !== 0) return null;
  const { name, outputs } = node;
  const inputs = keepsImagesApart(node) ? node.inputs.map(onceOf) : node.inputs;
  const isCopied = node.kind === 'Concat' && node.attributes.axis === 0;
  const repeats = (isCopied && new Set(inputs).size === 1) || node.kind === 'Expand';
  if (repeats && isOnce(grown.get(inputs[0]!) ?? [], was, images)) {
    return { kind: 'Identity', name, inputs: inputs.slice(0, 1), outputs, attributes: {} };
  }
  if (!inputs.some((input, i) => once.has(input) || input !== node.inputs[i])) return null;
  if (node.kind !== 'Reshape') return { ...node, inputs };
  return { ...node, inputs, attributes: { shape: [was[0]! / images, ...was.slice(1)] } };
}
