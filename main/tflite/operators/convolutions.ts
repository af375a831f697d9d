/** Convolutions: whole, depthwise, in groups, transposed. Weights are O, H, W, I; of depthwise ones 1, H, W, O. */
import { permuted } from '../../graph/deployed/constants.ts';
import type { NodeOf } from '../../graph/graph.ts';
import type { Pads } from '../../graph/operators/attributes.ts';
import type { Shape } from '../../graph/shape.ts';
import { channelsLast, type Emitter } from '../emitter.ts';
import type { TensorIndex } from '../model.ts';
import { notConvertible } from '../refusals.ts';
import { options, type FusedActivation, type Options } from '../schema.ts';
import type { Emit } from './emit.ts';
import { padded, paddingOf } from './windows.ts';

export const emitConv: Emit<'Conv'> = (node, emitter) => {
  const [x, weightName, biasName] = node.inputs as [string, string, string | undefined];
  const { strides, dilations, pads, group } = node.attributes;
  const { shape, data } = withoutPad(node, emitter, emitter.weights(node, weightName));
  const [outputs, perGroup, height, width] = shape as [number, number, number, number];
  const channels = perGroup * group;
  const { activation, made } = emitter.fuse(node.outputs[0]!);
  const out = emitter.shapeOf(node.outputs[0]!);
  const target = channelsLast.map((axis) => out[axis]!);
  const bias = biasName ? emitter.weights(node, biasName).data : new Float32Array(outputs);
  const windows = { kernel: [height, width], strides, dilations, pads } as const;
  const { image, padding } = padded(emitter, emitter.image(x), windows);

  let tensor: TensorIndex;
  if (group > 1 && perGroup === 1) {
    // O, 1, H, W -> 1, H, W, O
    const weights = permuted({ shape: [outputs, height, width], data }, [1, 2, 0]);
    const inputs = [
      image,
      emitter.floats([1, ...weights.shape], weights.data, weightName),
      emitter.floats([outputs], bias, `${node.name} bias`),
    ];
    const how = options.depthwise(padding, strides, outputs / channels, dilations, activation);
    tensor = emitter.op('DEPTHWISE_CONV_2D', inputs, target, made, how);
  } else {
    const weights = permuted({ shape, data }, [0, 2, 3, 1]);
    const how = options.conv(padding, strides, dilations, activation);
    const convolve = (part: TensorIndex, first: number, count: number, value?: string) => {
      const size = perGroup * height * width;
      const whole = count === outputs;
      const own = whole ? weights.data : weights.data.slice(first * size, (first + count) * size);
      const inputs = [
        part,
        emitter.floats([count, height, width, perGroup], own, weightName),
        emitter.floats(
          [count],
          whole ? bias : bias.slice(first, first + count),
          `${node.name} bias`,
        ),
      ];
      const partShape = [...target.slice(0, 3), count];
      return emitter.op('CONV_2D', inputs, partShape, value, how);
    };
    // Libraries before 2.10 and accelerators do not support groups.
    const count = outputs / group;
    tensor =
      group === 1
        ? convolve(image, 0, outputs, made)
        : emitter.op(
            'CONCATENATION',
            emitter.split(image, 3, group).map((part, i) => convolve(part, i * count, count, made)),
            target,
            made,
            options.concatenation(3),
          );
  }
  emitter.set(made, tensor, channelsLast);
};

/**
 * In int8, the first convolution of a network gets a row and a column of zeros where SAME then pads as the node does:
 * XNNPACK of TensorFlow Lite 2.9 does not fuse padding whose zero point is negative, and padding an image of three
 * channels takes longer than convolving it. With more channels, in or out, it is the other way round.
 */
function withoutPad(node: NodeOf<'Conv'>, emitter: Emitter, weights: Weights): Weights {
  const [outputs, inputs, ...kernel] = weights.shape as [number, number, number, number];
  const { group } = node.attributes;
  const ofPicture = kernel.join() === '3,3' && group === 1 && inputs <= 4 && outputs <= 16;
  if (!emitter.options.spellOut || !ofPicture) return weights;
  const [, , rows, columns] = emitter.shapeOf(node.inputs[0]!) as [number, number, number, number];
  const padding = (size: number) =>
    paddingOf(rows, columns, { ...node.attributes, kernel: [size, size] });
  if (padding(3) !== null || padding(4) !== 'SAME') return weights;
  const data = new Float32Array(outputs * inputs * 16);
  weights.data.forEach((value, i) => {
    data[Math.floor(i / 9) * 16 + Math.floor((i % 9) / 3) * 4 + (i % 3)] = value;
  });
  return { shape: [outputs, inputs, 4, 4], data };
}

interface Weights {
  readonly shape: Shape;
  readonly data: Float32Array;
}

