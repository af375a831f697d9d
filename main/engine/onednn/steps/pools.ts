/** Pools, and sums and means over axes. */
import type { Node, Shape } from '../../../graph/graph.ts';
import type { AveragePoolAttributes, PoolAttributes } from '../../../graph/operators/attributes.ts';
import { normalisedAxes } from '../../../graph/operators/reductions.ts';
import { elements } from '../../../graph/shape.ts';
import type { NamedStep } from '../plan.ts';
import { expanded } from './moving.ts';
import { step, type StepContext, type StepTable } from './step.ts';

const windowInts = ({ kernel, strides, pads, dilations }: PoolAttributes) => [
  ...kernel,
  ...strides,
  ...pads,
  ...dilations,
];

/** Sizes rounded up, together with padding that counts: oneDNN would count too much of it. */
const cutWindows = ({ countIncludePad, ceilMode }: AveragePoolAttributes) =>
  countIncludePad && ceilMode;

const averageInts = (attributes: AveragePoolAttributes) => [
  ...windowInts(attributes),
  attributes.countIncludePad ? 1 : 0,
];

/** A mean over height and width is a pool with one window. */
const wholeImage = ([, , height, width]: Shape) => [height!, width!, 1, 1, 0, 0, 0, 0, 1, 1, 0];
const wholeWindow = (shape: Shape) => wholeImage(shape).slice(0, -1);

const isImageMean = (axes: readonly number[], x: Shape) => x.length === 4 && axes.join() === '2,3';

/** Sum over axes, times a factor. */
function reduced(
  node: Node,
  axes: readonly number[],
  factor: number,
  { shapeOf }: StepContext,
): readonly NamedStep[] {
  const ints = shapeOf(node.inputs[0]!).map((_, axis) => (axes.includes(axis) ? 1 : 0));
  return step(node, 'reduce', { inputs: node.inputs.slice(0, 1), ints, floats: [factor] });
}

/** A mean over axes, kept or not. */
function mean(node: Node, axes: readonly number[], context: StepContext): readonly NamedStep[] {
  const shape = context.shapeOf(node.inputs[0]!);
  if (!isImageMean(axes, shape)) {
    return reduced(node, axes, 1 / elements(axes.map((axis) => shape[axis]!)), context);
  }
  const kept = `${node.outputs[0]}:kept`;
  context.declare(kept, [shape[0]!, shape[1]!, 1, 1]);
  return [
    ...step(node, 'average-pool', {
      inputs: node.inputs.slice(0, 1),
      outputs: [kept],
      ints: wholeImage(shape),
    }),
    { op: 'alias', name: node.name, inputs: [kept], outputs: node.outputs },
  ];
}

export const poolSteps: StepTable = {
  AveragePool: (node) =>
    cutWindows(node.attributes)
      ? step(node, 'padded-mean', { ints: windowInts(node.attributes) })
      : step(node, 'average-pool', { ints: averageInts(node.attributes) }),
  AveragePoolGradient: (node) =>
    cutWindows(node.attributes)
      ? step(node, 'padded-mean-gradient', { ints: windowInts(node.attributes) })
      : step(node, 'average-pool-gradient', { ints: averageInts(node.attributes) }),
  MaxPool: (node) => step(node, 'max-pool', { ints: windowInts(node.attributes) }),
  MaxPoolGradient: (node) => step(node, 'max-pool-gradient', { ints: windowInts(node.attributes) }),
  GlobalMaxPool: (node, { shapeOf }) =>
    step(node, 'max-pool', { ints: wholeWindow(shapeOf(node.inputs[0]!)) }),
  GlobalAveragePool(node, context) {
    const axes = context.shapeOf(node.inputs[0]!).map((_, axis) => axis);
    return mean(node, axes.slice(2), context);
  },
  ReduceMean(node, context) {
    const rank = context.shapeOf(node.inputs[0]!).length;
    return mean(node, normalisedAxes(node.attributes.axes, rank), context);
  },
  ReduceSum(node, context) {
    const rank = context.shapeOf(node.inputs[0]!).length;
    return reduced(node, normalisedAxes(node.attributes.axes, rank), 1, context);
  },
  ReduceMax(node, { shapeOf }) {
    const rank = shapeOf(node.inputs[0]!).length;
    const axes = normalisedAxes(node.attributes.axes, rank);
    const ints = Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : 0));
    return step(node, 'highest', { inputs: node.inputs.slice(0, 1), ints });
  },
  MeanGradient(node, context) {
    const { axes, inputShape } = node.attributes;
    const gradient = node.inputs[0]!;
    const kept = `${node.outputs[0]}:kept`;
    context.declare(
      kept,
      inputShape.map((size, axis) => (axes.includes(axis) ? 1 : size)),
    );
    const shaped: NamedStep = { op: 'alias', name: node.name, inputs: [gradient], outputs: [kept] };
    if (isImageMean(axes, inputShape)) {
      const ints = wholeImage(inputShape);
      return [shaped, ...step(node, 'average-pool-gradient', { inputs: [kept], ints })];
    }
    const share = `${node.outputs[0]}:share`;
    context.declare(share, context.shapeOf(kept));
    const factor = 1 / elements(axes.map((axis) => inputShape[axis]!));
    return [
      shaped,
      ...step(node, 'affine', { inputs: [kept], outputs: [share], floats: [factor, 0] }),
      expanded(node, share, context),
    ];
  },
  SumTo(node, context) {
    const from = context.shapeOf(node.inputs[0]!);
    const { shape } = node.attributes;
    const missing = from.length - shape.length;
    const axes = from.flatMap((size, axis) =>
      axis < missing || (shape[axis - missing] === 1 && size !== 1) ? [axis] : [],
    );
    return reduced(node, axes, 1, context);
  },
};
