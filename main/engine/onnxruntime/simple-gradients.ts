/** Gradients of activations, pooling, sums and the loss, out of inference operators. */
import type { Lowering, LoweringContext } from './context.ts';
import type { Shape } from '../../graph/shape.ts';

/** dX = dY where y > 0: HardSigmoid with a huge slope is 0 or 1, and faster than Greater and Where. */
export const reluGradient: Lowering<'ReluGradient'> = (node, { builder }) => {
  const [gradient, y] = node.inputs;
  const mask = builder.op('HardSigmoid', [y], { alpha: { float: 3e38 }, beta: { float: 0 } });
  builder.op('Mul', [gradient, mask], {}, node.outputs[0]);
};

export const sumTo: Lowering<'SumTo'> = (node, { builder, shapeOf }) => {
  const from = shapeOf(node.inputs[0]);
  const { shape } = node.attributes;
  const lead = from.length - shape.length;
  const axes = from
    .map((_, axis) => axis)
    .filter((axis) => from[axis] !== (shape[axis - lead] ?? 1));
  const leading = Array.from({ length: lead }, (_, axis) => axis);
  const all = [...new Set([...leading, ...axes])].sort((a, b) => a - b);
  const sum =
    all.length > 0 ? builder.reduce('ReduceSum', node.inputs[0], all, true) : node.inputs[0];
  builder.reshape(sum, shape, node.outputs[0]);
};

/** Spreads the gradient evenly over the averaged axes. */
export const meanGradient: Lowering<'MeanGradient'> = (node, { builder }) => {
  const { axes, inputShape } = node.attributes;
  const kept = inputShape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const count = axes.reduce((product, axis) => product * inputShape[axis], 1);
  const share = builder.op('Mul', [
    builder.reshape(node.inputs[0], kept),
    builder.scalar(1 / count),
  ]);
  builder.op('Expand', [share, builder.integers(inputShape)], {}, node.outputs[0]);
};

export const averagePoolGradient: Lowering<'AveragePoolGradient'> = (node, context) => {
  const { builder, shapeOf } = context;
  const { kernel, strides, pads, countIncludePad, inputShape } = node.attributes;
  const [batch, channels, height, width] = inputShape;
  const [, , outHeight, outWidth] = shapeOf(node.inputs[0]);
  const tiles =
    pads.every((size) => size === 0) &&
    kernel[0] === strides[0] &&
    kernel[1] === strides[1] &&
    outHeight * kernel[0] === height &&
    outWidth * kernel[1] === width;
  const shares = builder.floats(
    `:poolShares_${[height, width, ...kernel, ...strides, ...pads, countIncludePad].join('_')}`,
    [1, 1, outHeight, outWidth],
    () => poolShares(node.attributes, [outHeight, outWidth]),
  );
  const share = builder.op('Mul', [node.inputs[0], shares]);
  if (tiles) {
    const apart = builder.reshape(share, [batch, channels, outHeight, 1, outWidth, 1]);
    const wide = [batch, channels, outHeight, kernel[0], outWidth, kernel[1]];
    const spread = builder.op('Expand', [apart, builder.integers(wide)]);
    builder.reshape(spread, inputShape, node.outputs[0]);
    return;
  }
  const ones = builder.floats(
    `:ones${channels}_${kernel.join('_')}`,
    [channels, 1, kernel[0], kernel[1]],
    () => new Float32Array(channels * kernel[0] * kernel[1]).fill(1),
  );
  const rest = (size: number, padding: number, axis: 0 | 1) =>
    (size + padding - kernel[axis]) % strides[axis];
  builder.op(
    'ConvTranspose',
    [share, ones],
    {
      group: { int: channels },
      strides: { ints: strides },
      pads: { ints: pads },
      output_padding: {
        ints: [rest(height, pads[0] + pads[2], 0), rest(width, pads[1] + pads[3], 1)],
      },
    },
    node.outputs[0],
  );
};

/** 1 / number of values that each pooled place averages; places at the border may average fewer. */
function poolShares(
  attributes: Parameters<typeof averagePoolGradient>[0]['attributes'],
  [outHeight, outWidth]: Shape,
): Float32Array {
  const { kernel, strides, pads, countIncludePad, inputShape } = attributes;
  const inside = (place: number, axis: 0 | 1) => {
    if (countIncludePad) return kernel[axis];
    const start = place * strides[axis] - pads[axis];
    return Math.min(start + kernel[axis], inputShape[2 + axis]) - Math.max(start, 0);
  };
  const shares = new Float32Array(outHeight * outWidth);
  for (let row = 0; row < outHeight; row++) {
    for (let column = 0; column < outWidth; column++) {
      shares[row * outWidth + column] = 1 / (inside(row, 0) * inside(column, 1));
    }
  }
  return shares;
}

/** Loss and log-probabilities; N x classes logits, N targets. */
export const softmaxCrossEntropyLoss: Lowering<'SoftmaxCrossEntropyLoss'> = (node, context) => {
  const { builder, shapeOf } = context;
  const [logits, targets] = node.inputs;
  const [loss, logProbabilities] = node.outputs;
  builder.op('LogSoftmax', [logits], { axis: { int: 1 } }, logProbabilities);
  const picked = builder.op('Mul', [logProbabilities, oneHot(targets, shapeOf(logits), context)]);
  const sum = builder.reduce('ReduceSum', picked, [0, 1], false);
  builder.op('Mul', [sum, builder.scalar(-1 / shapeOf(logits)[0])], {}, loss);
};

export const softmaxCrossEntropyLossGradient: Lowering<'SoftmaxCrossEntropyLossGradient'> = (
  node,
  context,
) => {
  const { builder, shapeOf } = context;
  const [logProbabilities, targets] = node.inputs;
  const shape = shapeOf(logProbabilities);
  const probabilities = builder.op('Exp', [logProbabilities]);
  const difference = builder.op('Sub', [probabilities, oneHot(targets, shape, context)]);
  builder.op('Mul', [difference, builder.scalar(1 / shape[0])], {}, node.outputs[0]);
};

function oneHot(targets: string, [, classes]: Shape, { builder }: LoweringContext): string {
  const values = builder.floats(':offOn', [2], () => Float32Array.of(0, 1));
  return builder.op('OneHot', [targets, builder.integers([classes]), values], { axis: { int: 1 } });
}