export const emitConvTranspose: Emit<'ConvTranspose'> = (node, emitter) => {
  const [x, weightName, biasName] = node.inputs as [string, string, string | undefined];
  const { strides, dilations, pads, group, outputPadding } = node.attributes;
  if (dilations.some((size) => size !== 1)) throw notConvertible(node, 'is dilated');
  const { shape, data } = emitter.weights(node, weightName);
  const [inputs, perGroup, height, width] = shape as [number, number, number, number];
  const image = emitter.image(x);
  const [batch, rows, columns] = emitter.tensors[image]!.shape as [number, number, number];
  const whole = [(rows - 1) * strides[0] + height, (columns - 1) * strides[1] + width] as const;
  // C, M/g, H, W of one group -> M/g, H, W, C/g
  const size = (inputs / group) * perGroup * height * width;
  const own = [inputs / group, perGroup, height, width];
  const full = [batch, ...whole, perGroup];
  const parts = group === 1 ? [image] : emitter.split(image, 3, group);
  const value = biasName ? undefined : node.outputs[0]!;
  const made = parts.map((part, i) => {
    const group_ = { shape: own, data: data.subarray(i * size, (i + 1) * size) };
    const weights = permuted(group_, [1, 2, 3, 0]);
    const tensors = [
      emitter.integers(full),
      emitter.floats(weights.shape, weights.data, weightName),
      part,
    ];
    const how = options.transposeConv('VALID', strides);
    return emitter.op('TRANSPOSE_CONV', tensors, full, value ?? `${node.outputs[0]}:bare`, how);
  });
  const joined = [batch, ...whole, perGroup * group];
  let tensor =
    made.length === 1
      ? made[0]!
      : emitter.op('CONCATENATION', made, joined, value, options.concatenation(3));
  tensor = cropped(emitter, tensor, pads, outputPadding);
  const { activation, made: name } = emitter.fuse(node.outputs[0]!);
  if (biasName || activation !== 'NONE') {
    const bias = biasName
      ? emitter.floats([perGroup * group], emitter.weights(node, biasName).data, biasName)
      : emitter.number(0);
    const shape_ = emitter.tensors[tensor]!.shape;
    tensor = emitter.op('ADD', [tensor, bias], shape_, name, options.add(activation));
  }
  emitter.set(name, tensor, channelsLast);
};

/** Crops the padding, and appends rows and columns of zeros where output padding asks for more than there is. */
function cropped(
  emitter: Emitter,
  tensor: TensorIndex,
  pads: Pads,
  [moreRows, moreColumns]: readonly [number, number],
): TensorIndex {
  const { shape, value } = emitter.tensors[tensor]!;
  const [batch, rows, columns, channels] = shape as [number, number, number, number];
  const behind = [moreRows - pads[2], moreColumns - pads[3]] as const;
  const sizes = [
    batch,
    rows - pads[0] + Math.min(0, behind[0]),
    columns - pads[1] + Math.min(0, behind[1]),
    channels,
  ];
  const begin = emitter.integers([0, pads[0], pads[1], 0]);
  let image = tensor;
  if (sizes.some((size, axis) => size !== shape[axis])) {
    image = emitter.op('SLICE', [tensor, begin, emitter.integers(sizes)], sizes, value);
  }
  if (behind.every((size) => size <= 0)) return image;
  const [bottom, right] = behind.map((size) => Math.max(0, size)) as [number, number];
  const larger = [batch, sizes[1]! + bottom, sizes[2]! + right, channels];
  const widths = emitter.integers([0, 0, 0, bottom, 0, right, 0, 0], [4, 2]);
  return emitter.op('PAD', [image, widths], larger, value, options.pad());
}

/** A product with a constant matrix (outputs x inputs) over the last stored axis. */
export function linear(
  emitter: Emitter,
  x: TensorIndex,
  weights: { readonly outputs: number; readonly data: Float32Array; readonly name: string },
  bias: Float32Array | null,
  made: string,
  activation: FusedActivation = 'NONE',
): TensorIndex {
  const { shape } = emitter.tensors[x]!;
  const inputs = shape.at(-1)!;
  const { outputs, data, name } = weights;
  const biasTensor = emitter.floats([outputs], bias ?? new Float32Array(outputs), `${name} bias`);
  const target = [...shape.slice(0, -1), outputs];
  if (!emitter.options.linearAsConv) {
    const how: Options = options.fullyConnected(activation);
    const tensors = [x, emitter.floats([outputs, inputs], data, name), biasTensor];
    return emitter.op('FULLY_CONNECTED', tensors, target, made, how);
  }
  const rows = target.slice(0, -1).reduce((product, size) => product * size, 1);
  const asImage = emitter.reshaped(x, shape.length === 4 ? shape : [1, 1, rows, inputs]);
  const imageShape = [...emitter.tensors[asImage]!.shape.slice(0, 3), outputs];
  const filters = emitter.floats([outputs, 1, 1, inputs], data, name);
  const how = options.conv('VALID', [1, 1], [1, 1], activation);
  const tensor = emitter.op('CONV_2D', [asImage, filters, biasTensor], imageShape, made, how);
  return emitter.reshaped(tensor, target, made);
}
