/** Average and maximum pooling, and where their gradients go. */
import type { OnnxBuilder } from '../onnx/builder.ts';
import type { OnnxNode } from '../onnx/node.ts';
import type { Shape } from '../shape.ts';
import type { Node } from '../graph.ts';
import type { AveragePoolAttributes, Pair, PoolAttributes } from './attributes.ts';
import { readPads, readPair } from './conv.ts';
import { shapeMismatch, unsupportedAttribute, type OperatorDefinition } from './operator.ts';
import type { Known } from '../../common/known.ts';

/**
 * Number of windows along one axis. Rounding up never starts a window in the padding behind the image,
 * as in PyTorch. Source: ONNX AveragePool and MaxPool, ceil_mode.
 */
export function pooledSize(size: number, axis: 0 | 1, attributes: PoolAttributes): number {
  const { kernel, strides, pads, dilations, ceilMode } = attributes;
  const extent = dilations[axis] * (kernel[axis] - 1) + 1;
  const steps = (size + pads[axis] + pads[axis + 2]! - extent) / strides[axis];
  if (!ceilMode) return Math.floor(steps) + 1;
  const windows = Math.ceil(steps) + 1;
  return (windows - 1) * strides[axis] >= size + pads[axis] ? windows - 1 : windows;
}

function pooledShape(node: Node, x: Shape, attributes: PoolAttributes): Shape {
  if (x.length !== 4) throw shapeMismatch(node, [x], 'images need four axes');
  const [images, channels, height, width] = x as Known<number>;
  const rows = pooledSize(height, 0, attributes);
  const columns = pooledSize(width, 1, attributes);
  if (rows < 1 || columns < 1) {
    throw shapeMismatch(node, [x], 'the kernel is larger than the padded image');
  }
  return [images, channels, rows, columns];
}

function readPool(source: OnnxNode): PoolAttributes {
  if (!source.has('kernel_shape')) throw unsupportedAttribute(source, 'no kernel_shape');
  return {
    kernel: readPair(source, 'kernel_shape', [1, 1]),
    strides: readPair(source, 'strides', [1, 1]),
    pads: readPads(source),
    dilations: readPair(source, 'dilations', [1, 1]),
    ceilMode: source.int('ceil_mode', 0) === 1,
  };
}

/**
 * A pool is written in two steps: cut rows and columns off the end of the image, then pool. ONNX's own shape
 * inference starts windows in the padding behind the image where rounding up says so, though neither engines
 * nor PyTorch do. Once the padding and the values that no window reaches are gone, nothing is left to round up.
 */
export function writtenPool(
  attributes: PoolAttributes,
  x: Shape,
): { readonly crop: Pair; readonly pool: PoolAttributes } {
  const { kernel, strides, pads, dilations, ceilMode } = attributes;
  if (!ceilMode) return { crop: [0, 0], pool: attributes };
  const cutAlong = (axis: 0 | 1) => {
    const extent = dilations[axis] * (kernel[axis] - 1) + 1;
    const windows = pooledSize(x[2 + axis]!, axis, attributes);
    const reached = (windows - 1) * strides[axis] + extent - pads[axis];
    const unreached = Math.max(0, x[2 + axis]! + pads[axis + 2]! - reached);
    const fromPadding = Math.min(unreached, pads[axis + 2]!);
    return { crop: unreached - fromPadding, end: pads[axis + 2]! - fromPadding };
  };
  const [height, width] = [cutAlong(0), cutAlong(1)];
  return {
    crop: [height.crop, width.crop],
    pool: { ...attributes, pads: [pads[0], pads[1], height.end, width.end] },
  };
}

/** The image without its last rows and columns. */
export function cropped(x: string, [height, width]: Pair, builder: OnnxBuilder): string {
  if (height === 0 && width === 0) return x;
  return builder.pad(x, [0, 0, 0, 0, 0, 0, -height || 0, -width || 0]);
}

