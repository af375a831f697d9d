/**
 * What a network computes from its weights alone is computed once, before the network is written for a
 * runtime that wants weights as numbers: shares of a weighted sum, transposed matrices, normalised filters.
 */
import type { Graph, Initializer, Node } from '../graph.ts';
import { inferShapes } from '../infer-shapes.ts';
import { zeroOfImages } from '../onnx/open-batch.ts';
import { slicedIndices } from '../operators/selecting.ts';
import { normalisedAxes } from '../operators/reductions.ts';
import { elements, type Shape } from '../shape.ts';
import { materialise } from '../weights.ts';
import type { Known } from '../../common/known.ts';

export interface Constant {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** Larger results are left to the runtime: they would make files larger, and products here are plain loops. */
const largestResult = 2 ** 24;

/** The network with every node whose inputs are all constant replaced by its result, where it is known how. */
export function withConstantsFolded(graph: Graph): Graph {
  const shapes = inferShapes(graph, 1);
  const initializers = new Map<string, Initializer>(graph.initializers);
  const known = new Map<string, Constant>();
  const valueOf = (name: string): Constant | undefined => {
    const initializer = initializers.get(name);
    if (!initializer) return undefined;
    let value = known.get(name);
    if (!value) {
      value = { shape: initializer.shape, data: materialise(initializer) };
      known.set(name, value);
    }
    return value;
  };
  const nodes = graph.nodes.filter((node) => {
    if (node.kind === 'Mul' && node.inputs.includes(zeroOfImages)) {
      // It repeats constants for each of several images; here there is one.
      const shape = shapes.get(node.outputs[0]!)!;
      initializers.set(node.outputs[0]!, { shape, values: { kind: 'constant', value: 0 } });
      return false;
    }
    const named = node.inputs.filter((name) => name !== '');
    if (named.length === 0 || named.some((name) => !initializers.has(name))) return true;
    const output = node.outputs[0]!;
    const shape = shapes.get(output)!;
    if (node.outputs.length > 1 || elements(shape) > largestResult) return true;
    const inputs = node.inputs.map((name) => valueOf(name) ?? { shape: [], data: empty });
    const data = computed(node, inputs as unknown as Known<Constant>, shape);
    if (!data) return true;
    initializers.set(output, { shape, values: { kind: 'data', data } });
    return false;
  });
  // An output that turned out to be constant is left to a node of its own: an output is made by a node.
  const constantOutputs = new Set(graph.outputs.filter((name) => initializers.has(name)));
  if (constantOutputs.size > 0) return graph;
  return { ...graph, nodes, initializers };
}

const empty = new Float32Array(0);

const unary: Partial<Record<Node['kind'], (x: number) => number>> = {
  Neg: (x) => -x,
  Exp: Math.exp,
  Log: Math.log,
  Sqrt: Math.sqrt,
  Reciprocal: (x) => 1 / x,
  Abs: Math.abs,
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  Tanh: Math.tanh,
  Relu: (x) => Math.max(0, x),
  Sin: Math.sin,
  Cos: Math.cos,
  Floor: Math.floor,
  Ceil: Math.ceil,
  Sign: Math.sign,
  Softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
};

const binary: Partial<Record<Node['kind'], (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Max: Math.max,
  Min: Math.min,
  Power: Math.pow,
};

function computed(node: Node, inputs: Known<Constant>, shape: Shape): Float32Array | null {
  const [x] = inputs;
  const apply = unary[node.kind];
  if (apply) return x.data.map(apply);
  const combine = binary[node.kind];
  if (combine) return combined(x, inputs[1], shape, combine);
  switch (node.kind) {
    case 'Identity':
    case 'Reshape':
    case 'Flatten':
    case 'Squeeze':
    case 'Unsqueeze':
      return x.data;
    case 'Pow':
      return x.data.map((value) => value ** node.attributes.exponent);
    case 'Clip': {
      const { min, max } = node.attributes;
      return x.data.map((value) => Math.min(Math.max(value, min), max));
    }
    case 'Expand':
      return combined(x, { shape: [], data: Float32Array.of(0) }, shape, (a) => a);
    case 'Transpose':
      return permuted(x, node.attributes.permutation).data;
    case 'Slice': {
      const { axes, starts, ends, steps } = node.attributes;
      const places = x.shape.map((size) => Array.from({ length: size }, (_, i) => i));
      axes.forEach((written, i) => {
        const axis = written < 0 ? written + x.shape.length : written;
        places[axis] = slicedIndices(x.shape[axis]!, starts[i]!, ends[i]!, steps[i]!);
      });
      return picked(x, places);
    }
    case 'Concat':
      return joined(inputs, node.attributes.axis, shape);
    case 'ReduceSum':
    case 'ReduceMean':
    case 'ReduceMax':
      return reduced(node.kind, x, normalisedAxes(node.attributes.axes, x.shape.length));
    case 'MatMul':
      return x.shape.length === 2 && inputs[1].shape.length === 2 ? product(x, inputs[1]) : null;
    default:
      return null;
  }
}

/** How far apart neighbours along each axis are; 0 along axes of one place, which repeat. */
function strides(shape: Shape, rank: number): number[] {
  const out = new Array<number>(rank).fill(0);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    out[axis + rank - shape.length] = shape[axis] === 1 ? 0 : step;
    step *= shape[axis]!;
  }
  return out;
}

