/** Normalisations over each image, written as formulas, and Softmax. */
import type { Node } from '../../graph/graph.ts';
import { shapeInOrder, plainOrder, type Emitter, type Order } from '../emitter.ts';
import type { TensorIndex } from '../model.ts';
import { options } from '../schema.ts';
import type { Emit } from './emit.ts';

/** (x - mean) / sqrt(variance + epsilon) over the stored axes `places`, then scale and shift. */
function normalised(
  emitter: Emitter,
  x: TensorIndex,
  places: readonly number[],
  epsilon: number,
  [scale, shift]: readonly [TensorIndex, TensorIndex | null],
  value: string,
): TensorIndex {
  const { shape } = emitter.tensors[x]!;
  const kept = shape.map((size, place) => (places.includes(place) ? 1 : size));
  const axes = emitter.integers(places);
  const part = (name: string) => `${value}:${name}`;
  const mean = emitter.op('MEAN', [x, axes], kept, part('mean'), options.reduce(true));
  const centred = emitter.op('SUB', [x, mean], shape, part('centred'), options.sub('NONE'));
  const squares = emitter.op(
    'MUL',
    [centred, centred],
    shape,
    part('squares'),
    options.mul('NONE'),
  );
  const variance = emitter.op(
    'MEAN',
    [squares, axes],
    kept,
    part('variance'),
    options.reduce(true),
  );
  const raised = emitter.op(
    'ADD',
    [variance, emitter.number(epsilon)],
    kept,
    part('raised'),
    options.add('NONE'),
  );
  const inverse = emitter.op('RSQRT', [raised], kept, part('inverse'));
  const plain = emitter.op('MUL', [centred, inverse], shape, part('plain'), options.mul('NONE'));
  const scaled = emitter.op(
    'MUL',
    [plain, scale],
    shape,
    shift === null ? value : part('scaled'),
    options.mul('NONE'),
  );
  if (shift === null) return scaled;
  return emitter.op('ADD', [scaled, shift], shape, value, options.add('NONE'));
}

export const emitLayerNormalization: Emit<'LayerNormalization'> = (node, emitter) => {
  const [x, scale, shift] = node.inputs as [string, string, string | undefined];
  const value = node.outputs[0]!;
  const rank = emitter.shapeOf(x).length;
  const axis = node.attributes.axis < 0 ? node.attributes.axis + rank : node.attributes.axis;
  const own = emitter.orderOf(x);
  // Scale and shift store the normalised axes in the network's order.
  const inOrderAlready = own.slice(axis).every((place, i) => place === axis + i);
  const order = inOrderAlready ? own : plainOrder(rank);
  const places = order.flatMap((place, i) => (place >= axis ? [i] : []));
  const tensor = normalised(
    emitter,
    emitter.get(x, order),
    places,
    node.attributes.epsilon,
    [emitter.plain(scale), shift ? emitter.plain(shift) : null],
    value,
  );
  emitter.set(value, tensor, order);
};

export const emitInstanceNormalization: Emit<'InstanceNormalization'> = (node, emitter) => {
  const [x, scale, shift] = node.inputs as [string, string, string];
  const value = node.outputs[0]!;
  const order: Order = emitter.orderOf(x);
  const channels = order.indexOf(1);
  const places = order.flatMap((axis, i) => (axis >= 2 ? [i] : []));
  const perChannel = (name: string) => {
    const tensor = emitter.plain(name);
    const [size] = emitter.tensors[tensor]!.shape as [number];
    return emitter.reshaped(
      tensor,
      order.map((_, i) => (i === channels ? size : 1)),
    );
  };
  const tensor = normalised(
    emitter,
    emitter.get(x, order),
    places,
    node.attributes.epsilon,
    [perChannel(scale), perChannel(shift)],
    value,
  );
  emitter.set(value, tensor, order);
};

/** Works over the last stored axis, so the normalised axis is moved there. */
function overLast(kind: 'SOFTMAX' | 'LOG_SOFTMAX', node: Node, axis: number, emitter: Emitter) {
  const x = node.inputs[0]!;
  const value = node.outputs[0]!;
  const rank = emitter.shapeOf(x).length;
  const place = axis < 0 ? axis + rank : axis;
  const own = emitter.orderOf(x);
  const order =
    own.at(-1) === place ? own : [...plainOrder(rank).filter((other) => other !== place), place];
  const shape = shapeInOrder(emitter.shapeOf(value), order);
  const how = kind === 'SOFTMAX' ? options.softmax() : undefined;
  emitter.set(value, emitter.op(kind, [emitter.get(x, order)], shape, value, how), order);
}

export const emitSoftmax: Emit<'Softmax'> = (node, emitter) =>
  overLast('SOFTMAX', node, node.attributes.axis, emitter);

export const emitLogSoftmax: Emit<'LogSoftmax'> = (node, emitter) =>
  overLast('LOG_SOFTMAX', node, node.attributes.axis, emitter);
