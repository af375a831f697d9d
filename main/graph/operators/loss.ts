/** Where differentiation starts: softmax cross-entropy, and a loss that other operators have computed. */
import { elements, sameShape } from '../shape.ts';
import { shapeMismatch, type OperatorDefinition } from './operator.ts';
import type { Known } from '../../common/known.ts';

/** Averaged over images (classification) or places (segmentation). */
export const softmaxCrossEntropyLoss: OperatorDefinition<'SoftmaxCrossEntropyLoss'> = {
  kind: 'SoftmaxCrossEntropyLoss',
  infer(node, [logits, targets]) {
    if (logits.length < 2) throw shapeMismatch(node, [logits], 'logits need batch and class axes');
    const [batch, , ...space] = logits as Known<number>;
    if (!sameShape(targets, [batch, ...space])) {
      throw shapeMismatch(node, [logits, targets], 'every place needs one target');
    }
    return [[], logits];
  },
  differentiate(node, _outputGradient, context) {
    const [logits, targets] = node.inputs as Known<string>;
    if (!context.needsGradient(logits)) return [null, null];
    // The loss is where differentiation starts: its own gradient is 1.
    const inputs = [node.outputs[1]!, targets];
    return [context.emit('SoftmaxCrossEntropyLossGradient', inputs, node.attributes), null];
  },
};

/** (softmax(logits) - one-hot(target)) / number of targets that count, from the log-probabilities. */
export const softmaxCrossEntropyLossGradient: OperatorDefinition<'SoftmaxCrossEntropyLossGradient'> =
  {
    kind: 'SoftmaxCrossEntropyLossGradient',
    infer: (_node, [logProbabilities]) => [logProbabilities],
  };

export const scalarLoss: OperatorDefinition<'ScalarLoss'> = {
  kind: 'ScalarLoss',
  infer(node, [x]) {
    if (elements(x) !== 1) throw shapeMismatch(node, [x], 'a loss is one number');
    return [[]];
  },
  differentiate: (node, _outputGradient, context) => [
    context.needsGradient(node.inputs[0]!) ? context.constant(1) : null,
  ],
  write: (node, builder) => builder.node('Identity', node.inputs, node.outputs, {}, node.name),
};