/** Calls back with the place of each element of `shape`, in order, in tensors of the given strides. */
function walk(shape: Shape, steps: readonly (readonly number[])[], visit: (at: number[]) => void) {
  const count = elements(shape);
  const index = new Array<number>(shape.length).fill(0);
  const at = steps.map(() => 0);
  for (let i = 0; i < count; i++) {
    visit(at);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const ahead = ++index[axis]! < shape[axis]!;
      for (let k = 0; k < steps.length; k++) {
        const step = steps[k]![axis]!;
        at[k]! += ahead ? step : -step * (shape[axis]! - 1);
      }
      if (ahead) break;
      index[axis] = 0;
    }
  }
}

/**
 * The same in runs, each of them in a loop of its caller's own: weights have millions of places. Axes along which all
 * tensors go on, or repeat, are one run.
 */
function walkRuns(
  shape: Shape,
  steps: readonly (readonly number[])[],
  visit: (starts: number[], length: number, steps: readonly number[]) => void,
): void {
  let first = shape.length;
  let length = 1;
  let inner = steps.map(() => 0);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const own = steps.map((one) => one[axis]!);
    const joins = length === 1 || own.every((step, k) => step === inner[k]! * length);
    if (shape[axis] !== 1 && !joins) break;
    if (shape[axis] !== 1 && length === 1) inner = own;
    length *= shape[axis]!;
    first = axis;
  }
  const outer = shape.slice(0, first);
  walk(outer, steps, (starts) => visit(starts, length, inner));
}

function combined(
  a: Constant,
  b: Constant,
  shape: Shape,
  combine: (a: number, b: number) => number,
): Float32Array {
  const out = new Float32Array(elements(shape));
  let i = 0;
  const rank = shape.length;
  const steps = [strides(a.shape, rank), strides(b.shape, rank)];
  walkRuns(shape, steps, ([first, second], length, [step, other]) => {
    for (let k = 0, at = first!, from = second!; k < length; k++, at += step!, from += other!) {
      out[i++] = combine(a.data[at]!, b.data[from]!);
    }
  });
  return out;
}

/** The tensor with its axes in another order. */
export function permuted({ shape, data }: Constant, permutation: readonly number[]): Constant {
  const turned = permutation.map((axis) => shape[axis]!);
  const own = strides(shape, shape.length);
  const long = permutation.filter((axis) => shape[axis] !== 1);
  if (long.every((axis, i) => i === 0 || axis > long[i - 1]!)) return { shape: turned, data };
  // The last axis in a loop of its own: weights have millions of places.
  const last = permutation.at(-1)!;
  const [width, step] = [shape[last]!, own[last]!];
  const out = new Float32Array(data.length);
  let i = 0;
  const outer = permutation.slice(0, -1);
  walk(turned.slice(0, -1), [outer.map((axis) => own[axis]!)], ([start]) => {
    for (let k = 0, at = start!; k < width; k++, at += step) out[i++] = data[at]!;
  });
  return { shape: turned, data: out };
}

function picked(x: Constant, places: readonly (readonly number[])[]): Float32Array {
  const own = strides(x.shape, x.shape.length);
  let starts = [0];
  places.forEach((indices, axis) => {
    starts = starts.flatMap((start) => indices.map((index) => start + index * own[axis]!));
  });
  return Float32Array.from(starts, (at) => x.data[at]!);
}

function joined(parts: readonly Constant[], written: number, shape: Shape): Float32Array {
  const axis = written < 0 ? written + shape.length : written;
  const outer = elements(shape.slice(0, axis));
  const row = elements(shape.slice(axis));
  const out = new Float32Array(elements(shape));
  let start = 0;
  for (const { shape: own, data } of parts) {
    const width = elements(own.slice(axis));
    for (let i = 0; i < outer; i++) {
      out.set(data.subarray(i * width, (i + 1) * width), i * row + start);
    }
    start += width;
  }
  return out;
}

function reduced(
  kind: 'ReduceSum' | 'ReduceMean' | 'ReduceMax',
  x: Constant,
  axes: readonly number[],
): Float32Array {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const out = new Float64Array(elements(kept)).fill(kind === 'ReduceMax' ? -Infinity : 0);
  let i = 0;
  const isMax = kind === 'ReduceMax';
  walkRuns(x.shape, [strides(kept, kept.length)], ([start], length, [step]) => {
    for (let k = 0, at = start!; k < length; k++, at += step!) {
      const value = x.data[i++]!;
      out[at] = isMax ? Math.max(out[at]!, value) : out[at]! + value;
    }
  });
  const share = kind === 'ReduceMean' ? out.length / x.data.length : 1;
  return Float32Array.from(out, (value) => value * share);
}

function product(a: Constant, b: Constant): Float32Array {
  const [rows, inner] = a.shape as Known<number>;
  const columns = b.shape[1]!;
  const out = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        sum += a.data[row * inner + k]! * b.data[k * columns + column]!;
      }
      out[row * columns + column] = sum;
    }
  }
  return out;
}
