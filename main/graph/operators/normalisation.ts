/** Instance, layer and group normalisation: means and variances of each image, not of the batch. */
import { sameShape } from '../shape.ts';
import type { OnnxNode } from '../onnx/node.ts';
import {
  shapeMismatch,
  unsupportedAttribute,
  type DifferentiationContext,
  type ExpandedNode,
  type ExpansionContext,
  type OperatorDefinition,
} from './operator.ts';
import type { Known } from '../../common/known.ts';

/**
 * dX = r (G - mean(G) - xHat mean(G xHat)) with G the gradient of the normalised input, r the inverse
 * deviation and means over `axes`. Source: Ba et al., Layer Normalization, 2016; as for batches.
 */
function normalisedGradient(
  x: string,
  gradient: string,
  axes: readonly number[],
  epsilon: number,
  context: DifferentiationContext,
): string {
  const mean = (value: string) => context.emit('ReduceMean', [value], { axes, keepDims: true });
  const op = (kind: 'Mul' | 'Sub' | 'Add', a: string, b: string) => context.emit(kind, [a, b], {});
  const centred = op('Sub', x, mean(x));
  const variance = mean(op('Mul', centred, centred));
  const deviation = context.emit('Sqrt', [op('Add', variance, context.constant(epsilon))], {});
  const inverse = context.emit('Reciprocal', [deviation], {});
  const normalised = op('Mul', centred, inverse);
  const correlated = op('Mul', normalised, mean(op('Mul', gradient, normalised)));
  return op('Mul', inverse, op('Sub', op('Sub', gradient, mean(gradient)), correlated));
}

export const instanceNormalization: OperatorDefinition<'InstanceNormalization'> = {
  kind: 'InstanceNormalization',
  traits: { family: 'norm', called: 'instance norm' },
  requiredInputs: 3,
  infer(node, [x, scale, shift]) {
    if (x.length < 3) throw shapeMismatch(node, [x], 'it needs batch, channel and space axes');
    for (const shape of [scale, shift]) {
      if (!sameShape(shape, [x[1]!])) {
        throw shapeMismatch(node, [x, shape], 'scale and shift need one value a channel');
      }
    }
    return [x];
  },
  differentiate(node, gradient, context) {
    const [x, scale] = node.inputs as Known<string>;
    if (!context.needsGradient(x)) return [null, null, null];
    const shape = context.shapeOf(x);
    const perChannel = shape.map((size, axis) => (axis === 1 ? size : 1));
    const factor = context.emit('Reshape', [scale], { shape: perChannel });
    const scaled = context.emit('Mul', [gradient, factor], {});
    const axes = shape.map((_, axis) => axis).slice(2);
    const { epsilon } = node.attributes;
    return [normalisedGradient(x, scaled, axes, epsilon, context), null, null];
  },
  read: (source) => ({
    inputs: source.inputs,
    attributes: { epsilon: source.float('epsilon', 1e-5) },
  }),
  write(node, builder) {
    const epsilon = { float: node.attributes.epsilon };
    builder.node('InstanceNormalization', node.inputs, node.outputs, { epsilon }, node.name);
  },
};

export const layerNormalization: OperatorDefinition<'LayerNormalization'> = {
  kind: 'LayerNormalization',
  traits: { trained: true, family: 'norm', called: 'layer norm' },
  requiredInputs: 2,
  infer(node, [x, scale, shift]) {
    const axis = node.attributes.axis < 0 ? node.attributes.axis + x.length : node.attributes.axis;
    if (axis < 0 || axis >= x.length) throw shapeMismatch(node, [x], `axis ${axis} does not exist`);
    for (const shape of [scale, shift]) {
      if (shape && !sameShape(shape, x.slice(axis))) {
        throw shapeMismatch(node, [x, shape], 'scale and shift need the normalised shape');
      }
    }
    return [x];
  },
  differentiate(node, gradient, context) {
    const [x, scale] = node.inputs as Known<string>;
    if (!context.needsGradient(x)) return [null, null, null];
    const shape = context.shapeOf(x);
    const { axis, epsilon } = node.attributes;
    const axes = shape.map((_, place) => place).slice(axis < 0 ? axis + shape.length : axis);
    const scaled = context.emit('Mul', [gradient, scale], {});
    return [normalisedGradient(x, scaled, axes, epsilon, context), null, null];
  },
  read: (source) => ({
    inputs: source.inputs,
    attributes: { axis: source.int('axis', -1), epsilon: source.float('epsilon', 1e-5) },
  }),
  write(node, builder) {
    const { axis, epsilon } = node.attributes;
    const attributes = { axis: { int: axis }, epsilon: { float: epsilon } };
    builder.node('LayerNormalization', node.inputs, node.outputs, attributes, node.name);
  },
};

/**
 * Group normalisation is instance normalisation of N x groups x rest. Opset 18 scales and shifts by group;
 * opset 21 does so by channel, which is done afterwards.
 */
export function expandGroupNormalization(
  source: OnnxNode,
  context: ExpansionContext,
): readonly ExpandedNode[] {
  const [x, scale, shift] = source.inputs as Known<string>;
  const output = source.outputs[0]!;
  const shape = context.shapeOf(x);
  const groups = source.int('num_groups', 0);
  if (shape.length < 3 || groups < 1 || shape[1]! % groups !== 0) {
    throw unsupportedAttribute(source, `num_groups=${groups}`);
  }
  const byGroup = source.opset < 21;
  const name = (part: string) => `${output}:${part}`;
  const normalised = byGroup ? output : name('normalised');
  const nodes: ExpandedNode[] = [
    {
      kind: 'Reshape',
      inputs: [x],
      outputs: [name('grouped')],
      attributes: { shape: [0, groups, -1] },
    },
    {
      kind: 'InstanceNormalization',
      inputs: byGroup
        ? [name('grouped'), scale, shift]
        : [name('grouped'), context.constant([groups], 1), context.constant([groups], 0)],
      outputs: [name('instances')],
      attributes: { epsilon: source.float('epsilon', 1e-5) },
    },
    {
      kind: 'Reshape',
      inputs: [name('instances')],
      outputs: [normalised],
      attributes: { shape: [0, ...shape.slice(1)] },
    },
  ];
  if (byGroup) return nodes;
  const perChannel = { shape: [shape[1]!, ...shape.slice(2).map(() => 1)] };
  return [
    ...nodes,
    { kind: 'Reshape', inputs: [scale], outputs: [name('scale')], attributes: perChannel },
    { kind: 'Reshape', inputs: [shift], outputs: [name('shift')], attributes: perChannel },
    { kind: 'Mul', inputs: [normalised, name('scale')], outputs: [name('scaled')], attributes: {} },
    { kind: 'Add', inputs: [name('scaled'), name('shift')], outputs: [output], attributes: {} },
  ];
}
