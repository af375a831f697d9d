/** Softmax cross-entropy and its gradient out of inference operators. */
import { elements, type Shape } from '../../graph/shape.ts';
import type { Lowering, LoweringContext } from './context.ts';
import type { Known } from '../../common/known.ts';

/** Loss and log-probabilities; N x classes x ... logits, N x ... targets. */
export const lowerSoftmaxCrossEntropyLoss: Lowering<'SoftmaxCrossEntropyLoss'> = (
  node,
  context,
) => {
  const { builder, shapeOf } = context;
  const [logits, targets] = node.inputs as Known<string>;
  const [loss, logProbabilities] = node.outputs as Known<string>;
  const shape = shapeOf(logits);
  builder.op('LogSoftmax', [logits], { axis: { int: 1 } }, logProbabilities);
  const chosen = oneHot(targets, shape, context);
  const picked = builder.op('Mul', [logProbabilities, chosen]);
  const sum = builder.reduce('ReduceSum', picked, allAxes(shape), false);
  if (node.attributes.ignoring) {
    const negative = builder.op('Neg', [sum]);
    builder.op('Div', [negative, countOf(chosen, shape, context)], {}, loss);
  } else {
    builder.op('Mul', [sum, builder.scalar(-1 / targetCount(shape))], {}, loss);
  }
};

export const lowerSoftmaxCrossEntropyLossGradient: Lowering<'SoftmaxCrossEntropyLossGradient'> = (
  node,
  context,
) => {
  const { builder, shapeOf } = context;
  const [logProbabilities, targets] = node.inputs as Known<string>;
  const shape = shapeOf(logProbabilities);
  const chosen = oneHot(targets, shape, context);
  const probabilities = builder.op('Exp', [logProbabilities]);
  if (!node.attributes.ignoring) {
    const difference = builder.op('Sub', [probabilities, chosen]);
    builder.op('Mul', [difference, builder.scalar(1 / targetCount(shape))], {}, node.outputs[0]);
    return;
  }
  const counts = builder.reduce('ReduceSum', chosen, [1], true);
  const counted = builder.op('Mul', [probabilities, counts]);
  const difference = builder.op('Sub', [counted, chosen]);
  builder.op('Div', [difference, countOf(chosen, shape, context)], {}, node.outputs[0]);
};

/** A target outside the classes, such as 255 in a mask, becomes a row of zeros and does not count. */
function oneHot(targets: string, [, classes]: Shape, { builder }: LoweringContext): string {
  const values = builder.floats(':offOn', [2], () => Float32Array.of(0, 1));
  // OneHot counts negative places from the end.
  const none = builder.integers([classes!], []);
  const negative = builder.op('Less', [targets, builder.integers([0], [])]);
  const known = builder.op('Where', [negative, none, targets]);
  return builder.op('OneHot', [known, builder.integers([classes!]), values], { axis: { int: 1 } });
}

/** How many targets are classes; at least 1, so that a batch without any has loss 0. */
function countOf(chosen: string, shape: Shape, { builder }: LoweringContext): string {
  const count = builder.reduce('ReduceSum', chosen, allAxes(shape), false);
  return builder.op('Max', [count, builder.scalar(1)]);
}

const targetCount = (shape: Shape) => elements(shape) / shape[1]!;
const allAxes = (shape: Shape) => shape.map((_, axis) => axis);
