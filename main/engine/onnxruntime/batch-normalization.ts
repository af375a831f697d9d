/**
 * Batch normalisation with batch statistics. onnxruntime's own training mode computes wrong results,
 * so mean and variance are computed beside it and handed to its inference form.
 */
import { elements, type Shape } from '../../graph/shape.ts';
import type { OnnxBuilder } from '../../graph/onnx/builder.ts';
import type { Lowering, LoweringContext } from './context.ts';

/** Every axis but the channels'. */
function statisticsAxes(shape: Shape): number[] {
  return shape.map((_, axis) => axis).filter((axis) => axis !== 1);
}

/**
 * Sums over the images last. One reduction over all axes adds tens of thousands of single-precision
 * numbers one after the other and loses a digit, which moves the mean far enough to flip Relu masks;
 * PyTorch accumulates in double precision.
 */
function sumPerChannel(
  reduction: 'ReduceSum' | 'ReduceSumSquare',
  value: string,
  shape: Shape,
  builder: OnnxBuilder,
): string {
  if (shape.length === 2) return builder.reduce(reduction, value, [0], false);
  const space = shape.map((_, axis) => axis).slice(2);
  const perImage = builder.reduce(reduction, value, space, false);
  return builder.reduce('ReduceSum', perImage, [0], false);
}

export const batchNormalization: Lowering<'BatchNormalization'> = (node, { builder, shapeOf }) => {
  const [x, scale, shift, runningMean, runningVariance] = node.inputs;
  const epsilon = { epsilon: { float: node.attributes.epsilon } };
  if (!node.attributes.training) {
    const inputs = [x, scale, shift, runningMean, runningVariance];
    builder.node('BatchNormalization', inputs, [node.outputs[0]], epsilon);
    return;
  }
  const [y, mean, inverseDeviation] = node.outputs;
  const shape = shapeOf(x);
  const share = builder.scalar(shape[1] / elements(shape));
  builder.op('Mul', [sumPerChannel('ReduceSum', x, shape, builder), share], {}, mean);
  const meanSquare = builder.op('Mul', [
    sumPerChannel('ReduceSumSquare', x, shape, builder),
    share,
  ]);
  // Rounding can bring a channel that hardly varies below zero, and its root would be NaN.
  const variance = builder.op('Relu', [
    builder.op('Sub', [meanSquare, builder.op('Mul', [mean, mean])]),
  ]);
  const deviation = builder.op('Sqrt', [
    builder.op('Add', [variance, builder.scalar(node.attributes.epsilon)]),
  ]);
  builder.op('Reciprocal', [deviation], {}, inverseDeviation);
  builder.op('BatchNormalization', [x, scale, shift, mean, variance], epsilon, y);
};

/**
 * dX = scale / deviation * (dY - mean(dY) - xHat mean(dY xHat)), means over a channel's values.
 * Source: Ioffe and Szegedy, Batch Normalization, 2015, section 3.
 */
export const batchNormalizationGradient: Lowering<'BatchNormalizationGradient'> = (
  node,
  context,
) => {
  const { builder, shapeOf } = context;
  const [dY, x, y, scale, shift, mean, inverseDeviation] = node.inputs;
  const shape = shapeOf(x);
  const channels = shape[1];
  const axes = statisticsAxes(shape);
  const plain = isConstant(scale, 1, context) && isConstant(shift, 0, context);
  // Without scale and shift the output is the normalised input, and needs no second look at x.
  const normalised = plain ? y : affine(x, inverseDeviation, null, mean, channels, builder);
  const factor = plain ? inverseDeviation : builder.op('Mul', [scale, inverseDeviation]);
  const meanGradient = builder.reduce('ReduceMean', dY, axes, false);
  const meanProduct = builder.reduce(
    'ReduceMean',
    builder.op('Mul', [dY, normalised]),
    axes,
    false,
  );
  const negative = builder.op('Neg', [factor]);
  const correction = affine(
    normalised,
    builder.op('Mul', [negative, meanProduct]),
    builder.op('Mul', [negative, meanGradient]),
    null,
    channels,
    builder,
  );
  const perChannel = shape.map((_, axis) => (axis === 1 ? channels : 1));
  const scaled = builder.op('Mul', [dY, builder.reshape(factor, perChannel)]);
  builder.op('Add', [scaled, correction], {}, node.outputs[0]);
};

/** (x - mean) * factor + offset, all per channel, in one pass: a BatchNormalization of variance 1. */
function affine(
  x: string,
  factor: string,
  offset: string | null,
  mean: string | null,
  channels: number,
  builder: OnnxBuilder,
): string {
  const epsilon = 1e-5;
  const zeros = builder.floats(`:zeros${channels}`, [channels], () => new Float32Array(channels));
  const variance = builder.floats(`:unitVariance${channels}`, [channels], () =>
    new Float32Array(channels).fill(1 - epsilon),
  );
  return builder.op('BatchNormalization', [x, factor, offset ?? zeros, mean ?? zeros, variance], {
    epsilon: { float: epsilon },
  });
}

function isConstant(value: string, number: number, context: LoweringContext): boolean {
  return context.constantOf(value)?.every((element) => element === number) ?? false;
}
