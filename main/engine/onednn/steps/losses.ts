/** Losses: their targets are integers, which the add-on reads from the batch, not from a value. */
import type { DetectionLossAttributes } from '../../../graph/operators/attributes.ts';
import { step, type StepTable } from './step.ts';
import type { Known } from '../../../common/known.ts';

const detectionFloats = ({ alpha, gamma, delta, boxWeight }: DetectionLossAttributes) => [
  alpha,
  gamma,
  delta,
  boxWeight,
];

export const lossSteps: StepTable = {
  SoftmaxCrossEntropyLoss: (node) =>
    step(node, 'cross-entropy', { inputs: [node.inputs[0]!], outputs: [node.outputs[1]!] }),
  SoftmaxCrossEntropyLossGradient: (node) =>
    step(node, 'cross-entropy-gradient', { inputs: [node.inputs[0]!] }),
  ScalarLoss: (node) => step(node, 'scalar-loss', { outputs: [] }),
  DetectionLoss(node) {
    const [logits, offsets, , wanted, positive] = node.inputs as Known<string>;
    const inputs = [logits, offsets, wanted, positive];
    const floats = detectionFloats(node.attributes);
    return step(node, 'detection-loss', { inputs, outputs: [], floats });
  },
  FocalLossGradient(node) {
    const [logits, , positive] = node.inputs as Known<string>;
    const floats = detectionFloats(node.attributes);
    return step(node, 'focal-gradient', { inputs: [logits, positive], floats });
  },
  HuberLossGradient: (node) =>
    step(node, 'huber-gradient', { floats: detectionFloats(node.attributes) }),
};
