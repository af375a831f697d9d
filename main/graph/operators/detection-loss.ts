/**
 * EfficientDet's loss over all anchors: focal loss of the classes plus weighted Huber loss of the boxes,
 * both divided by the number of anchors with a box, plus one. Source: Lin et al., Focal Loss, 2017;
 * EfficientDet's reference implementation.
 */
import { sameShape } from '../shape.ts';
import { shapeMismatch, type OperatorDefinition } from './operator.ts';
import type { Known } from '../../common/known.ts';

/**
 * Inputs: class logits N x anchors x classes, box offsets N x anchors x 4, target classes N x anchors
 * (the number of classes for background), target offsets N x anchors x 4, positive N x anchors x 1.
 */
export const detectionLoss: OperatorDefinition<'DetectionLoss'> = {
  kind: 'DetectionLoss',
  infer(node, [logits, offsets, targets, targetOffsets, positive]) {
    const [batch, anchors] = logits as Known<number>;
    const fits =
      logits.length === 3 &&
      sameShape(offsets, [batch, anchors, 4]) &&
      sameShape(targets, [batch, anchors]) &&
      sameShape(targetOffsets, offsets) &&
      sameShape(positive, [batch, anchors, 1]);
    if (!fits) {
      throw shapeMismatch(
        node,
        [logits, offsets, targets],
        'classes, boxes and targets need the same anchors',
      );
    }
    return [[]];
  },
  differentiate(node, _outputGradient, context) {
    const [logits, offsets, targets, targetOffsets, positive] = node.inputs as Known<string>;
    return [
      context.needsGradient(logits)
        ? context.emit('FocalLossGradient', [logits, targets, positive], node.attributes)
        : null,
      context.needsGradient(offsets)
        ? context.emit('HuberLossGradient', [offsets, targetOffsets, positive], node.attributes)
        : null,
      null,
      null,
      null,
    ];
  },
};

export const focalLossGradient: OperatorDefinition<'FocalLossGradient'> = {
  kind: 'FocalLossGradient',
  infer: (_node, [logits]) => [logits],
};

export const huberLossGradient: OperatorDefinition<'HuberLossGradient'> = {
  kind: 'HuberLossGradient',
  infer: (_node, [offsets]) => [offsets],
};
