/** Operators that move values without changing them, and resizes. */
import { slicedIndices } from '../../graph/operators/selecting.ts';
import { resizeMatrix } from '../../graph/operators/resize.ts';
import type { ResizeAttributes } from '../../graph/operators/attributes.ts';
import type { Node } from '../../graph/graph.ts';
import { elements } from '../../graph/shape.ts';
import { channelsLast, shapeInOrder, plainOrder, type Emitter } from '../emitter.ts';
import type { TensorIndex } from '../model.ts';
import { notConvertible } from '../refusals.ts';
import { options } from '../schema.ts';
import { linear } from './convolutions.ts';
import type { Emit } from './emit.ts';

const fromFront = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);

export const emitIdentity: Emit<'Identity'> = (node, emitter) =>
  emitter.alias(node.outputs[0]!, node.inputs[0]!, (own) => own);

export const emitTranspose: Emit<'Transpose'> = (node, emitter) => {
  const { permutation } = node.attributes;
  emitter.alias(node.outputs[0]!, node.inputs[0]!, (own) =>
    own.map((axis) => permutation.indexOf(axis)),
  );
};

/** Reshape, Flatten, Squeeze and Unsqueeze: the values, in the network's order, under another shape. */
export function emitReshape(node: Node, emitter: Emitter): void {
  const value = node.outputs[0]!;
  const shape = emitter.shapeOf(value);
  const tensor = emitter.plain(node.inputs[0]!);
  emitter.set(value, emitter.reshaped(tensor, shape, value), plainOrder(shape.length));
}

export const emitConcat: Emit<'Concat'> = (node, emitter) => {
  const value = node.outputs[0]!;
  const shape = emitter.shapeOf(value);
  const made = node.inputs.find((name) => !emitter.isConstant(name));
  const order = made === undefined ? plainOrder(shape.length) : emitter.orderOf(made);
  const axis = order.indexOf(fromFront(node.attributes.axis, shape.length));
  const inputs = node.inputs.map((name) => emitter.get(name, order));
  const how = options.concatenation(axis);
  const tensor = emitter.op('CONCATENATION', inputs, shapeInOrder(shape, order), value, how);
  emitter.set(value, tensor, order);
};

export const emitSlice: Emit<'Slice'> = (node, emitter) => {
  const x = node.inputs[0]!;
  const value = node.outputs[0]!;
  const { axes, starts, ends, steps } = node.attributes;
  const order = emitter.orderOf(x);
  const shape = emitter.shapeOf(x);
  const taken = shape.map((size) => ({ start: 0, step: 1, count: size }));
  axes.forEach((written, i) => {
    const axis = fromFront(written, shape.length);
    const indices = slicedIndices(shape[axis]!, starts[i]!, ends[i]!, steps[i]!);
    taken[axis] = { start: indices[0]!, step: steps[i]!, count: indices.length };
  });
  const whole = shapeInOrder(emitter.shapeOf(value), order);
  const { stored, sizes } = inFewAxes(
    order.map((axis) => taken[axis]!),
    shapeInOrder(shape, order),
  );
  if (stored.length > mostSliced) throw notConvertible(node, 'takes parts of more than five axes');
  const target = stored.map(({ count }) => count);
  let tensor = emitter.reshaped(emitter.get(x, order), sizes, x);
  if (stored.every(({ step }) => step === 1)) {
    const begin = emitter.integers(stored.map(({ start }) => start));
    tensor = emitter.op('SLICE', [tensor, begin, emitter.integers(target)], target, value);
  } else if (stored.every(({ step }) => step > 0)) {
    const begin = emitter.integers(stored.map(({ start }) => start));
    const end = emitter.integers(
      stored.map(({ start, step, count }) => start + (count - 1) * step + 1),
    );
    const by = emitter.integers(stored.map(({ step }) => step));
    const how = options.stridedSlice();
    tensor = emitter.op('STRIDED_SLICE', [tensor, begin, end, by], target, value, how);
  } else {
    // A backward slice is gathered index by index.
    stored.forEach(({ start, step, count }, axis) => {
      const indices = Array.from({ length: count }, (_, i) => start + i * step);
      tensor = gathered(emitter, tensor, axis, indices, [count], value);
    });
  }
  emitter.set(value, emitter.reshaped(tensor, whole, value), order);
};

