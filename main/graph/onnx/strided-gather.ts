/**
 * Views that PyTorch's exporter of today writes as a Gather of every single number (`as_strided`, behind a mean or a
 * transposition): in order they are a Reshape, else a Reshape and a Transpose, which do not depend on how many images
 * there are.
 */
import type { ExpandedNode } from '../operators/operator.ts';
import { elements, type Shape } from '../shape.ts';
import type { OnnxNode } from './node.ts';

/**
 * Null where the node takes no view of the whole of a flat value.
 * @param from shape of what is gathered, where it is known
 */
export function wholeView(
  source: OnnxNode,
  from: Shape | undefined,
): readonly ExpandedNode[] | null {
  if (source.opType !== 'Gather' || from?.length !== 1 || source.int('axis', 0) > 0) return null;
  const places = source.constantTensor(1);
  if (places?.type !== 'int64' || elements(places.shape) !== from[0] || from[0] < 2) return null;
  const { shape, integers } = places;
  const strides = stridesOf(shape, integers);
  if (!strides) return null;
  const axes = [...shape.keys()];
  const long = axes.filter((axis) => shape[axis]! > 1);
  // From the axis whose neighbours lie farthest apart to the one whose numbers lie side by side.
  const sorted = long.toSorted((a, b) => strides[b]! - strides[a]!);
  const stored = sorted.map((axis) => shape[axis]!);
  if (sorted.some((axis, i) => strides[axis] !== elements(stored.slice(i + 1)))) return null;
  const [x] = source.inputs;
  const [output] = source.outputs;
  const reshape = (to: string, sizes: Shape): ExpandedNode => ({
    ...{ kind: 'Reshape', inputs: [x!], outputs: [to], attributes: { shape: sizes } },
  });
  if (sorted.every((axis, i) => axis === long[i])) return [reshape(output!, shape)];
  const turned = `${output!}:stored`;
  const order = [...sorted, ...axes.filter((axis) => shape[axis] === 1)];
  const permutation = axes.map((axis) => order.indexOf(axis));
  return [
    reshape(
      turned,
      order.map((axis) => shape[axis]!),
    ),
    { kind: 'Transpose', inputs: [turned], outputs: [output!], attributes: { permutation } },
  ];
}

/** How far apart neighbours along each axis lie; null where that is not the same everywhere. */
function stridesOf(shape: Shape, places: readonly number[]): readonly number[] | null {
  const steps = shape.map((_, axis) => elements(shape.slice(axis + 1)));
  const strides = shape.map((size, axis) => (size > 1 ? places[steps[axis]!]! : 0));
  for (const [index, place] of places.entries()) {
    const wanted = shape.reduce((sum, size, axis) => {
      const at = Math.floor(index / steps[axis]!) % size;
      return sum + at * strides[axis]!;
    }, 0);
    if (place !== wanted) return null;
  }
  return strides;
}
