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

/** A constant for one image; null where images have no constant, or not all the same. */
function oneOfEach(
  { shape, values, constant }: Initializer,
  images: number,
): (Initializer & { readonly shape: Shape }) | null {
  if (!constant || images < 2 || shape[0] !== images) return null;
  const one = [1, ...shape.slice(1)];
  if (values.kind === 'constant') return { shape: one, values, constant };
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
): string {
  const initializer = initializers.get(name);
  const one = initializer && oneOfEach(initializer, images);
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
