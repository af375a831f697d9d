/** Operators of the graph as steps of a plan: one entry an operator; those without are refused by name. */
import type { Node, NodeOf, OperatorKind, Shape } from '../../graph/graph.ts';
import type {
  AveragePoolAttributes,
  ConvAttributes,
  PoolAttributes,
} from '../../graph/operators/attributes.ts';
import { normalisedAxes } from '../../graph/operators/reductions.ts';
import { sameShape } from '../../graph/shape.ts';
import type { WorkbenchError } from '../../errors.ts';
import type { NamedStep } from './plan.ts';

export interface StepContext {
  shapeOf(value: string): Shape;
  constantOf(value: string): Float32Array | null;
  /** Gives the shape of a value that the graph does not name. */
  declare(value: string, shape: Shape): void;
  refuse(node: Node, why?: string): WorkbenchError;
}

type Steps<K extends OperatorKind> = (
  node: NodeOf<K>,
  context: StepContext,
) => readonly NamedStep[];

/** @throws WorkbenchError `operator-not-native` */
export function stepsOf(node: Node, context: StepContext): readonly NamedStep[] {
  const steps = table[node.kind] as Steps<OperatorKind> | undefined;
  if (!steps) throw context.refuse(node);
  return steps(node, context);
}

/** A step with the node's own name, inputs and outputs. */
function step(node: Node, op: string, rest: Partial<NamedStep> = {}): readonly NamedStep[] {
  return [{ op, name: node.name, inputs: node.inputs, outputs: node.outputs, ...rest }];
}

const alias = (node: Node) =>
  step(node, 'alias', { inputs: node.inputs.slice(0, 1), outputs: node.outputs.slice(0, 1) });

const convInts = ({ strides, pads, dilations, group }: ConvAttributes) => [
  ...strides,
  ...pads,
  ...dilations,
  group,
];

const poolInts = (pool: PoolAttributes, countIncludePad: boolean) => [
  ...pool.kernel,
  ...pool.strides,
  ...pool.pads,
  ...pool.dilations,
  countIncludePad ? 1 : 0,
];

function averageInts(node: Node, attributes: AveragePoolAttributes, context: StepContext) {
  if (attributes.countIncludePad && attributes.ceilMode) {
    throw context.refuse(node, 'padding that counts, together with sizes rounded up');
  }
  return poolInts(attributes, attributes.countIncludePad);
}

/** A mean over height and width is a pool with one window. */
const wholeImage = ([, , height, width]: Shape) => [height, width, 1, 1, 0, 0, 0, 0, 1, 1, 0];

function assertImageMean(node: Node, axes: readonly number[], x: Shape, context: StepContext) {
  if (x.length !== 4 || axes.join() !== '2,3') {
    throw context.refuse(node, 'a mean over other axes than height and width');
  }
}

/** Scales and shifts of a normalisation; none where they change nothing. */
function scaleShift(
  node: Node,
  [scale, shift]: readonly string[],
  { constantOf, refuse }: StepContext,
): readonly number[] {
  const [scales, shifts] = [constantOf(scale), constantOf(shift)];
  if (!scales || !shifts) throw refuse(node, 'scales or shifts that the network computes');
  const plain = scales.every((value) => value === 1) && shifts.every((value) => value === 0);
  return plain ? [] : [...scales, ...shifts];
}

