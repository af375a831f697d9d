/**
 * Weight gradient of a convolution out of inference operators. onnxruntime has no ConvGrad; which
 * formulation is fastest depends on the layer, and was measured (docs/decisions/0002).
 */
import type { NodeOf, Shape } from '../../graph/graph.ts';
import type { Lowering, LoweringContext } from './context.ts';
import type { Known } from '../../common/known.ts';

interface Sizes {
  readonly batch: number;
  readonly inChannels: number;
  readonly height: number;
  readonly width: number;
  readonly outChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
}

type GradientNode = NodeOf<'ConvWeightGradient'>;

export const lowerConvWeightGradient: Lowering<'ConvWeightGradient'> = (node, context) => {
  const [gradient, x] = node.inputs as Known<string>;
  const { group, strides, pads, weightShape } = node.attributes;
  const sizes = sizesOf(context.shapeOf(x), context.shapeOf(gradient), weightShape);
  const unit = ([a, b]: readonly number[]) => a === 1 && b === 1;
  const pointwise =
    sizes.kernelHeight === 1 &&
    sizes.kernelWidth === 1 &&
    unit(strides) &&
    pads.every((p) => p === 0);
  const depthwise =
    group === sizes.inChannels && sizes.outChannels === sizes.inChannels && group > 1;
  if (pointwise) matrixProduct(x, node, sizes, context);
  else if (depthwise) depthwiseRows(node, sizes, context);
  else matrixProduct(columns(x, node, sizes, context), node, sizes, context);
};

function sizesOf(x: Shape, gradient: Shape, weight: Shape): Sizes {
  const [batch, inChannels, height, width] = x as Known<number>;
  const [, outChannels, outHeight, outWidth] = gradient as Known<number>;
  const [, , kernelHeight, kernelWidth] = weight as Known<number>;
  return {
    batch,
    inChannels,
    height,
    width,
    outChannels,
    outHeight,
    outWidth,
    kernelHeight,
    kernelWidth,
  };
}

/**
 * Every patch of the image as a column: N x C kH kW x h x w. A grouped convolution with constant
 * one-hot kernels does it on all threads, unlike Slice and Concat.
 */
function columns(
  x: string,
  node: GradientNode,
  sizes: Sizes,
  { builder }: LoweringContext,
): string {
  const { inChannels, kernelHeight, kernelWidth } = sizes;
  const { strides, dilations, pads } = node.attributes;
  const taps = kernelHeight * kernelWidth;
  const kernels = builder.floats(
    `:oneHot${inChannels}_${kernelHeight}_${kernelWidth}`,
    [inChannels * taps, 1, kernelHeight, kernelWidth],
    () => {
      const data = new Float32Array(inChannels * taps * taps);
      for (let row = 0; row < inChannels * taps; row++) data[row * taps + (row % taps)] = 1;
      return data;
    },
  );
  return builder.op('Conv', [x, kernels], {
    group: { int: inChannels },
    strides: { ints: strides },
    dilations: { ints: dilations },
    pads: { ints: pads },
  });
}

/**
 * dW' = sum over images of columns (C/g kH kW x L) times dY' (L x M/g), one product for each image and group.
 * In this order the smaller factor is the one that onnxruntime rearranges.
 */
function matrixProduct(
  cols: string,
  node: GradientNode,
  sizes: Sizes,
  { builder }: LoweringContext,
): void {
  const { batch, inChannels, outChannels, outHeight, outWidth, kernelHeight, kernelWidth } = sizes;
  const { group, weightShape } = node.attributes;
  const places = outHeight * outWidth;
  const rows = (inChannels / group) * kernelHeight * kernelWidth;
  const gradient = builder.reshape(node.inputs[0]!, [batch, group, outChannels / group, places]);
  const products = builder.op('MatMul', [
    builder.reshape(cols, [batch, group, rows, places]),
    builder.transpose(gradient, [0, 1, 3, 2]),
  ]);
  const sum = builder.reduce('ReduceSum', products, [0], false);
  builder.reshape(builder.transpose(sum, [0, 2, 1]), weightShape, node.outputs[0]);
}

/**
 * Depthwise: channels first, one matrix product a kernel row over all images and image
 * rows; each gives every pair of output and input column, of which a constant mask picks the diagonals.
 */
function depthwiseRows(node: GradientNode, sizes: Sizes, { builder }: LoweringContext): void {
  const { batch, inChannels, outHeight, outWidth, kernelHeight, kernelWidth } = sizes;
  const [gradient, x] = node.inputs as Known<string>;
  const { strides, dilations, pads, weightShape } = node.attributes;
  const paddedWidth = sizes.width + pads[1] + pads[3];
  const channelsFirst = (value: string) => builder.transpose(value, [1, 0, 2, 3]);
  const padded = builder.pad(channelsFirst(x), [0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]]);
  const transposedGradient = builder.transpose(
    builder.reshape(channelsFirst(gradient), [inChannels, batch * outHeight, outWidth]),
    [0, 2, 1],
  );
  const rows: string[] = [];
  for (let row = 0; row < kernelHeight; row++) {
    const start = row * dilations[0];
    const slice = builder.slice(padded, {
      axes: [2],
      starts: [start],
      ends: [start + (outHeight - 1) * strides[0] + 1],
      steps: [strides[0]],
    });
    const image = builder.reshape(slice, [inChannels, batch * outHeight, paddedWidth]);
    const pairs = builder.op('MatMul', [transposedGradient, image]);
    rows.push(builder.reshape(pairs, [inChannels, 1, outWidth * paddedWidth]));
  }
  const joined = rows.length > 1 ? builder.op('Concat', rows, { axis: { int: 1 } }) : rows[0]!;
  const mask = builder.floats(
    `:diagonals${outWidth}_${paddedWidth}_${kernelWidth}_${strides[1]}_${dilations[1]}`,
    [outWidth * paddedWidth, kernelWidth],
    () => {
      const data = new Float32Array(outWidth * paddedWidth * kernelWidth);
      for (let tap = 0; tap < kernelWidth; tap++) {
        for (let place = 0; place < outWidth; place++) {
          const column = place * strides[1] + tap * dilations[1];
          data[(place * paddedWidth + column) * kernelWidth + tap] = 1;
        }
      }
      return data;
    },
  );
  const flat = builder.reshape(joined, [inChannels * kernelHeight, outWidth * paddedWidth]);
  builder.reshape(builder.op('MatMul', [flat, mask]), weightShape, node.outputs[0]);
}
