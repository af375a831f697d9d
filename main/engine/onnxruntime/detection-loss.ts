/** Focal and Huber loss and their gradients out of inference operators. */
import type { Shape } from '../../graph/shape.ts';
import type { Lowering, LoweringContext } from './context.ts';
import type { Known } from '../../common/known.ts';

/**
 * With s = +1 for an anchor's class and -1 for the others, z = s * logit and p = sigmoid(z):
 * focal loss = -a (1 - p)^gamma ln p, a = alpha for the class and 1 - alpha for the others.
 */
interface FocalParts {
  readonly sign: string;
  /** a (1 - p)^gamma */
  readonly factor: string;
  readonly p: string;
  /** ln p, computed without overflow. */
  readonly logP: string;
}

function focalParts(
  logits: string,
  targets: string,
  { alpha, gamma }: { readonly alpha: number; readonly gamma: number },
  { builder, shapeOf }: LoweringContext,
): FocalParts {
  const [, , classes] = shapeOf(logits) as Known<number>;
  const chosen = (off: number, on: number) =>
    builder.op('OneHot', [
      targets,
      builder.integers([classes]),
      builder.floats(`:oneHot${off}_${on}`, [2], () => Float32Array.of(off, on)),
    ]);
  const sign = chosen(-1, 1);
  const z = builder.op('Mul', [logits, sign]);
  const p = builder.op('Sigmoid', [z]);
  const logP = builder.op('Neg', [builder.op('Softplus', [builder.op('Neg', [z])])]);
  const rest = builder.op('Sigmoid', [builder.op('Neg', [z])]); // 1 - p without cancellation
  const modulation = builder.op('Pow', [rest, builder.scalar(gamma)]);
  const factor = builder.op('Mul', [chosen(1 - alpha, alpha), modulation]);
  return { sign, factor, p, logP };
}

/** Anchors with a box, plus one. */
function normaliser(positive: string, { builder, shapeOf }: LoweringContext): string {
  const axes = shapeOf(positive).map((_, axis) => axis);
  const count = builder.reduce('ReduceSum', positive, axes, false);
  return builder.op('Add', [count, builder.scalar(1)]);
}

const allAxes = (shape: Shape) => shape.map((_, axis) => axis);

export const lowerDetectionLoss: Lowering<'DetectionLoss'> = (node, context) => {
  const { builder, shapeOf } = context;
  const [logits, offsets, targets, targetOffsets, positive] = node.inputs as Known<string>;
  const { delta, boxWeight } = node.attributes;
  const count = normaliser(positive, context);
  const { factor, logP } = focalParts(logits, targets, node.attributes, context);
  const focal = builder.reduce(
    'ReduceSum',
    builder.op('Mul', [factor, logP]),
    allAxes(shapeOf(logits)),
    false,
  );
  // Huber: x^2 / 2 up to delta, delta (|x| - delta / 2) beyond; with c = min(|x|, delta) both are c (|x| - c / 2).
  const error = builder.op('Abs', [builder.op('Sub', [offsets, targetOffsets])]);
  const near = builder.op('Min', [error, builder.scalar(delta)]);
  const half = builder.op('Mul', [near, builder.scalar(0.5)]);
  const huber = builder.op('Mul', [near, builder.op('Sub', [error, half])]);
  const counted = builder.op('Mul', [huber, positive]);
  const boxes = builder.reduce('ReduceSum', counted, allAxes(shapeOf(offsets)), false);
  const weighted = builder.op('Mul', [boxes, builder.scalar(boxWeight / 4)]);
  const sum = builder.op('Sub', [weighted, focal]);
  builder.op('Div', [sum, count], {}, node.outputs[0]);
};

/** d/dz = a (1 - p)^gamma (gamma p ln p + p - 1), times s for d/dlogit. */
export const lowerFocalLossGradient: Lowering<'FocalLossGradient'> = (node, context) => {
  const { builder } = context;
  const [logits, targets, positive] = node.inputs as Known<string>;
  const { sign, factor, p, logP } = focalParts(logits, targets, node.attributes, context);
  const bend = builder.op('Mul', [
    builder.op('Mul', [p, logP]),
    builder.scalar(node.attributes.gamma),
  ]);
  const slope = builder.op('Add', [bend, builder.op('Sub', [p, builder.scalar(1)])]);
  const signed = builder.op('Mul', [builder.op('Mul', [factor, slope]), sign]);
  builder.op('Div', [signed, normaliser(positive, context)], {}, node.outputs[0]);
};

/** The error, clipped to delta, where an anchor has a box. */
export const lowerHuberLossGradient: Lowering<'HuberLossGradient'> = (node, context) => {
  const { builder } = context;
  const [offsets, targetOffsets, positive] = node.inputs as Known<string>;
  const { delta, boxWeight } = node.attributes;
  const error = builder.op('Sub', [offsets, targetOffsets]);
  const clipped = builder.op('Clip', [error, builder.scalar(-delta), builder.scalar(delta)]);
  const counted = builder.op('Mul', [clipped, positive]);
  const weighted = builder.op('Mul', [counted, builder.scalar(boxWeight / 4)]);
  builder.op('Div', [weighted, normaliser(positive, context)], {}, node.outputs[0]);
};
