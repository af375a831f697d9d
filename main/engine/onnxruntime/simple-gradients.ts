/** Gradients of Relu, sums and means, out of inference operators. */
import type { Lowering } from './context.ts';
import type { Known } from '../../common/known.ts';

/** dX = dY where y > 0: HardSigmoid with a huge slope is 0 or 1, and faster than Greater and Where. */
export const lowerReluGradient: Lowering<'ReluGradient'> = (node, { builder }) => {
  const [gradient, y] = node.inputs as Known<string>;
  const mask = builder.op('HardSigmoid', [y], { alpha: { float: 3e38 }, beta: { float: 0 } });
  builder.op('Mul', [gradient, mask], {}, node.outputs[0]);
};

export const lowerSumTo: Lowering<'SumTo'> = (node, { builder, shapeOf }) => {
  const from = shapeOf(node.inputs[0]!);
  const { shape } = node.attributes;
  const lead = from.length - shape.length;
  const axes = from
    .map((_, axis) => axis)
    .filter((axis) => from[axis] !== (shape[axis - lead] ?? 1));
  const leading = Array.from({ length: lead }, (_, axis) => axis);
  const all = [...new Set([...leading, ...axes])].sort((a, b) => a - b);
  const sum =
    all.length > 0 ? builder.reduce('ReduceSum', node.inputs[0]!, all, true) : node.inputs[0]!;
  builder.reshape(sum, shape, node.outputs[0]);
};

/** Spreads the gradient evenly over the averaged axes. */
export const lowerMeanGradient: Lowering<'MeanGradient'> = (node, { builder }) => {
  const { axes, inputShape } = node.attributes;
  const kept = inputShape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const count = axes.reduce((product, axis) => product * inputShape[axis]!, 1);
  const share = builder.op('Mul', [
    builder.reshape(node.inputs[0]!, kept),
    builder.scalar(1 / count),
  ]);
  builder.op('Expand', [share, builder.integers(inputShape)], {}, node.outputs[0]);
};
