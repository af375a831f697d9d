/** Einsum as sums, turns and one matrix product for each pair of operands. Source: ONNX Einsum, NumPy's rules. */
import type { OnnxNode } from '../onnx/node.ts';
import { Composition } from './composed.ts';
import { unsupportedAttribute, type ExpandedNode, type ExpansionContext } from './operator.ts';

/** A value and what each of its axes is called. */
interface Term {
  readonly name: string;
  readonly axes: readonly string[];
}

export function expandEinsum(source: OnnxNode, context: ExpansionContext): readonly ExpandedNode[] {
  const equation = source.string('equation', '').replaceAll(' ', '');
  const refused = () => unsupportedAttribute(source, `equation=${equation}`);
  const [left = '', right] = equation.split('->');
  const words = left.split(',');
  if (words.length !== source.inputs.length) throw refused();
  const sizes = new Map<string, number>();
  const terms = words.map((word, i): Term => {
    const name = source.inputs[i]!;
    const shape = context.shapeOf(name);
    const axes = axesOf(word, shape.length);
    if (axes.length !== shape.length || new Set(axes).size !== axes.length) throw refused();
    axes.forEach((axis, place) => {
      const known = sizes.get(axis) ?? 1;
      if (known !== 1 && shape[place] !== 1 && known !== shape[place]) throw refused();
      sizes.set(axis, Math.max(known, shape[place]!));
    });
    return { name, axes };
  });
  const all = terms.flatMap(({ axes }) => axes);
  // Without an arrow: what occurs once, in the order of the alphabet, behind the axes of an ellipsis.
  const implied = [...new Set(all)].filter(
    (axis) => axis.startsWith('.') || all.indexOf(axis) === all.lastIndexOf(axis),
  );
  const ellipsis = [...new Set(all)].filter((axis) => axis.startsWith('.')).sort();
  const wanted =
    right === undefined
      ? implied.sort()
      : right.includes('...')
        ? right.split('...').flatMap((part, i) => (i === 0 ? [...part] : [...ellipsis, ...part]))
        : [...right];
  if (wanted.some((axis) => !sizes.has(axis))) throw refused();
  const compose = new Composition(source, context);
  let [value] = terms as [Term, ...Term[]];
  for (const [i, next] of terms.slice(1).entries()) {
    const later = terms.slice(i + 2).flatMap(({ axes }) => axes);
    const kept = new Set([...wanted, ...later]);
    value = product(compose, value, next, kept, sizes);
  }
  const summed = without(compose, value, (axis) => !wanted.includes(axis));
  return compose.ending(turned(compose, summed, wanted));
}

/** Letters of one operand; an ellipsis stands for as many axes as are left, named from the back. */
function axesOf(word: string, rank: number): string[] {
  if (!word.includes('...')) return [...word];
  const [before = '', after = ''] = word.split('...');
  const hidden = Math.max(0, rank - before.length - after.length);
  const names = Array.from(
    { length: hidden },
    (_, i) => `.${String.fromCharCode(122 - hidden + 1 + i)}`,
  );
  return [...before, ...names, ...after];
}

/** Sums over axes. */
function without(
  compose: Composition,
  { name, axes }: Term,
  gone: (axis: string) => boolean,
): Term {
  const places = axes.flatMap((axis, place) => (gone(axis) ? [place] : []));
  if (places.length === 0) return { name, axes };
  const sum = compose.op('ReduceSum', [name], { axes: places, keepDims: false });
  return { name: sum, axes: axes.filter((axis) => !gone(axis)) };
}

function turned(compose: Composition, { name, axes }: Term, order: readonly string[]): string {
  const permutation = order.map((axis) => axes.indexOf(axis));
  if (permutation.every((axis, place) => axis === place)) return name;
  return compose.op('Transpose', [name], { permutation });
}

/** Axes of both that are kept are those of a stack; of both and not kept, what is summed over. */
function product(
  compose: Composition,
  a: Term,
  b: Term,
  kept: ReadonlySet<string>,
  sizes: ReadonlyMap<string, number>,
): Term {
  const own = (term: Term, other: Term) =>
    without(compose, term, (axis) => !kept.has(axis) && !other.axes.includes(axis));
  const [left, right] = [own(a, b), own(b, a)];
  const shared = left.axes.filter((axis) => right.axes.includes(axis));
  const stack = shared.filter((axis) => kept.has(axis));
  const inner = shared.filter((axis) => !kept.has(axis));
  const rows = left.axes.filter((axis) => !shared.includes(axis));
  const columns = right.axes.filter((axis) => !shared.includes(axis));
  const size = (axes: readonly string[]) =>
    axes.reduce((count, axis) => count * sizes.get(axis)!, 1);
  const shape = (axes: readonly string[]) => axes.map((axis) => sizes.get(axis)!);
  const matrix = (term: Term, first: readonly string[], second: readonly string[]) =>
    compose.op('Reshape', [turned(compose, term, [...stack, ...first, ...second])], {
      // A stack of one at least: a product of two matrices would be read as a fully connected layer.
      shape: [size(stack), size(first), size(second)],
    });
  const factors = [matrix(left, rows, inner), matrix(right, inner, columns)];
  const name = compose.op('Reshape', [compose.op('MatMul', factors, {})], {
    shape: [...shape(stack), ...shape(rows), ...shape(columns)],
  });
  return { name, axes: [...stack, ...rows, ...columns] };
}
