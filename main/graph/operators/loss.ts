/** Softmax cross-entropy, averaged over the batch. */
import { sameShape } from '../shape.ts';
import { shapeMismatch, type OperatorDefinition } from './operator.ts';

export const softmaxCrossEntropyLoss: OperatorDefinition<'SoftmaxCrossEntropyLoss'> = {
  kind: 'SoftmaxCrossEntropyLoss',
  infer(node, [logits, targets]) {
    if (logits.length !== 2)
      throw shapeMismatch(node, [logits], 'logits need batch and class axes');
    if (!sameShape(targets, [logits[0]])) {
      throw shapeMismatch(node, [logits, targets], 'there must be one target an image');
    }
    return [[], logits];
  },
  differentiate(node, _outputGradient, context) {
    const [logits, targets] = node.inputs;
    if (!context.needsGradient(logits)) return [null, null];
    // The loss is where differentiation starts: its own gradient is 1.
    return [context.emit('SoftmaxCrossEntropyLossGradient', [node.outputs[1], targets], {}), null];
  },
};

/** (softmax(logits) - one-hot(target)) / N, from the log-probabilities. */
export const softmaxCrossEntropyLossGradient: OperatorDefinition<'SoftmaxCrossEntropyLossGradient'> =
  {
    kind: 'SoftmaxCrossEntropyLossGradient',
    infer: (_node, [logProbabilities]) => [logProbabilities],
  };