export function poolAttributes({ kernel, strides, pads, dilations, ceilMode }: PoolAttributes) {
  return {
    kernel_shape: { ints: kernel },
    strides: { ints: strides },
    pads: { ints: pads },
    ceil_mode: { int: ceilMode ? 1 : 0 },
    // AveragePool knows dilations only since opset 19.
    ...(dilations.some((size) => size !== 1) && { dilations: { ints: dilations } }),
  };
}

export const averagePool: OperatorDefinition<'AveragePool'> = {
  kind: 'AveragePool',
  traits: { ownBox: true, called: 'average pool' },
  infer: (node, [x]) => [pooledShape(node, x, node.attributes)],
  differentiate(node, outputGradient, context) {
    const x = node.inputs[0]!;
    if (!context.needsGradient(x)) return [null];
    const attributes = { ...node.attributes, inputShape: context.shapeOf(x) };
    return [context.emit('AveragePoolGradient', [outputGradient], attributes)];
  },
  read(source) {
    const pool = readPool(source);
    if (pool.dilations.some((size) => size !== 1)) throw unsupportedAttribute(source, 'dilations');
    const attributes: AveragePoolAttributes = {
      ...pool,
      countIncludePad: source.int('count_include_pad', 0) === 1,
    };
    return { inputs: source.inputs, attributes };
  },
  write(node, builder, shapeOf) {
    const { crop, pool } = writtenPool(node.attributes, shapeOf(node.inputs[0]!));
    const attributes = {
      ...poolAttributes(pool),
      count_include_pad: { int: node.attributes.countIncludePad ? 1 : 0 },
    };
    const image = cropped(node.inputs[0]!, crop, builder);
    builder.node('AveragePool', [image], node.outputs, attributes, node.name);
  },
};

export const averagePoolGradient: OperatorDefinition<'AveragePoolGradient'> = {
  kind: 'AveragePoolGradient',
  infer: (node) => [node.attributes.inputShape],
};

export const maxPool: OperatorDefinition<'MaxPool'> = {
  kind: 'MaxPool',
  traits: { ownBox: true, called: 'max pool' },
  infer: (node, [x]) => [pooledShape(node, x, node.attributes)],
  differentiate(node, outputGradient, context) {
    const x = node.inputs[0]!;
    if (!context.needsGradient(x)) return [null];
    const attributes = { ...node.attributes, inputShape: context.shapeOf(x) };
    return [context.emit('MaxPoolGradient', [outputGradient, x], attributes)];
  },
  read(source) {
    if (source.int('storage_order', 0) !== 0) throw unsupportedAttribute(source, 'storage_order=1');
    return { inputs: source.inputs, attributes: readPool(source) };
  },
  write(node, builder, shapeOf) {
    const { crop, pool } = writtenPool(node.attributes, shapeOf(node.inputs[0]!));
    const image = cropped(node.inputs[0]!, crop, builder);
    builder.node('MaxPool', [image], node.outputs, poolAttributes(pool), node.name);
  },
};

export const maxPoolGradient: OperatorDefinition<'MaxPoolGradient'> = {
  kind: 'MaxPoolGradient',
  infer: (node) => [node.attributes.inputShape],
};

export const globalMaxPool: OperatorDefinition<'GlobalMaxPool'> = {
  kind: 'GlobalMaxPool',
  traits: { ownBox: true, called: 'global max pool' },
  infer(node, [x]) {
    if (x.length !== 4) throw shapeMismatch(node, [x], 'images need four axes');
    return [[x[0]!, x[1]!, 1, 1]];
  },
  differentiate(node, outputGradient, context) {
    const x = node.inputs[0]!;
    if (!context.needsGradient(x)) return [null];
    const inputShape = context.shapeOf(x);
    const wholeImage = {
      kernel: [inputShape[2]!, inputShape[3]!],
      strides: [1, 1],
      pads: [0, 0, 0, 0],
      dilations: [1, 1],
      ceilMode: false,
      inputShape,
    } as const;
    return [context.emit('MaxPoolGradient', [outputGradient, x], wholeImage)];
  },
  read: (source) => ({ inputs: source.inputs, attributes: {} }),
  write: (node, builder) => builder.node('GlobalMaxPool', node.inputs, node.outputs, {}, node.name),
};
