/** Pools, and means over pixels. */
import { normalisedAxes } from '../../graph/operators/reductions.ts';
import { pooledSize, writtenPool } from '../../graph/operators/pooling.ts';
import type { Pads, PoolAttributes } from '../../graph/operators/attributes.ts';
import type { Node } from '../../graph/graph.ts';
import { channelsLast, shapeInOrder, plainOrder, type Emitter } from '../emitter.ts';
import type { TensorIndex } from '../model.ts';
import { notConvertible } from '../refusals.ts';
import { options } from '../schema.ts';
import type { Emit } from './emit.ts';
import { padded, paddingOf } from './windows.ts';

/** The image without rows and columns that no window reaches, and windows that need no rounding up. */
function prepared(node: Node, attributes: PoolAttributes, emitter: Emitter) {
  if (attributes.dilations.some((size) => size !== 1)) {
    throw notConvertible(node, 'has dilated windows');
  }
  const x = node.inputs[0]!;
  const { crop, pool } = writtenPool(attributes, emitter.shapeOf(x));
  let image = emitter.image(x);
  if (crop.some((size) => size > 0)) {
    const { shape } = emitter.tensors[image]!;
    const sizes = [shape[0]!, shape[1]! - crop[0], shape[2]! - crop[1], shape[3]!];
    const inputs = [image, emitter.integers([0, 0, 0, 0]), emitter.integers(sizes)];
    image = emitter.op('SLICE', inputs, sizes, x);
  }
  // Windows that reach beyond the padding get more of it.
  const { shape } = emitter.tensors[image]!;
  const beyond = ([0, 1] as const).map((axis) => {
    const windows = pooledSize(emitter.shapeOf(x)[2 + axis]!, axis, attributes);
    const end = (windows - 1) * pool.strides[axis] + pool.kernel[axis] - pool.pads[axis];
    return Math.max(0, end - shape[1 + axis]! - pool.pads[axis + 2]!);
  }) as [number, number];
  const [top, left, bottom, right] = pool.pads;
  const pads = [top, left, bottom + beyond[0], right + beyond[1]] as const;
  return { image, pool: { ...pool, pads }, beyond };
}

const targetOf = (node: Node, emitter: Emitter) =>
  shapeInOrder(emitter.shapeOf(node.outputs[0]!), channelsLast);

export const emitMaxPool: Emit<'MaxPool'> = (node, emitter) => {
  const { image, pool } = prepared(node, node.attributes, emitter);
  // Padding must never be the maximum. After a Relu, zeros never are, and they are padded faster.
  const least = emitter.isNonNegative(node.inputs[0]!) ? 0 : lowest;
  const ready = padded(emitter, image, pool, least);
  const how = options.pool(ready.padding, pool.strides, pool.kernel, 'NONE');
  const value = node.outputs[0]!;
  const tensor = emitter.op('MAX_POOL_2D', [ready.image], targetOf(node, emitter), value, how);
  emitter.set(value, tensor, channelsLast);
};

/** The lowest float32, as no quantisation scale could hold minus infinity. */
const lowest = -3.4028234663852886e38;

export const emitAveragePool: Emit<'AveragePool'> = (node, emitter) => {
  const { image, pool, beyond } = prepared(node, node.attributes, emitter);
  const { countIncludePad } = node.attributes;
  const [, height, width] = emitter.tensors[image]!.shape as [number, number, number];
  const value = node.outputs[0]!;
  const target = targetOf(node, emitter);
  const { strides, kernel } = pool;
  const unpadded = pool.pads.every((size) => size === 0);
  const padding = paddingOf(height, width, pool);
  // SAME leaves padding out of the average, as ONNX does by default.
  if (padding && (unpadded || !countIncludePad)) {
    const { activation, made } = emitter.fuse(value);
    const how = options.pool(padding, strides, kernel, activation);
    emitter.set(made, emitter.op('AVERAGE_POOL_2D', [image], target, made, how), channelsLast);
    return;
  }
  const ready = explicitly(emitter, image, pool);
  const how = options.pool('VALID', strides, kernel, 'NONE');
  // What lies beyond the padding never counts; the padding does if asked for.
  const counted: Pads = countIncludePad
    ? [pool.pads[0], pool.pads[1], pool.pads[2] - beyond[0], pool.pads[3] - beyond[1]]
    : [0, 0, 0, 0];
  const exact = counted.every((size, i) => size === pool.pads[i]);
  const whole = exact ? value : `${value}:whole`;
  let tensor = emitter.op('AVERAGE_POOL_2D', [ready], target, whole, how);
  if (!exact) {
    const factors = shares(height, width, target, pool, counted);
    const shape = [1, target[1]!, target[2]!, 1];
    const constant = emitter.floats(shape, factors, `${node.name} shares`);
    tensor = emitter.op('MUL', [tensor, constant], target, value, options.mul('NONE'));
  }
  emitter.set(value, tensor, channelsLast);
};

