/** Values of the reference evaluator, and how to walk through their elements. */
import type { NodeOf, OperatorKind } from '../../../main/graph/graph.ts';
import type { Shape } from '../../../main/graph/shape.ts';
import type { Known } from '../../../main/common/known.ts';

export interface Value {
  readonly shape: Shape;
  /** Row-major. */
  readonly data: Float64Array;
}

/** Fills the outputs, which have their shape and are zero. Inputs left out are undefined. */
export type Evaluation<K extends OperatorKind> = (
  node: NodeOf<K>,
  inputs: Known<Value>,
  outputs: Known<Value>,
) => void;

export type Evaluations = { readonly [K in OperatorKind]?: Evaluation<K> };

/** The coordinates of the index-th value of a shape. */
export function placeOf(index: number, shape: Shape): number[] {
  const place = new Array<number>(shape.length);
  for (let axis = shape.length - 1, rest = index; axis >= 0; axis--) {
    place[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return place;
}

/** The index of a place, whose coordinates may have more axes than the shape; axes of size 1 are broadcast. */
export function indexOf(place: readonly number[], shape: Shape): number {
  const lead = place.length - shape.length;
  let index = 0;
  shape.forEach((size, axis) => {
    index = index * size + (size === 1 ? 0 : place[lead + axis]!);
  });
  return index;
}

/** Sets every value of `out` from its coordinates. */
export function fill(out: Value, valueAt: (place: Known<number>) => number): void {
  for (let i = 0; i < out.data.length; i++)
    out.data[i] = valueAt(placeOf(i, out.shape) as Known<number>);
}

export const at = (x: Value, place: readonly number[]): number => x.data[indexOf(place, x.shape)]!;

export const fromFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
