/** Small arrays of numbers of any rank, as shape arithmetic has them. */
import { broadcast, elements, type Shape } from '../shape.ts';
import type { OnnxTensor } from './node.ts';

/**
 * Shape arithmetic deals with a few numbers; tables of places, as attention has them for pairs of patches and
 * detectors for their anchors, with many. Larger constants remain nodes.
 */
export const mostFolded = 2 ** 18;

/** Whether a result is small enough to be folded: asked before a single number of it is computed. */
export const foldable = (shape: Shape): boolean => elements(shape) <= mostFolded;

export interface Numbers {
  readonly shape: Shape;
  readonly type: OnnxTensor['type'];
  /** Row-major. */
  readonly values: readonly number[];
  /** It may be trained, so it has to keep its name. */
  readonly trained?: boolean;
}

/**
 * Elementwise with broadcasting; integers stay integers, as ONNX divides them. Null where shapes do not fit
 * or the result is too large to be folded.
 */
export function elementwise(
  operation: (a: number, b: number) => number,
  a: Numbers,
  b: Numbers,
): Numbers | null {
  const shape = broadcast(a.shape, b.shape);
  if (!shape || !foldable(shape)) return null;
  const values = new Array<number>(elements(shape));
  const [ofA, ofB] = [stepsOf(a, shape), stepsOf(b, shape)];
  eachPlace(shape, (place, index) => {
    const value = operation(a.values[at(place, ofA)]!, b.values[at(place, ofB)]!);
    values[index] = a.type === 'int64' ? Math.trunc(value) : value;
  });
  return { shape, type: a.type, values };
}

export function map(operation: (value: number) => number, x: Numbers): Numbers {
  const values = x.values.map((value) =>
    x.type === 'int64' ? Math.trunc(operation(value)) : operation(value),
  );
  return { ...x, values };
}

/** Takes places along one axis. */
export function select(x: Numbers, axis: number, taken: readonly number[]): Numbers {
  const shape = x.shape.map((size, place) => (place === axis ? taken.length : size));
  return picked(x, shape, (place) => place.map((at, where) => (where === axis ? taken[at]! : at)));
}

/** Arrays one behind the other along an axis; null where they do not fit, or are too many numbers. */
export function joined(parts: readonly Numbers[], axis: number): Numbers | null {
  const { shape, type } = parts[0]!;
  const fits = (part: Numbers) =>
    part.shape.length === shape.length &&
    part.shape.every((size, place) => place === axis || size === shape[place]);
  if (axis < 0 || axis >= shape.length || !parts.every(fits)) return null;
  const together = parts.reduce((sum, part) => sum + part.shape[axis]!, 0);
  const whole = shape.map((size, place) => (place === axis ? together : size));
  if (!foldable(whole)) return null;
  const rows = elements(shape.slice(0, axis));
  const values = Array.from({ length: rows }, (_, row) =>
    parts.flatMap(({ values: all }) => {
      const each = all.length / rows;
      return all.slice(row * each, (row + 1) * each);
    }),
  );
  return { shape: whole, type, values: values.flat() };
}

/** A new shape, each place of which takes one place of `x`. */
export function picked(
  x: Numbers,
  shape: Shape,
  from: (place: readonly number[]) => readonly number[],
): Numbers {
  const values = new Array<number>(elements(shape));
  const steps = stepsOf(x, x.shape);
  eachPlace(shape, (place, index) => {
    values[index] = x.values[at(from(place), steps)]!;
  });
  return { shape, type: x.type, values };
}

/** Sums, products and the like along some axes, all where none are named; null where one does not exist. */
export function reduced(
  combine: (a: number, b: number) => number,
  ofNone: number,
  x: Numbers,
  { axes, keepDims }: { readonly axes: readonly number[]; readonly keepDims: boolean },
): Numbers | null {
  if (axes.some((axis) => axis < 0 || axis >= x.shape.length)) return null;
  const along = x.shape.map((_, axis) => axes.length === 0 || axes.includes(axis));
  const kept = x.shape.map((size, axis) => (along[axis] ? 1 : size));
  const values = new Array<number>(elements(kept)).fill(ofNone);
  const steps = stepsOf({ shape: kept }, x.shape);
  eachPlace(x.shape, (place, index) => {
    const to = at(place, steps);
    values[to] = combine(values[to]!, x.values[index]!);
  });
  return { shape: keepDims ? kept : kept.filter((_, axis) => !along[axis]), type: x.type, values };
}

/** Sums of what lies before each place along an axis, and of its own. */
export function summedAlong(x: Numbers, axis: number): Numbers | null {
  if (axis < 0 || axis >= x.shape.length) return null;
  const [size, step] = [x.shape[axis]!, elements(x.shape.slice(axis + 1))];
  const values = [...x.values];
  for (let index = 0; index < values.length; index++) {
    if (Math.floor(index / step) % size > 0) values[index]! += values[index - step]!;
  }
  return { ...x, values };
}

/** Visits every place of a shape, row-major. The place is one array that changes: whoever keeps it copies it. */
function eachPlace(shape: Shape, visit: (place: readonly number[], index: number) => void): void {
  const place = shape.map(() => 0);
  const count = elements(shape);
  for (let index = 0; index < count; index++) {
    visit(place, index);
    for (let axis = shape.length - 1; axis >= 0 && ++place[axis]! === shape[axis]!; axis--) {
      place[axis] = 0;
    }
  }
}

/** How far apart in `x` neighbours along each axis of a shape lie that it broadcasts to. */
function stepsOf(x: Pick<Numbers, 'shape'>, shape: Shape): readonly number[] {
  const lead = shape.length - x.shape.length;
  return shape.map((_, axis) =>
    axis < lead || x.shape[axis - lead] === 1 ? 0 : elements(x.shape.slice(axis - lead + 1)),
  );
}

function at(place: readonly number[], steps: readonly number[]): number {
  let index = 0;
  for (let axis = 0; axis < steps.length; axis++) index += place[axis]! * steps[axis]!;
  return index;
}
