/** Convolutions, transposed ones and batch normalisation. */
import type { ConvAttributes } from '../../../graph/operators/attributes.ts';
import type { Node, NodeOf } from '../../../graph/graph.ts';
import type { NamedStep } from '../plan.ts';
import { moveSteps, placedInFront } from './moving.ts';
import { step, type StepContext, type StepTable } from './step.ts';
import type { Known } from '../../../common/known.ts';

const convInts = ({ strides, pads, dilations, group }: ConvAttributes) => [
  ...strides,
  ...pads,
  ...dilations,
  group,
];

/** Scales and shifts of a normalisation; none where they change nothing. */
function scaleShift(
  node: Node,
  [scale, shift]: readonly [string, string],
  { constantOf, repeatedNumberOf, refuse }: StepContext,
): readonly number[] {
  // As every new network has them: thousands of numbers that need not be written to be compared.
  if (repeatedNumberOf(scale) === 1 && repeatedNumberOf(shift) === 0) return [];
  const [scales, shifts] = [constantOf(scale), constantOf(shift)];
  if (!scales || !shifts) throw refuse(node, 'scales or shifts that the network computes');
  const plain = scales.every((value) => value === 1) && shifts.every((value) => value === 0);
  return plain ? [] : [...scales, ...shifts];
}

/**
 * A transposed convolution is the input gradient of a convolution. Output padding takes padding away
 * behind the image; where that would take more than a stride, the rest are rows and columns of zeros.
 */
function transposed(
  node: NodeOf<'ConvTranspose'>,
  { shapeOf, declare }: StepContext,
): readonly NamedStep[] {
  const [x, weight, bias = ''] = node.inputs as Known<string>;
  const y = node.outputs[0]!;
  const { pads, outputPadding, strides } = node.attributes;
  const least = strides.map((stride) => 1 - stride);
  const behind = outputPadding.map((size, axis) => pads[axis + 2]! - size);
  const kept = behind.map((size, axis) => Math.max(size, least[axis]!));
  const zeros = kept.map((size, axis) => size - behind[axis]!);
  const shape = shapeOf(y);
  const attributes: ConvAttributes = {
    ...node.attributes,
    pads: [pads[0], pads[1], kept[0]!, kept[1]!],
  };
  const steps: NamedStep[] = [];
  const whole = bias === '' ? y : `${y}:unbiased`;
  declare(whole, shape);
  const widened = zeros.some((size) => size > 0);
  const core = widened ? `${y}:core` : whole;
  declare(core, [shape[0]!, shape[1]!, shape[2]! - zeros[0]!, shape[3]! - zeros[1]!]);
  const ints = convInts(attributes);
  steps.push(...step(node, 'conv-input-gradient', { inputs: [x, weight], outputs: [core], ints }));
  if (widened) {
    const part = placedInFront(shapeOf(core), shape);
    steps.push({ ...moveSteps(node, [core], [part], true)[0], outputs: [whole] });
  }
  if (bias === '') return steps;
  const shift = `${y}:bias`;
  declare(shift, [shape[1]!, 1, 1]);
  return [
    ...steps,
    ...step(node, 'alias', { inputs: [bias], outputs: [shift] }),
    ...step(node, 'add', { inputs: [whole, shift] }),
  ];
}

export const convolutionSteps: StepTable = {
  Conv: (node) =>
    step(node, 'conv', {
      inputs: node.inputs.filter((name) => name !== ''),
      ints: convInts(node.attributes),
    }),
  ConvInputGradient: (node) =>
    step(node, 'conv-input-gradient', { ints: convInts(node.attributes) }),
  ConvWeightGradient: (node) =>
    step(node, 'conv-weight-gradient', { ints: convInts(node.attributes) }),
  ConvTranspose: transposed,
  BatchNormalization(node, context) {
    if (!node.attributes.training) throw context.refuse(node, 'running statistics');
    const [x, scale, shift] = node.inputs as Known<string>;
    return step(node, 'batch-normalization', {
      inputs: [x],
      ints: [0],
      floats: [node.attributes.epsilon],
      data: scaleShift(node, [scale, shift], context),
    });
  },
  BatchNormalizationGradient(node, context) {
    const [dY, x, , scale, shift, mean, deviation] = node.inputs as Known<string>;
    return step(node, 'batch-normalization-gradient', {
      inputs: [dY, x, mean, deviation],
      ints: [0],
      data: scaleShift(node, [scale, shift], context),
    });
  },
};
