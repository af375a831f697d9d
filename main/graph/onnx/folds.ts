/** What each operator of shape arithmetic makes of constants. */
import { gatheredPlaces, placesOfRows } from '../operators/scattering.ts';
import { slicedIndices } from '../operators/selecting.ts';
import { broadcast, elements, type Shape } from '../shape.ts';
import {
  elementwise,
  foldable,
  joined,
  map,
  mostFolded,
  picked,
  reduced,
  select,
  summedAlong,
  type Numbers,
} from './fold-numbers.ts';
import { floatTypes, type OnnxNode } from './node.ts';

const zeros = (shape: Shape) => new Array<number>(elements(shape)).fill(0);

/** Halves go to the even neighbour, as ONNX has it. */
function roundedToEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** `inputs` has an entry for every input of the node, undefined where the input was left out. */
type Fold = (node: OnnxNode, inputs: readonly (Numbers | undefined)[]) => Numbers | null;

/** Only numbers of formulas: a small weight that is moved remains a node, so that it keeps its name. */
const untrained =
  (fold: Fold): Fold =>
  (node, inputs) =>
    inputs.every((input) => input?.trained !== true) ? fold(node, inputs) : null;

/** Folds that need only their first input. */
const ofOne =
  (fold: (node: OnnxNode, x: Numbers, rest: readonly (Numbers | undefined)[]) => Numbers | null) =>
  (node: OnnxNode, [x, ...rest]: readonly (Numbers | undefined)[]) =>
    x ? fold(node, x, rest) : null;

const two =
  (operation: (a: number, b: number) => number): Fold =>
  (_node, [a, b]) =>
    a && b ? elementwise(operation, a, b) : null;

/** Of as many as there are. */
const several =
  (operation: (a: number, b: number) => number): Fold =>
  (_node, inputs) =>
    inputs.reduce<Numbers | null | undefined>(
      (so, next, i) => (i === 0 ? next : so && next ? elementwise(operation, so, next) : null),
      null,
    ) ?? null;

const truth = (operation: (a: number, b: number) => boolean): Fold => {
  const compare = two((a, b) => (operation(a, b) ? 1 : 0));
  return untrained(compare);
};

const one = (operation: (value: number) => number): Fold => ofOne((_node, x) => map(operation, x));

const positive = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);
const axesOf = (node: OnnxNode, input?: Numbers) => node.ints('axes') ?? input?.values;

const reduction = (combine: (a: number, b: number) => number, ofNone: number): Fold =>
  untrained(
    ofOne((node, x, [input]) => {
      const written = axesOf(node, input) ?? [];
      if (written.length === 0 && node.int('noop_with_empty_axes', 0) === 1) return x;
      const axes = written.map((axis) => positive(axis, x.shape.length));
      return reduced(combine, ofNone, x, { axes, keepDims: node.int('keepdims', 1) === 1 });
    }),
  );