function explicitly(emitter: Emitter, image: TensorIndex, pool: PoolAttributes): TensorIndex {
  const { shape, value } = emitter.tensors[image]!;
  const [top, left, bottom, right] = pool.pads;
  const larger = [shape[0]!, shape[1]! + top + bottom, shape[2]! + left + right, shape[3]!];
  const pads = emitter.integers([0, 0, top, bottom, left, right, 0, 0], [4, 2]);
  return emitter.op('PAD', [image, pads], larger, value, options.pad());
}

/** The factor, for each pixel, that corrects an average which included padding. */
function shares(
  height: number,
  width: number,
  target: readonly number[],
  { kernel, strides, pads }: PoolAttributes,
  counted: Pads,
): Float32Array {
  const within = (place: number, axis: 0 | 1, size: number) => {
    const start = place * strides[axis] - pads[axis];
    const end = Math.min(start + kernel[axis], size + counted[axis + 2]!);
    return end - Math.max(start, -counted[axis]);
  };
  const [, rows, columns] = target as [number, number, number];
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    const used = within(Math.floor(i / columns), 0, height) * within(i % columns, 1, width);
    return (kernel[0] * kernel[1]) / used;
  });
}

export const emitGlobalAveragePool: Emit<'GlobalAveragePool'> = (node, emitter) => {
  const rank = emitter.shapeOf(node.inputs[0]!).length;
  reduce('MEAN', node, emitter, plainOrder(rank).slice(2), true);
};

export const emitGlobalMaxPool: Emit<'GlobalMaxPool'> = (node, emitter) => {
  const image = emitter.image(node.inputs[0]!);
  const [, height, width] = emitter.tensors[image]!.shape as [number, number, number];
  const how = options.pool('VALID', [1, 1], [height, width], 'NONE');
  const value = node.outputs[0]!;
  const tensor = emitter.op('MAX_POOL_2D', [image], targetOf(node, emitter), value, how);
  emitter.set(value, tensor, channelsLast);
};

export const emitReduceMean: Emit<'ReduceMean'> = (node, emitter) => {
  reduceBy('MEAN', node, emitter, node.attributes);
};
export const emitReduceSum: Emit<'ReduceSum'> = (node, emitter) => {
  reduceBy('SUM', node, emitter, node.attributes);
};
export const emitReduceMax: Emit<'ReduceMax'> = (node, emitter) => {
  reduceBy('REDUCE_MAX', node, emitter, node.attributes);
};

function reduceBy(
  kind: 'MEAN' | 'SUM' | 'REDUCE_MAX',
  node: Node,
  emitter: Emitter,
  { axes, keepDims }: { readonly axes: readonly number[]; readonly keepDims: boolean },
): void {
  const { length } = emitter.shapeOf(node.inputs[0]!);
  reduce(kind, node, emitter, normalisedAxes(axes, length), keepDims);
}

function reduce(
  kind: 'MEAN' | 'SUM' | 'REDUCE_MAX',
  node: Node,
  emitter: Emitter,
  axes: readonly number[],
  keepDims: boolean,
): void {
  const x = node.inputs[0]!;
  const value = node.outputs[0]!;
  const order = emitter.orderOf(x);
  const tensor = emitter.get(x, order);
  const { shape } = emitter.tensors[tensor]!;
  const reduced = (place: number) => axes.includes(order[place]!);
  const kept = shape.map((size, place) => (reduced(place) ? 1 : size));
  const rest = order.filter((axis) => !axes.includes(axis));
  const ranks = [...rest].sort((a, b) => a - b);
  const places = emitter.integers(order.flatMap((_, place) => (reduced(place) ? [place] : [])));
  const target = keepDims ? kept : kept.filter((_, place) => !reduced(place));
  const out = emitter.op(kind, [tensor, places], target, value, options.reduce(keepDims));
  emitter.set(value, out, keepDims ? order : rest.map((axis) => ranks.indexOf(axis)));
}
