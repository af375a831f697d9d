/** Convolution over height and width: strides, pads, dilation, groups, depthwise, bias. */
import type { NodeOf } from '../graph.ts';
import { elements, sameShape, type Shape } from '../shape.ts';
import type { ConvAttributes, Pads, Pair } from './attributes.ts';
import {
  shapeMismatch,
  unsupportedAttribute,
  type DifferentiationContext,
  type OperatorDefinition,
} from './operator.ts';
import type { OnnxNode } from '../onnx/node.ts';
import type { Known } from '../../common/known.ts';

/** Output size along one axis. Source: ONNX operator specification, Conv. */
export function convolvedSize(
  size: number,
  kernel: number,
  stride: number,
  dilation: number,
  padBegin: number,
  padEnd: number,
): number {
  return Math.floor((size + padBegin + padEnd - (dilation * (kernel - 1) + 1)) / stride) + 1;
}

/** Reads a two-dimensional attribute, refusing 1-D and 3-D convolutions and pools by name. */
export function readPair(source: OnnxNode, name: string, fallback: Pair, least = 1): Pair {
  const values = source.ints(name);
  if (!values) return fallback;
  if (values.length !== 2)
    throw unsupportedAttribute(source, `${values.length}-dimensional ${name}`);
  if (values.some((value) => value < least)) {
    throw unsupportedAttribute(source, `${name}=${values.join(', ')}`);
  }
  return [values[0]!, values[1]!];
}

export function readPads(source: OnnxNode): Pads {
  const mode = source.string('auto_pad', 'NOTSET');
  if (mode !== 'NOTSET' && mode !== 'VALID') throw unsupportedAttribute(source, `auto_pad=${mode}`);
  const values = source.ints('pads');
  if (!values) return [0, 0, 0, 0];
  if (values.length !== 4) throw unsupportedAttribute(source, `pads of ${values.length} numbers`);
  if (values.some((value) => value < 0)) {
    throw unsupportedAttribute(source, `negative pads (${values.join(', ')})`);
  }
  return [values[0]!, values[1]!, values[2]!, values[3]!];
}

export const conv: OperatorDefinition<'Conv'> = {
  kind: 'Conv',
  traits: { trained: true, ownBox: true },
  requiredInputs: 2,
  infer(node, inputs) {
    const [x, weight, bias] = inputs;
    const { group, strides, dilations, pads } = node.attributes;
    if (x.length !== 4 || weight.length !== 4) {
      throw shapeMismatch(node, [x, weight], 'images and weights need four axes');
    }
    if (x[1] !== weight[1]! * group || weight[0]! % group !== 0) {
      throw shapeMismatch(node, [x, weight], `channels do not fit ${group} group(s)`);
    }
    if (bias && !sameShape(bias, [weight[0]!])) {
      throw shapeMismatch(node, [weight, bias], 'the bias needs one value an output channel');
    }
    const height = convolvedSize(x[2]!, weight[2]!, strides[0], dilations[0], pads[0], pads[2]);
    const width = convolvedSize(x[3]!, weight[3]!, strides[1], dilations[1], pads[1], pads[3]);
    if (height < 1 || width < 1) {
      throw shapeMismatch(node, [x, weight], 'the kernel is larger than the padded image');
    }
    return [[x[0]!, weight[0]!, height, width]];
  },
  macs: (_node, [, weight], [out]) =>
    weight[1]! * weight[2]! * weight[3]! * out[0]! * out[1]! * out[2]! * out[3]!,
  differentiate(node, outputGradient, context) {
    const [x, weight] = node.inputs as Known<string>;
    return [
      context.needsGradient(x)
        ? context.emit('ConvInputGradient', [outputGradient, weight], {
            ...node.attributes,
            inputShape: context.shapeOf(x),
          })
        : null,
      context.needsGradient(weight)
        ? context.emit('ConvWeightGradient', [outputGradient, x], {
            ...node.attributes,
            weightShape: context.shapeOf(weight),
          })
        : null,
      // A bias is not a weight in the sense of the method (section 1), so nothing asks for its gradient.
      null,
    ];
  },
  read(source) {
    const attributes: ConvAttributes = {
      strides: readPair(source, 'strides', [1, 1]),
      dilations: readPair(source, 'dilations', [1, 1]),
      pads: readPads(source),
      group: source.int('group', 1),
    };
    return { inputs: source.inputs, attributes };
  },
  write(node, builder) {
    builder.node('Conv', node.inputs, node.outputs, convAttributes(node), node.name);
  },
};

/** The attributes of a convolution as ONNX writes them; the kernel's size comes from the weight. */
export function convAttributes(node: NodeOf<'Conv'>) {
  const { strides, dilations, pads, group } = node.attributes;
  return {
    strides: { ints: strides },
    dilations: { ints: dilations },
    pads: { ints: pads },
    group: { int: group },
  };
}

export const convInputGradient: OperatorDefinition<'ConvInputGradient'> = {
  kind: 'ConvInputGradient',
  infer: (node): Shape[] => [node.attributes.inputShape],
};

export const convWeightGradient: OperatorDefinition<'ConvWeightGradient'> = {
  kind: 'ConvWeightGradient',
  infer: (node): Shape[] => [node.attributes.weightShape],
};

