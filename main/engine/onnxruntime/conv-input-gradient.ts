/** Input gradient of a convolution out of inference operators. */
import type { NodeOf, Shape } from '../../graph/graph.ts';
import type { Lowering, LoweringContext } from './context.ts';
import type { Known } from '../../common/known.ts';

type GradientNode = NodeOf<'ConvInputGradient'>;

export const lowerConvInputGradient: Lowering<'ConvInputGradient'> = (node, context) => {
  const weight = node.inputs[1]!;
  const { strides, pads } = node.attributes;
  const [, , kernelHeight, kernelWidth] = context.shapeOf(weight);
  const pointwise = kernelHeight === 1 && kernelWidth === 1 && pads.every((size) => size === 0);
  if (strides[0] === 1 && strides[1] === 1) flippedConvolution(node, context);
  else if (pointwise) pointwiseThenSpread(node, context);
  else transposedConvolution(node, context);
};

/** Stride 1: a convolution of the gradient with the kernel flipped and its channel axes exchanged. */
function flippedConvolution(node: GradientNode, context: LoweringContext): void {
  const { builder } = context;
  const [gradient, weight] = node.inputs as Known<string>;
  const { group, dilations, pads, inputShape } = node.attributes;
  const [, , kernelHeight, kernelWidth] = context.shapeOf(weight) as Known<number>;
  const [, , outHeight, outWidth] = context.shapeOf(gradient) as Known<number>;
  const top = dilations[0] * (kernelHeight - 1) - pads[0];
  const left = dilations[1] * (kernelWidth - 1) - pads[1];
  const bottom = inputShape[2]! - outHeight - top + dilations[0] * (kernelHeight - 1);
  const right = inputShape[3]! - outWidth - left + dilations[1] * (kernelWidth - 1);
  let image = gradient;
  if (Math.min(top, left, bottom, right) < 0) {
    // A Conv takes no negative pads; crop first.
    const crop = [top, left, bottom, right].map((size) => Math.min(0, size));
    image = builder.pad(gradient, [0, 0, crop[0]!, crop[1]!, 0, 0, crop[2]!, crop[3]!]);
  }
  builder.op(
    'Conv',
    [image, flippedWeight(weight, group, context)],
    {
      group: { int: group },
      dilations: { ints: dilations },
      pads: { ints: [top, left, bottom, right].map((size) => Math.max(0, size)) },
    },
    node.outputs[0],
  );
}

/** 1x1 with a stride: convolve at the small size, then put zeros between. */
function pointwiseThenSpread(node: GradientNode, context: LoweringContext): void {
  const { builder } = context;
  const [gradient, weight] = node.inputs as Known<string>;
  const { group, strides, inputShape } = node.attributes;
  const [batch, , outHeight, outWidth] = context.shapeOf(gradient) as Known<number>;
  const [, channels, height, width] = inputShape as Known<number>;
  const small = builder.op('Conv', [gradient, flippedWeight(weight, group, context)], {
    group: { int: group },
  });
  const apart = builder.reshape(small, [batch, channels, outHeight, 1, outWidth, 1]);
  const spread = builder.pad(apart, [0, 0, 0, 0, 0, 0, 0, 0, 0, strides[0] - 1, 0, strides[1] - 1]);
  const [spreadHeight, spreadWidth] = [outHeight * strides[0], outWidth * strides[1]];
  const joined = builder.reshape(spread, [batch, channels, spreadHeight, spreadWidth]);
  // The last stride may overhang the image or fall short of it.
  builder.pad(
    joined,
    [0, 0, 0, 0, 0, 0, height - spreadHeight, width - spreadWidth],
    node.outputs[0],
  );
}

/** Any stride: ConvTranspose; output padding says which of the possible input sizes it was. */
function transposedConvolution(node: GradientNode, context: LoweringContext): void {
  const { builder } = context;
  const [gradient, weight] = node.inputs as Known<string>;
  const { group, strides, dilations, pads, inputShape } = node.attributes;
  const [, , kernelHeight, kernelWidth] = context.shapeOf(weight) as Known<number>;
  const rest = (size: number, padding: number, kernel: number, axis: 0 | 1) =>
    (size + padding - (dilations[axis] * (kernel - 1) + 1)) % strides[axis];
  builder.op(
    'ConvTranspose',
    [gradient, weight],
    {
      group: { int: group },
      strides: { ints: strides },
      dilations: { ints: dilations },
      pads: { ints: pads },
      output_padding: {
        ints: [
          rest(inputShape[2]!, pads[0] + pads[2], kernelHeight, 0),
          rest(inputShape[3]!, pads[1] + pads[3], kernelWidth, 1),
        ],
      },
    },
    node.outputs[0],
  );
}

/**
 * M x C/g x kH x kW to C x M/g x kH x kW, kernels turned by 180 degrees: a constant of the model, or computed
 * beside it where the network computes its weights.
 */
function flippedWeight(weight: string, group: number, context: LoweringContext): string {
  const { builder } = context;
  const data = context.constantOf(weight);
  const [outChannels, inPerGroup, kernelHeight, kernelWidth] = context.shapeOf(
    weight,
  ) as Known<number>;
  const outPerGroup = outChannels / group;
  const taps = kernelHeight * kernelWidth;
  const flippedShape: Shape = [inPerGroup * group, outPerGroup, kernelHeight, kernelWidth];
  if (data) {
    return builder.floats(`:flipped_${weight}`, flippedShape, () =>
      flip(data, group, outPerGroup, inPerGroup, taps),
    );
  }
  const apart = builder.reshape(weight, [group, outPerGroup, inPerGroup, taps]);
  const exchanged = builder.transpose(apart, [0, 2, 1, 3]);
  const backwards = builder.integers(Array.from({ length: taps }, (_, tap) => taps - 1 - tap));
  const turned = builder.op('Gather', [exchanged, backwards], { axis: { int: 3 } });
  return builder.reshape(turned, flippedShape);
}

function flip(
  data: Float32Array,
  groups: number,
  outPerGroup: number,
  inPerGroup: number,
  taps: number,
): Float32Array {
  const flipped = new Float32Array(data.length);
  for (let g = 0; g < groups; g++) {
    for (let m = 0; m < outPerGroup; m++) {
      for (let c = 0; c < inPerGroup; c++) {
        const from = ((g * outPerGroup + m) * inPerGroup + c) * taps;
        const to = ((g * inPerGroup + c) * outPerGroup + m) * taps;
        for (let tap = 0; tap < taps; tap++) flipped[to + taps - 1 - tap] = data[from + tap]!;
      }
    }
  }
  return flipped;
}
