/**
 * Batch normalisation with batch statistics. onnxruntime's own training mode computes wrong results,
 * so mean and variance are computed beside it and handed to its inference form.
 */
import { elements, type Shape } from '../../graph/shape.ts';
import type { OnnxBuilder } from '../../graph/onnx/builder.ts';
import type { Lowering, LoweringContext } from './context.ts';
import type { Known } from '../../common/known.ts';

/** Every axis but the channels'. */
function statisticsAxes(shape: Shape): number[] {
  return shape.map((_, axis) => axis).filter((axis) => axis !== 1);
}

/**
 * Numbers that are added up in single precision, one after the other. Shorter rows take longer; of the
 * lengths tried this one flips no mask of a golden network (docs/decisions/0003-sums-per-channel.md).
 */
const mostInRow = 512;

/**
 * A channel's sum, in double precision but for short rows of numbers. One reduction over all places adds
 * tens of thousands of single-precision numbers one after the other and loses a digit or two, which moves
 * mean and variance far enough to flip Relu masks; PyTorch accumulates in double precision.
 */
function sumPerChannel(
  reduction: 'ReduceSum' | 'ReduceSumSquare',
  value: string,
  shape: Shape,
  builder: OnnxBuilder,
): string {
  const [images, channels, ...space] = shape as Known<number>;
  const places = elements(space);
  let row = Math.min(places, mostInRow);
  while (places % row !== 0) row--;
  const rows = builder.reshape(value, [images, channels, places / row, row]);
  const sums = builder.cast(builder.reduce(reduction, rows, [3], false), 'double');
  return builder.reduce('ReduceSum', sums, [0, 2], false);
}

/**
 * Means and deviations in double precision, then y = x * alpha + beta with numbers of single precision,
 * as PyTorch 1.13's kernel and the onednn engine compute it (native/normalisation.cpp). Those multiply and add
 * with one rounding, for which onnxruntime has no operator: a fifth of the results differ in their last bit,
 * and now and then a number that lies on its channel's mean falls on the other side of a Relu.
 */
export const lowerBatchNormalization: Lowering<'BatchNormalization'> = (node, context) => {
  const { builder, shapeOf } = context;
  const [x, scale, shift, runningMean, runningVariance] = node.inputs as Known<string>;
  if (!node.attributes.training) {
    const inputs = [x, scale, shift, runningMean, runningVariance];
    const epsilon = { epsilon: { float: node.attributes.epsilon } };
    builder.node('BatchNormalization', inputs, [node.outputs[0]!], epsilon);
    return;
  }
  const [y, mean, inverseDeviation] = node.outputs as Known<string>;
  const shape = shapeOf(x);
  const channels = shape[1]!;
  const count = builder.cast(builder.scalar(elements(shape) / channels), 'double');
  const of = (reduction: 'ReduceSum' | 'ReduceSumSquare') =>
    builder.op('Div', [sumPerChannel(reduction, x, shape, builder), count]);
  const exactMean = of('ReduceSum');
  builder.cast(exactMean, 'float', mean);
  // Rounding can bring a channel that hardly varies below zero, and its root would be NaN.
  const variance = builder.op('Relu', [
    builder.op('Sub', [of('ReduceSumSquare'), builder.op('Mul', [exactMean, exactMean])]),
  ]);
  const epsilon = builder.cast(builder.scalar(node.attributes.epsilon), 'double');
  const deviation = builder.op('Sqrt', [builder.op('Add', [variance, epsilon])]);
  builder.cast(builder.op('Reciprocal', [deviation]), 'float', inverseDeviation);
  const alpha = isConstant(scale, 1, context)
    ? inverseDeviation
    : builder.op('Mul', [inverseDeviation, scale]);
  const product = builder.op('Mul', [builder.cast(mean, 'double'), builder.cast(alpha, 'double')]);
  const exactBeta = builder.op('Sub', [builder.cast(shift, 'double'), product]);
  const beta = builder.cast(exactBeta, 'float');
  affine(x, alpha, beta, null, channels, builder, y);
};

/**
 * dX = scale / deviation * (dY - mean(dY) - xHat mean(dY xHat)), means over a channel's values.
 * Source: Ioffe and Szegedy, Batch Normalization, 2015, section 3.
 */
export const lowerBatchNormalizationGradient: Lowering<'BatchNormalizationGradient'> = (
  node,
  context,
) => {
  const { builder, shapeOf } = context;
  const [dY, x, y, scale, shift, mean, inverseDeviation] = node.inputs as Known<string>;
  const shape = shapeOf(x);
  const channels = shape[1]!;
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
  output?: string,
): string {
  const epsilon = 1e-5;
  const zeros = builder.floats(`:zeros${channels}`, [channels], () => new Float32Array(channels));
  const variance = builder.floats(`:unitVariance${channels}`, [channels], () =>
    new Float32Array(channels).fill(1 - epsilon),
  );
  const inputs = [x, factor, offset ?? zeros, mean ?? zeros, variance];
  return builder.op('BatchNormalization', inputs, { epsilon: { float: epsilon } }, output);
}

function isConstant(value: string, number: number, context: LoweringContext): boolean {
  return context.constantOf(value)?.every((element) => element === number) ?? false;
}
