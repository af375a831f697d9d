/** Means and sums over axes; their gradients spread over what was reduced. */
import type { OnnxBuilder } from '../onnx/builder.ts';
import type { OnnxNode } from '../onnx/node.ts';
import type { Node, NodeOf } from '../graph.ts';
import type { Shape } from '../shape.ts';
import type { ReduceAttributes } from './attributes.ts';
import { shapeMismatch, unsupportedAttribute, type OperatorDefinition } from './operator.ts';

/** Axes may be written as negative numbers, in any order, or be left out, which means all of them. */
export function normalisedAxes(axes: readonly number[], rank: number): readonly number[] {
  if (axes.length === 0) return Array.from({ length: rank }, (_, axis) => axis);
  return axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
}

/** With axes of size 1 where it is reduced. */
const keptShape = (shape: Shape, axes: readonly number[]): Shape =>
  shape.map((size, axis) => (axes.includes(axis) ? 1 : size));

function reducedShape(
  node: NodeOf<'ReduceMean'> | NodeOf<'ReduceSum'> | NodeOf<'ReduceMax'>,
  x: Shape,
): Shape {
  const axes = normalisedAxes(node.attributes.axes, x.length);
  if (axes.some((axis) => axis < 0 || axis >= x.length) || new Set(axes).size !== axes.length) {
    throw shapeMismatch(node, [x], `axes ${node.attributes.axes.join(', ')} do not exist`);
  }
  const kept = keptShape(x, axes);
  return node.attributes.keepDims ? kept : kept.filter((_, axis) => !axes.includes(axis));
}

/** Axes and whether they are kept, as every reduction of ONNX has them. */
export function readReduction(source: OnnxNode): {
  inputs: readonly string[];
  attributes: ReduceAttributes;
} {
  const axes = source.ints('axes') ?? source.constantIntegers(1) ?? [];
  if (axes.length === 0 && source.int('noop_with_empty_axes', 0) === 1) {
    throw unsupportedAttribute(source, 'noop_with_empty_axes=1');
  }
  const keepDims = source.int('keepdims', 1) === 1;
  return { inputs: source.inputs.slice(0, 1), attributes: { axes, keepDims } };
}

const writeAs =
  (kind: 'ReduceMean' | 'ReduceSum' | 'ReduceMax') =>
  (
    {
      inputs,
      outputs,
      attributes,
    }: { readonly attributes: ReduceAttributes } & Pick<Node, 'inputs' | 'outputs'>,
    builder: OnnxBuilder,
  ): void =>
    void builder.reduce(kind, inputs[0]!, attributes.axes, attributes.keepDims, outputs[0]);

export const reduceMean: OperatorDefinition<'ReduceMean'> = {
  kind: 'ReduceMean',
  traits: { ownBox: true, called: 'mean' },
  infer: (node, [x]) => [reducedShape(node, x)],
  differentiate(node, outputGradient, context) {
    const x = node.inputs[0]!;
    if (!context.needsGradient(x)) return [null];
    const inputShape = context.shapeOf(x);
    const axes = normalisedAxes(node.attributes.axes, inputShape.length);
    return [context.emit('MeanGradient', [outputGradient], { axes, inputShape })];
  },
  read: readReduction,
  write: writeAs('ReduceMean'),
};

export const reduceSum: OperatorDefinition<'ReduceSum'> = {
  kind: 'ReduceSum',
  infer: (node, [x]) => [reducedShape(node, x)],
  differentiate(node, outputGradient, context) {
    const x = node.inputs[0]!;
    if (!context.needsGradient(x)) return [null];
    const shape = context.shapeOf(x);
    const axes = normalisedAxes(node.attributes.axes, shape.length);
    const kept = keptShape(shape, axes);
    const gradient = context.emit('Reshape', [outputGradient], { shape: kept });
    return [context.emit('Expand', [gradient], { shape })];
  },
  read: readReduction,
  write: writeAs('ReduceSum'),
};

/** Each of equal maxima takes an equal share of the gradient. Source: torch.amax. */
export const reduceMax: OperatorDefinition<'ReduceMax'> = {
  kind: 'ReduceMax',
  traits: { ownBox: true, called: 'maximum' },
  infer: (node, [x]) => [reducedShape(node, x)],
  differentiate(node, outputGradient, context) {
    const x = node.inputs[0]!;
    if (!context.needsGradient(x)) return [null];
    const shape = context.shapeOf(x);
    const axes = normalisedAxes(node.attributes.axes, shape.length);
    const kept = keptShape(shape, axes);
    const gradient = context.emit('Reshape', [outputGradient], { shape: kept });
    const highest = context.emit('Reshape', [node.outputs[0]!], { shape: kept });
    const holds = context.emit('EqualMask', [x, highest], {});
    const count = context.emit('ReduceSum', [holds], { axes, keepDims: true });
    const share = context.emit('Div', [gradient, count], {});
    return [context.emit('Mul', [holds, share], {})];
  },
  read: readReduction,
  write: writeAs('ReduceMax'),
};

export const globalAveragePool: OperatorDefinition<'GlobalAveragePool'> = {
  kind: 'GlobalAveragePool',
  traits: { ownBox: true, called: 'global average pool' },
  infer(node, [x]) {
    if (x.length < 3) throw shapeMismatch(node, [x], 'it needs batch, channel and space axes');
    return [[x[0]!, x[1]!, ...x.slice(2).map(() => 1)]];
  },
  differentiate(node, outputGradient, context) {
    const x = node.inputs[0]!;
    if (!context.needsGradient(x)) return [null];
    const inputShape = context.shapeOf(x);
    const axes = inputShape.map((_, axis) => axis).slice(2);
    return [context.emit('MeanGradient', [outputGradient], { axes, inputShape })];
  },
  read: (source) => ({ inputs: source.inputs, attributes: {} }),
  write: (node, builder) =>
    builder.node('GlobalAveragePool', node.inputs, node.outputs, {}, node.name),
};

export const meanGradient: OperatorDefinition<'MeanGradient'> = {
  kind: 'MeanGradient',
  infer: (node) => [node.attributes.inputShape],
};
