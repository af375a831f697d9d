/**
 * GatherND and ScatterND with constant indices: places of the first axes taken, or written, one by one. The axes that
 * indices go through are laid into one, of which rows are selected.
 */
import type { OnnxNode } from '../onnx/node.ts';
import { elements, type Shape } from '../shape.ts';
import { Composition } from './composed.ts';
import { unsupportedAttribute, type ExpandedNode, type ExpansionContext } from './operator.ts';

/**
 * Which places of the first axes an array of index rows names, counted row by row; null where one lies outside.
 * Negative numbers count from the end.
 * @param first sizes of these axes
 */
export function placesOfRows(rows: readonly number[], first: Shape): readonly number[] | null {
  const places = Array.from({ length: rows.length / Math.max(1, first.length) }, (_, row) => {
    let place = 0;
    for (const [axis, size] of first.entries()) {
      const written = rows[row * first.length + axis]!;
      const index = written < 0 ? written + size : written;
      if (index < 0 || index >= size) return -1;
      place = place * size + index;
    }
    return place;
  });
  return places.includes(-1) ? null : places;
}

/** Places of GatherND where the first `batches` axes belong together: each row counts within its own. */
export function gatheredPlaces(
  { integers, shape }: { readonly integers: readonly number[]; readonly shape: Shape },
  of: Shape,
  batches: number,
): { readonly places: readonly number[]; readonly shape: Shape } | null {
  const depth = shape.at(-1) ?? 0;
  const lead = shape.slice(0, -1);
  const groups = elements(of.slice(0, batches));
  if (depth < 1 || batches + depth > of.length || batches > lead.length) return null;
  if (elements(lead.slice(0, batches)) !== groups) return null;
  const first = of.slice(batches, batches + depth);
  const within = placesOfRows(integers, first);
  if (!within) return null;
  const each = within.length / groups;
  const places = within.map((place, row) => Math.floor(row / each) * elements(first) + place);
  return { places, shape: [...lead, ...of.slice(batches + depth)] };
}

function constantIndices(source: OnnxNode) {
  const indices = source.constantTensor(1);
  if (indices?.type === 'int64') return indices;
  throw unsupportedAttribute(source, 'indices that are no constants');
}

/** Source: ONNX GatherND. */
export function expandGatherNd(
  source: OnnxNode,
  context: ExpansionContext,
): readonly ExpandedNode[] {
  const x = context.asFloats(source.inputs[0]!);
  const shape = context.shapeOf(x);
  const indices = constantIndices(source);
  const batches = source.int('batch_dims', 0);
  const taken = gatheredPlaces(indices, shape, batches);
  if (!taken) throw unsupportedAttribute(source, 'indices that do not fit');
  const through = batches + indices.shape.at(-1)!;
  const compose = new Composition(source, context);
  const rows = compose.op('Reshape', [x], { shape: [-1, ...shape.slice(through)] });
  const { places } = taken;
  const picked = compose.op('Gather', [rows], {
    axis: 0,
    indices: places,
    indicesShape: [places.length],
  });
  return compose.ending(compose.op('Reshape', [picked], { shape: taken.shape }));
}

/** What is written twice: the last remains, or everything adds up. Source: ONNX ScatterND. */
export function expandScatterNd(
  source: OnnxNode,
  context: ExpansionContext,
): readonly ExpandedNode[] {
  const [x, , updates] = source.inputs.map((name) => context.asFloats(name));
  const shape = context.shapeOf(x!);
  const indices = constantIndices(source);
  const reduction = source.string('reduction', 'none');
  if (reduction !== 'none' && reduction !== 'add') {
    throw unsupportedAttribute(source, `reduction=${reduction}`);
  }
  const depth = indices.shape.at(-1) ?? 0;
  const [first, rest] = [shape.slice(0, depth), shape.slice(depth)];
  const written = depth > 0 && depth <= shape.length ? placesOfRows(indices.integers, first) : null;
  if (!written) throw unsupportedAttribute(source, 'indices that do not fit');
  const count = elements(first);
  const compose = new Composition(source, context);
  const rows = compose.op('Reshape', [x!], { shape: [count, ...rest] });
  const news = compose.op('Reshape', [updates!], { shape: [written.length, ...rest] });
  const whole = reduction === 'add' ? added() : replaced();
  return compose.ending(compose.op('Reshape', [whole], { shape }));

  /** Rows of the old and the new values, one behind the other, of which each place takes one. */
  function replaced(): string {
    const both = compose.op('Concat', [rows, news], { axis: 0 });
    const from = Array.from({ length: count }, (_, place) => place);
    written!.forEach((place, row) => (from[place] = count + row));
    return compose.op('Gather', [both], { axis: 0, indices: from, indicesShape: [count] });
  }

  /** As many times as some place is written at most, each place gets a row, or zeros. */
  function added(): string {
    const zeros = rest.flatMap(() => 0);
    const padded = compose.op('Pad', [news], { pads: [0, ...zeros, 1, ...zeros] });
    const left = written!.map((place, row) => ({ place, row }));
    let sum = rows;
    while (left.length > 0) {
      const from = new Array<number>(count).fill(written!.length);
      for (let i = 0; i < left.length;) {
        const { place, row } = left[i]!;
        if (from[place] === written!.length) {
          from[place] = row;
          left.splice(i, 1);
        } else i += 1;
      }
      const layer = compose.op('Gather', [padded], {
        axis: 0,
        indices: from,
        indicesShape: [count],
      });
      sum = compose.plus(sum, layer);
    }
    return sum;
  }
}