export const constantFolds: Readonly<Record<string, Fold>> = {
  Add: two((a, b) => a + b),
  Sub: two((a, b) => a - b),
  Mul: two((a, b) => a * b),
  Div: two((a, b) => a / b),
  Mod: (node, inputs) => {
    const whole = node.int('fmod', 0) === 1 ? Math.trunc : Math.floor;
    return two((a, b) => a - b * whole(a / b))(node, inputs);
  },
  Pow: two((a, b) => a ** b),
  Min: several(Math.min),
  Max: several(Math.max),
  Equal: truth((a, b) => a === b),
  Greater: truth((a, b) => a > b),
  GreaterOrEqual: truth((a, b) => a >= b),
  Less: truth((a, b) => a < b),
  LessOrEqual: truth((a, b) => a <= b),
  And: truth((a, b) => a !== 0 && b !== 0),
  Or: truth((a, b) => a !== 0 || b !== 0),
  Xor: truth((a, b) => (a !== 0) !== (b !== 0)),
  Not: untrained(one((a) => (a === 0 ? 1 : 0))),
  Floor: one(Math.floor),
  Ceil: one(Math.ceil),
  Round: one(roundedToEven),
  Exp: untrained(one(Math.exp)),
  Log: untrained(one(Math.log)),
  Sin: untrained(one(Math.sin)),
  Cos: untrained(one(Math.cos)),
  Reciprocal: untrained(one((value) => 1 / value)),
  Clip: ofOne((node, x, [least, most]) => {
    const [low, high] = [least?.values[0], most?.values[0]];
    const bottom = low ?? node.float('min', -Infinity);
    const top = high ?? node.float('max', Infinity);
    return map((value) => Math.min(Math.max(value, bottom), top), x);
  }),
  CastLike: untrained(ofOne((_node, x, [like]) => (like ? { ...x, type: like.type } : null))),
  Expand: untrained(
    ofOne((_node, x, [wanted]) => {
      const shape = wanted && broadcast(x.shape, wanted.values);
      if (shape?.join() === x.shape.join()) return x;
      if (!shape || !foldable(shape)) return null;
      return elementwise((value) => value, x, { shape, type: x.type, values: zeros(shape) });
    }),
  ),
  CumSum: untrained(
    ofOne((node, x, [axis]) => {
      const plain = node.int('exclusive', 0) === 0 && node.int('reverse', 0) === 0;
      if (!plain || !axis) return null;
      return summedAlong(x, positive(axis.values[0] ?? 0, x.shape.length));
    }),
  ),
  Sqrt: one(Math.sqrt),
  Neg: one((value) => -value),
  Abs: one(Math.abs),
  Identity: untrained(one((value) => value)),
  Cast: ofOne((node, x) => {
    const target = node.int('to', 1);
    const boolean = target === 9;
    const integer = boolean || target === 6 || target === 7; // int32, int64
    if (!integer && !floatTypes.has(target)) return null;
    const to = boolean ? (value: number) => (value === 0 ? 0 : 1) : Math.trunc;
    return {
      shape: x.shape,
      type: integer ? 'int64' : 'float32',
      values: integer ? x.values.map(to) : x.values,
    };
  }),
  Gather: untrained(
    ofOne((node, x, [indices]) => {
      const axis = positive(node.int('axis', 0), x.shape.length);
      if (!indices || axis < 0 || axis >= x.shape.length) return null;
      const places = indices.values.map((index) => positive(index, x.shape[axis]!));
      if (places.some((place) => place < 0 || place >= x.shape[axis]!)) return null;
      const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
      if (!foldable(shape)) return null;
      return { ...select(x, axis, places), shape };
    }),
  ),
  GatherND: untrained(
    ofOne((node, x, [indices]) => {
      if (!indices) return null;
      const rows = { integers: indices.values, shape: indices.shape };
      const taken = gatheredPlaces(rows, x.shape, node.int('batch_dims', 0));
      if (!taken || !foldable(taken.shape)) return null;
      const size = elements(taken.shape) / Math.max(1, taken.places.length);
      const values = taken.places.flatMap((place) =>
        x.values.slice(place * size, (place + 1) * size),
      );
      return { ...x, shape: taken.shape, values };
    }),
  ),
  ScatterND: untrained(
    ofOne((node, x, [indices, updates]) => {
      const first = x.shape.slice(0, indices?.shape.at(-1) ?? 0);
      const places = indices && placesOfRows(indices.values, first);
      if (!updates || !places || node.string('reduction', 'none') !== 'none') return null;
      const size = x.values.length / elements(first);
      const values = [...x.values];
      places.forEach((place, row) => {
        for (let i = 0; i < size; i++) values[place * size + i] = updates.values[row * size + i]!;
      });
      return { ...x, values };
    }),
  ),
  Tile: untrained(
    ofOne((_node, x, [repeats]) => {
      if (repeats?.values.length !== x.shape.length) return null;
      const shape = x.shape.map((size, axis) => size * repeats.values[axis]!);
      if (!foldable(shape)) return null;
      return picked(x, shape, (place) => place.map((at, axis) => at % x.shape[axis]!));
    }),
  ),
  Sign: one(Math.sign),
  /** Where numbers are not 0: rows of places, one for each axis. */
  NonZero: untrained(
    ofOne((_node, x) => {
      const found = [...x.values.keys()].filter((index) => x.values[index] !== 0);
      const shape = [x.shape.length, found.length];
      if (!foldable(shape)) return null;
      const values = x.shape.flatMap((size, axis) => {
        const inner = elements(x.shape.slice(axis + 1));
        return found.map((index) => Math.floor(index / inner) % size);
      });
      return { shape, type: 'int64', values };
    }),
  ),
  Unsqueeze: untrained(
    ofOne((node, x, [input]) => {
      const axes = axesOf(node, input);
      if (!axes) return null;
      const rank = x.shape.length + axes.length;
      const inserted = new Set(axes.map((axis) => positive(axis, rank)));
      const sizes = [...x.shape];
      const shape = Array.from({ length: rank }, (_, axis) =>
        inserted.has(axis) ? 1 : (sizes.shift() ?? 1),
      );
      return elements(shape) === x.values.length ? { ...x, shape } : null;
    }),
  ),
  Squeeze: untrained(
    ofOne((node, x, [input]) => {
      const axes = axesOf(node, input)?.map((axis) => positive(axis, x.shape.length));
      const shape = x.shape.filter((size, axis) => size !== 1 || (axes && !axes.includes(axis)));
      return { ...x, shape };
    }),
  ),
  Reshape: untrained(
    ofOne((_node, x, [wanted]) => {
      if (!wanted) return null;
      const copied = wanted.values.map((size, axis) => (size === 0 ? (x.shape[axis] ?? 0) : size));
      const known = copied.reduce((product, size) => (size === -1 ? product : product * size), 1);
      const shape = copied.map((size) => (size === -1 ? x.values.length / known : size));
      const fits = shape.every((size) => Number.isInteger(size) && size >= 0);
      return fits && elements(shape) === x.values.length ? { ...x, shape } : null;
    }),
  ),
  Flatten: untrained(
    ofOne((node, x) => {
      const axis = positive(node.int('axis', 1), x.shape.length);
      if (axis < 0 || axis > x.shape.length) return null;
      return { ...x, shape: [elements(x.shape.slice(0, axis)), elements(x.shape.slice(axis))] };
    }),
  ),
  Transpose: untrained(
    ofOne((node, x) => {
      const rank = x.shape.length;
      const order = node.ints('perm') ?? x.shape.map((_, axis) => rank - 1 - axis);
      if (order.length !== rank || new Set(order).size !== rank) return null;
      const shape = order.map((axis) => x.shape[axis]!);
      if (shape.includes(undefined as unknown as number)) return null;
      return picked(x, shape, (place) => {
        const from = new Array<number>(rank).fill(0);
        order.forEach((axis, to) => (from[axis] = place[to]!));
        return from;
      });
    }),
  ),
  /** Resize takes its factors as floats. */
  Concat(node, inputs) {
    const parts = inputs.flatMap((input) => input ?? []);
    const [first] = parts;
    if (first && inputs.length === 1) return first;
    if (!first || parts.some(({ type }) => type !== first.type)) return null;
    // A table is put together of numbers of formulas alone.
    if (first.shape.length !== 1 && parts.some(({ trained }) => trained)) return null;
    return joined(parts, positive(node.int('axis', 0), first.shape.length));
  },
  Slice: untrained(
    ofOne((node, x, [startsInput, endsInput, axesInput, stepsInput]) => {
      const starts = startsInput?.values ?? node.ints('starts');
      const ends = endsInput?.values ?? node.ints('ends');
      if (!starts || ends?.length !== starts.length) return null;
      const axes = axesOf(node, axesInput) ?? starts.map((_, axis) => axis);
      const steps = stepsInput?.values ?? starts.map(() => 1);
      let out = x;
      for (const [i, written] of axes.entries()) {
        const axis = positive(written, x.shape.length);
        if (axis < 0 || axis >= x.shape.length || !steps[i] || starts[i] === undefined) return null;
        out = select(out, axis, slicedIndices(out.shape[axis]!, starts[i], ends[i]!, steps[i]));
      }
      return out;
    }),
  ),
  Where: untrained((_node, [condition, a, b]) => {
    if (!condition || !a || !b) return null;
    // The condition chooses between places: a where it holds, b elsewhere. What comes of it is of their type.
    const chosen = elementwise((value, holds) => (holds === 0 ? 0 : value), a, condition);
    const other = elementwise((value, holds) => (holds === 0 ? value : 0), b, condition);
    return chosen && other && elementwise((x, y) => x + y, chosen, other);
  }),
  Range: untrained((_node, [start, limit, delta]) => {
    if (!start || !limit || !delta) return null;
    const [from, to, step] = [start.values[0]!, limit.values[0]!, delta.values[0]!];
    const count = Math.max(0, Math.ceil((to - from) / step));
    if (!Number.isFinite(count) || count > mostFolded) return null;
    const values = Array.from({ length: count }, (_, i) => from + i * step);
    return { shape: [count], type: start.type, values };
  }),
  ReduceProd: reduction((a, b) => a * b, 1),
  ReduceSum: reduction((a, b) => a + b, 0),
  ReduceMin: reduction(Math.min, Infinity),
  ReduceMax: reduction(Math.max, -Infinity),
};