/**
 * Transposed convolution is the input gradient of a convolution, so its own input gradient is that convolution,
 * and its weight gradient is the convolution's with image and gradient exchanged. Weights are C x M/g x kH x
 * kW. It is not a layer in the sense of the method, which counts Conv2d and Linear.
 */
export const convTranspose: OperatorDefinition<'ConvTranspose'> = {
  kind: 'ConvTranspose',
  traits: { trained: true, ownBox: true, called: 'transposed conv' },
  requiredInputs: 2,
  infer(node, [x, weight, bias]) {
    const { group, strides, dilations, pads, outputPadding } = node.attributes;
    if (x.length !== 4 || weight.length !== 4) {
      throw shapeMismatch(node, [x, weight], 'images and weights need four axes');
    }
    if (x[1] !== weight[0] || weight[0]! % group !== 0) {
      throw shapeMismatch(node, [x, weight], `channels do not fit ${group} group(s)`);
    }
    const channels = weight[1]! * group;
    if (bias && !sameShape(bias, [channels])) {
      throw shapeMismatch(node, [weight, bias], 'the bias needs one value an output channel');
    }
    const fromImage = (axis: 0 | 1) =>
      (x[2 + axis]! - 1) * strides[axis] -
      (pads[axis] + pads[axis + 2]!) +
      dilations[axis] * (weight[2 + axis]! - 1) +
      1;
    // What is left would be output padding alone: rows and columns that contributed to nothing.
    if (fromImage(0) < 1 || fromImage(1) < 1) {
      throw shapeMismatch(node, [x, weight], 'its padding leaves nothing of the image');
    }
    const size = (axis: 0 | 1) => fromImage(axis) + outputPadding[axis];
    return [[x[0]!, channels, size(0), size(1)]];
  },
  macs: (_node, [x, weight]) => elements(x) * weight[1]! * weight[2]! * weight[3]!,
  differentiate(node, outputGradient, context) {
    const [x, weight] = node.inputs as Known<string>;
    const { image, attributes } = convolutionBack(node, outputGradient, context);
    return [
      context.needsGradient(x) ? context.emit('Conv', [image, weight], attributes) : null,
      context.needsGradient(weight)
        ? context.emit('ConvWeightGradient', [x, image], {
            ...attributes,
            weightShape: context.shapeOf(weight),
          })
        : null,
      null,
    ];
  },
  read(source) {
    if (source.has('output_shape')) throw unsupportedAttribute(source, 'output_shape');
    return {
      inputs: source.inputs,
      attributes: {
        strides: readPair(source, 'strides', [1, 1]),
        dilations: readPair(source, 'dilations', [1, 1]),
        pads: readPads(source),
        group: source.int('group', 1),
        outputPadding: readPair(source, 'output_padding', [0, 0], 0),
      },
    };
  },
  write(node, builder) {
    const { outputPadding, strides, dilations, pads, group } = node.attributes;
    const attributes = {
      strides: { ints: strides },
      dilations: { ints: dilations },
      pads: { ints: pads },
      group: { int: group },
      output_padding: { ints: outputPadding },
    };
    if (outputPadding.every((size, axis) => size < strides[axis]!)) {
      builder.node('ConvTranspose', node.inputs, node.outputs, attributes, node.name);
      return;
    }
    // More output padding than strides, which dilations permit: engines refuse it, so it is added afterwards.
    const [x, weight, bias] = node.inputs as Known<string>;
    const unpadded = {
      strides: attributes.strides,
      dilations: attributes.dilations,
      group: attributes.group,
    };
    const whole = builder.op('ConvTranspose', [x, weight], unpadded);
    const begins = [0, 1].map((axis) => -pads[axis]! || 0);
    const ends = [0, 1].map((axis) => outputPadding[axis]! - pads[axis + 2]!);
    const widened = [0, 0, ...begins, 0, 0, ...ends];
    if (!bias) {
      builder.pad(whole, widened, node.outputs[0]);
      return;
    }
    const perChannel = builder.reshape(bias, [-1, 1, 1]);
    builder.op('Add', [builder.pad(whole, widened), perChannel], {}, node.outputs[0]);
  },
};

/**
 * The convolution that a transposed one is the gradient of, and the gradient that goes into it. Output padding
 * removes padding behind the image, or adds rows and columns that contributed to nothing.
 */
function convolutionBack(
  { attributes: { strides, dilations, pads, group, outputPadding } }: NodeOf<'ConvTranspose'>,
  gradient: string,
  context: DifferentiationContext,
): { readonly image: string; readonly attributes: ConvAttributes } {
  const behind = [pads[2] - outputPadding[0], pads[3] - outputPadding[1]];
  const [height, width] = behind.map((size) => Math.min(0, size)) as Known<number>;
  const attributes: ConvAttributes = {
    strides,
    dilations,
    group,
    pads: [pads[0], pads[1], Math.max(0, behind[0]!), Math.max(0, behind[1]!)],
  };
  const image =
    height === 0 && width === 0
      ? gradient
      : context.emit('Pad', [gradient], { pads: [0, 0, 0, 0, 0, 0, height, width] });
  return { image, attributes };
}
