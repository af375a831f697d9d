/** Small arrays of numbers of any rank, as shape arithmetic has them. */
import { broadcast, elements, type Shape } from '../shape.ts';
import type { OnnxTensor } from './node.ts';

/** Shape arithmetic deals with a few numbers; larger constants are weights and remain nodes. */
export const mostFolded = 4096;

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
  const places = placesOf(shape);
  const values = places.map((place) => {
    const value = operation(valueAt(a, place), valueAt(b, place));
    return a.type === 'int64' ? Math.trunc(value) : value;
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
  return { shape, type: x.type, values: placesOf(shape).map((place) => valueAt(x, from(place))) };
}

/** Every place of a shape, row-major. */
function placesOf(shape: Shape): (readonly number[])[] {
  return Array.from({ length: elements(shape) }, (_, index) => {
    const place = new Array<number>(shape.length);
    for (let axis = shape.length - 1, rest = index; axis >= 0; axis--) {
      place[axis] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    return place;
  });
}

/** The value at a place of a shape that `x` broadcasts to. */
function valueAt(x: Numbers, place: readonly number[]): number {
  const lead = place.length - x.shape.length;
  const index = x.shape.reduce(
    (sofar, size, axis) => sofar * size + (size === 1 ? 0 : place[lead + axis]!),
    0,
  );
  return x.values[index]!;
}