interface Taken {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** Axes that slices and padding of TensorFlow Lite take. */
const mostSliced = 5;

/** Of more axes than a slice takes, neighbours that are taken whole are one. */
function inFewAxes(stored: readonly Taken[], shape: readonly number[]) {
  if (stored.length <= mostSliced) return { stored, sizes: shape };
  const fewer: Taken[] = [];
  const sizes: number[] = [];
  for (const [axis, one] of stored.entries()) {
    const size = shape[axis]!;
    const last = fewer.at(-1);
    const joins = one.step === 1 && one.count === size && last?.step === 1;
    if (joins && last.count === sizes.at(-1)) {
      fewer[fewer.length - 1] = { start: 0, step: 1, count: last.count * size };
      sizes[sizes.length - 1]! *= size;
    } else {
      fewer.push(one);
      sizes.push(size);
    }
  }
  return { stored: fewer, sizes };
}

function gathered(
  emitter: Emitter,
  tensor: TensorIndex,
  axis: number,
  indices: readonly number[],
  indicesShape: readonly number[],
  value: string,
): TensorIndex {
  const { shape } = emitter.tensors[tensor]!;
  const own = indices.map((index) => fromFront(index, shape[axis]!));
  const target = [...shape.slice(0, axis), ...indicesShape, ...shape.slice(axis + 1)];
  const inputs = [tensor, emitter.integers(own, indicesShape)];
  return emitter.op('GATHER', inputs, target, value, options.gather(axis));
}

export const emitGather: Emit<'Gather'> = (node, emitter) => {
  const { axis, indices, indicesShape } = node.attributes;
  const x = node.inputs[0]!;
  const value = node.outputs[0]!;
  const rank = emitter.shapeOf(x).length;
  const place = fromFront(axis, rank);
  const tensor = gathered(emitter, emitter.plain(x), place, indices, indicesShape, value);
  emitter.set(value, tensor, plainOrder(emitter.shapeOf(value).length));
};

export const emitExpand: Emit<'Expand'> = (node, emitter) => {
  const x = node.inputs[0]!;
  const value = node.outputs[0]!;
  const shape = emitter.shapeOf(value);
  const from = emitter.shapeOf(x);
  const longer = [...new Array<number>(shape.length - from.length).fill(1), ...from];
  const tensor = emitter.reshaped(emitter.plain(x), longer, x);
  const order = plainOrder(shape.length);
  if (elements(from) === elements(shape)) {
    emitter.set(value, emitter.reshaped(tensor, shape, value), order);
    return;
  }
  const inputs = [tensor, emitter.integers(shape.map((size, axis) => size / longer[axis]!))];
  emitter.set(value, emitter.op('TILE', inputs, shape, value), order);
};

/** Pads with zeros; negative pads crop. */
export const emitPad: Emit<'Pad'> = (node, emitter) => {
  const x = node.inputs[0]!;
  const value = node.outputs[0]!;
  const { pads } = node.attributes;
  const order = emitter.orderOf(x);
  const rank = order.length;
  const ends = order.map((axis) => [pads[axis]!, pads[axis + rank]!] as const);
  const target = shapeInOrder(emitter.shapeOf(value), order);
  let tensor = emitter.get(x, order);
  if (rank <= mostSliced) {
    emitter.set(value, withEnds(emitter, tensor, ends, value), order);
    return;
  }
  // More axes than it pads at once: one after the other, between those before and those behind it.
  const sizes = [...emitter.tensors[tensor]!.shape];
  for (const [axis, [begin, end]] of ends.entries()) {
    if (begin === 0 && end === 0) continue;
    const around = [elements(sizes.slice(0, axis)), sizes[axis]!, elements(sizes.slice(axis + 1))];
    const three = emitter.reshaped(tensor, around, x);
    tensor = withEnds(emitter, three, [none, [begin, end], none], value);
    sizes[axis]! += begin + end;
  }
  emitter.set(value, emitter.reshaped(tensor, target, value), order);
};

type Ends = readonly [begin: number, end: number];
const none: Ends = [0, 0];

/** With as much more, or less, at both ends of each axis. */
function withEnds(
  emitter: Emitter,
  tensor: TensorIndex,
  ends: readonly Ends[],
  value: string,
): TensorIndex {
  const { shape } = emitter.tensors[tensor]!;
  const begin = ends.map(([size]) => Math.max(0, -size));
  const left = shape.map((size, i) => size - begin[i]! - Math.max(0, -ends[i]![1]));
  let out = tensor;
  if (left.some((size, i) => size !== shape[i])) {
    out = emitter.op('SLICE', [out, emitter.integers(begin), emitter.integers(left)], left, value);
  }
  const target = shape.map((size, i) => size + ends[i]![0] + ends[i]![1]);
  if (target.every((size, i) => size === left[i])) return out;
  const widths = ends.flatMap((both) => both.map((size) => Math.max(0, size)));
  const inputs = [out, emitter.integers(widths, [ends.length, 2])];
  return emitter.op('PAD', inputs, target, value, options.pad());
}

interface Corners {
  readonly alignCorners: boolean;
  readonly halfPixel: boolean;
}

/** Asymmetric, half-pixel and aligned corners: what both resizes of TensorFlow Lite support. */
const corners: readonly Corners[] = [
  { alignCorners: false, halfPixel: true },
  { alignCorners: false, halfPixel: false },
  { alignCorners: true, halfPixel: false },
];

/** TensorFlow Lite's resize of one axis, as a matrix. Source: reference_ops.h, ResizeBilinear and NearestNeighbor. */
function ownMatrix(
  from: number,
  to: number,
  mode: ResizeAttributes['mode'],
  { alignCorners, halfPixel }: Corners,
): Float32Array {
  const scale = Math.fround(alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to);
  const matrix = new Float32Array(from * to);
  const inside = (place: number) => Math.min(Math.max(place, 0), from - 1);
  for (let row = 0; row < to; row++) {
    if (mode === 'nearest') {
      const place = Math.fround((row + (halfPixel ? 0.5 : 0)) * scale);
      const at = alignCorners ? Math.round(place) : Math.floor(place);
      matrix[row * from + inside(at)] = 1;
      continue;
    }
    const place = halfPixel ? (row + 0.5) * scale - 0.5 : row * scale;
    const low = Math.floor(inside(place));
    const share = inside(place) - low;
    matrix[row * from + low]! += 1 - share;
    if (share > 0) matrix[row * from + low + 1]! += share;
  }
  return matrix;
}

/** Rounding may differ by this much, which is far less than a step between pixel values. */
const tolerance = 1e-5;

export const emitResize: Emit<'Resize'> = (node, emitter) => {
  const x = node.inputs[0]!;
  const value = node.outputs[0]!;
  const { mode } = node.attributes;
  const [, , height, width] = emitter.shapeOf(x) as [number, number, number, number];
  const rows = resizeMatrix(height, 0, node.attributes);
  const columns = resizeMatrix(width, 1, node.attributes);
  const agrees = (wanted: Float32Array, own: Float32Array) =>
    wanted.every((share, i) => Math.abs(share - own[i]!) <= tolerance);
  const fitting = corners.find(
    (corner) =>
      agrees(rows.matrix, ownMatrix(height, rows.to, mode, corner)) &&
      agrees(columns.matrix, ownMatrix(width, columns.to, mode, corner)),
  );
  const target = shapeInOrder(emitter.shapeOf(value), channelsLast);
  if (fitting) {
    const inputs = [emitter.image(x), emitter.integers([rows.to, columns.to])];
    const { alignCorners, halfPixel } = fitting;
    const tensor =
      mode === 'nearest'
        ? emitter.op(
            'RESIZE_NEAREST_NEIGHBOR',
            inputs,
            target,
            value,
            options.resizeNearest(alignCorners, halfPixel),
          )
        : emitter.op(
            'RESIZE_BILINEAR',
            inputs,
            target,
            value,
            options.resizeBilinear(alignCorners, halfPixel),
          );
    emitter.set(value, tensor, channelsLast);
    return;
  }
  if (mode === 'nearest') {
    const indices = (matrix: Float32Array, to: number, from: number) =>
      Array.from({ length: to }, (_, row) =>
        matrix.subarray(row * from, (row + 1) * from).indexOf(1),
      );
    let tensor = emitter.image(x);
    tensor = gathered(emitter, tensor, 1, indices(rows.matrix, rows.to, height), [rows.to], value);
    const across = indices(columns.matrix, columns.to, width);
    tensor = gathered(emitter, tensor, 2, across, [columns.to], value);
    emitter.set(value, tensor, channelsLast);
    return;
  }
  // A resize that TensorFlow Lite lacks becomes a product with a matrix along each axis.
  const across = { outputs: columns.to, data: columns.matrix, name: `${node.name} columns` };
  const order = [0, 1, 2, 3];
  let tensor = linear(emitter, emitter.get(x, order), across, null, `${value}:columns`);
  tensor = emitter.transposed(tensor, [0, 1, 3, 2], `${value}:columns`);
  const down = { outputs: rows.to, data: rows.matrix, name: `${node.name} rows` };
  emitter.set(value, linear(emitter, tensor, down, null, value), [0, 1, 3, 2]);
};
