/** Average pooling and means over axes; their gradients spread evenly over what was averaged. */
import type { PoolAttributes, ReduceAttributes } from './attributes.ts';
import { convolvedSize, readPads, readPair } from './conv.ts';
import { shapeMismatch, unsupportedAttribute, type OperatorDefinition } from './operator.ts';

export const averagePool: OperatorDefinition<'AveragePool'> = {
  kind: 'AveragePool',
  infer(node, [x]) {
    const { kernel, strides, pads } = node.attributes;
    if (x.length !== 4) throw shapeMismatch(node, [x], 'images need four axes');
    const height = convolvedSize(x[2], kernel[0], strides[0], 1, pads[0], pads[2]);
    const width = convolvedSize(x[3], kernel[1], strides[1], 1, pads[1], pads[3]);
    if (height < 1 || width < 1) {
      throw shapeMismatch(node, [x], 'the kernel is larger than the padded image');
    }
    return [[x[0], x[1], height, width]];
  },
  differentiate(node, outputGradient, context) {
    const [x] = node.inputs;
    if (!context.needsGradient(x)) return [null];
    const attributes = { ...node.attributes, inputShape: context.shapeOf(x) };
    return [context.emit('AveragePoolGradient', [outputGradient], attributes)];
  },
  read(source) {
    if (source.int('ceil_mode', 0) !== 0) throw unsupportedAttribute(source, 'ceil_mode=1');
    const [dilateH, dilateW] = readPair(source, 'dilations', [1, 1]);
    if (dilateH !== 1 || dilateW !== 1) throw unsupportedAttribute(source, 'dilations');
    if (!source.has('kernel_shape')) throw unsupportedAttribute(source, 'no kernel_shape');
    const attributes: PoolAttributes = {
      kernel: readPair(source, 'kernel_shape', [1, 1]),
      strides: readPair(source, 'strides', [1, 1]),
      pads: readPads(source),
      countIncludePad: source.int('count_include_pad', 0) === 1,
    };
    return { inputs: source.inputs, attributes };
  },
  write(node, builder) {
    const { kernel, strides, pads, countIncludePad } = node.attributes;
    builder.node(
      'AveragePool',
      node.inputs,
      node.outputs,
      {
        kernel_shape: { ints: kernel },
        strides: { ints: strides },
        pads: { ints: pads },
        count_include_pad: { int: countIncludePad ? 1 : 0 },
      },
      node.name,
    );
  },
};

export const averagePoolGradient: OperatorDefinition<'AveragePoolGradient'> = {
  kind: 'AveragePoolGradient',
  infer: (node) => [node.attributes.inputShape],
};

export const globalAveragePool: OperatorDefinition<'GlobalAveragePool'> = {
  kind: 'GlobalAveragePool',
  infer(node, [x]) {
    if (x.length < 3) throw shapeMismatch(node, [x], 'it needs batch, channel and space axes');
    return [[x[0], x[1], ...x.slice(2).map(() => 1)]];
  },
  differentiate(node, outputGradient, context) {
    const [x] = node.inputs;
    if (!context.needsGradient(x)) return [null];
    const inputShape = context.shapeOf(x);
    const axes = inputShape.map((_, axis) => axis).slice(2);
    return [context.emit('MeanGradient', [outputGradient], { axes, inputShape })];
  },
  read: (source) => ({ inputs: source.inputs, attributes: {} }),
  write: (node, builder) =>
    builder.node('GlobalAveragePool', node.inputs, node.outputs, {}, node.name),
};

/** Axes as written may be negative and unordered; they become ascending once the rank is known. */
function normalisedAxes(axes: readonly number[], rank: number): number[] {
  const positive = axes.map((axis) => (axis < 0 ? axis + rank : axis));
  return positive.sort((a, b) => a - b);
}

export const reduceMean: OperatorDefinition<'ReduceMean'> = {
  kind: 'ReduceMean',
  infer(node, [x]) {
    const axes = normalisedAxes(node.attributes.axes, x.length);
    if (axes.some((axis) => axis < 0 || axis >= x.length) || new Set(axes).size !== axes.length) {
      throw shapeMismatch(node, [x], `axes ${node.attributes.axes.join(', ')} do not exist`);
    }
    const kept = x.map((size, axis) => (axes.includes(axis) ? 1 : size));
    return [node.attributes.keepDims ? kept : kept.filter((_, axis) => !axes.includes(axis))];
  },
  differentiate(node, outputGradient, context) {
    const [x] = node.inputs;
    if (!context.needsGradient(x)) return [null];
    const inputShape = context.shapeOf(x);
    const axes = normalisedAxes(node.attributes.axes, inputShape.length);
    return [context.emit('MeanGradient', [outputGradient], { axes, inputShape })];
  },
  read(source) {
    const axes = source.ints('axes') ?? source.constantIntegers(1);
    if (!axes || axes.length === 0) throw unsupportedAttribute(source, 'no axes');
    const attributes: ReduceAttributes = { axes, keepDims: source.int('keepdims', 1) === 1 };
    return { inputs: source.inputs.slice(0, 1), attributes };
  },
  write(node, builder) {
    const { axes, keepDims } = node.attributes;
    builder.reduce('ReduceMean', node.inputs[0], axes, keepDims, node.outputs[0]);
  },
};

export const meanGradient: OperatorDefinition<'MeanGradient'> = {
  kind: 'MeanGradient',
  infer: (node) => [node.attributes.inputShape],
};