const table: { readonly [K in OperatorKind]?: Steps<K> } = {
  Conv: (node) =>
    step(node, 'conv', {
      inputs: node.inputs.filter((name) => name !== ''),
      ints: convInts(node.attributes),
    }),
  ConvInputGradient: (node) =>
    step(node, 'conv-input-gradient', { ints: convInts(node.attributes) }),
  ConvWeightGradient: (node) =>
    step(node, 'conv-weight-gradient', { ints: convInts(node.attributes) }),
  BatchNormalization(node, context) {
    if (!node.attributes.training) throw context.refuse(node, 'running statistics');
    const [x, ...affine] = node.inputs;
    return step(node, 'batch-normalization', {
      inputs: [x],
      ints: [0],
      floats: [node.attributes.epsilon],
      data: scaleShift(node, affine, context),
    });
  },
  BatchNormalizationGradient(node, context) {
    const [dY, x, , scale, shift, mean, deviation] = node.inputs;
    return step(node, 'batch-normalization-gradient', {
      inputs: [dY, x, mean, deviation],
      ints: [0],
      data: scaleShift(node, [scale, shift], context),
    });
  },
  Relu: (node) => step(node, 'relu'),
  ReluGradient: (node) => step(node, 'masked-sum', { inputs: [node.inputs[1], node.inputs[0]] }),
  Add(node, context) {
    const [a, b] = node.inputs;
    if (!sameShape(context.shapeOf(a), context.shapeOf(b))) {
      throw context.refuse(node, 'operands of different shapes');
    }
    return step(node, 'sum');
  },
  AveragePool: (node, context) =>
    step(node, 'average-pool', { ints: averageInts(node, node.attributes, context) }),
  AveragePoolGradient: (node, context) =>
    step(node, 'average-pool-gradient', { ints: averageInts(node, node.attributes, context) }),
  GlobalAveragePool(node, context) {
    const shape = context.shapeOf(node.inputs[0]);
    if (shape.length !== 4) throw context.refuse(node, `${shape.length} axes`);
    return step(node, 'average-pool', { ints: wholeImage(shape) });
  },
  MeanGradient(node, context) {
    const { axes, inputShape } = node.attributes;
    assertImageMean(node, axes, inputShape, context);
    const [gradient] = node.inputs;
    const kept = `${gradient}:kept`;
    context.declare(kept, [inputShape[0], inputShape[1], 1, 1]);
    return [
      { op: 'alias', name: node.name, inputs: [gradient], outputs: [kept] },
      ...step(node, 'average-pool-gradient', { inputs: [kept], ints: wholeImage(inputShape) }),
    ];
  },
  ReduceMean(node, context) {
    const shape = context.shapeOf(node.inputs[0]);
    const axes = normalisedAxes(node.attributes.axes, shape.length);
    assertImageMean(node, axes, shape, context);
    const kept = `${node.outputs[0]}:kept`;
    context.declare(kept, [shape[0], shape[1], 1, 1]);
    return [
      ...step(node, 'average-pool', { outputs: [kept], ints: wholeImage(shape) }),
      { op: 'alias', name: node.name, inputs: [kept], outputs: node.outputs },
    ];
  },
  Pad(node, context) {
    // Exporters write paddings of nothing.
    if (node.attributes.pads.some((size) => size !== 0)) throw context.refuse(node);
    return alias(node);
  },
  Flatten: alias,
  Reshape: alias,
  Squeeze: alias,
  Unsqueeze: alias,
  Identity: alias,
  Gemm(node, context) {
    const { alpha, beta, transA, transB } = node.attributes;
    const inputs = node.inputs.filter((name) => name !== '');
    const columns = context.shapeOf(node.outputs[0])[1];
    const bias = inputs[2] === undefined ? [columns] : context.shapeOf(inputs[2]);
    const perColumn = bias[bias.length - 1] === columns && bias.slice(0, -1).every((n) => n === 1);
    if (alpha !== 1 || beta !== 1 || !perColumn) {
      throw context.refuse(node, 'factors, or a bias that is not one number a column');
    }
    return step(node, 'product', { inputs, ints: [transA ? 1 : 0, transB ? 1 : 0] });
  },
  SoftmaxCrossEntropyLoss: (node) =>
    step(node, 'cross-entropy', {
      inputs: [node.inputs[0]],
      outputs: [node.outputs[1]],
    }),
  SoftmaxCrossEntropyLossGradient: (node) =>
    step(node, 'cross-entropy-gradient', { inputs: [node.inputs[0]] }),
};
