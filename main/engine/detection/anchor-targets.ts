/** Targets of EfficientDet's loss: every anchor of every image with its class and offsets. */
import { positiveInput, targetOffsetsInput } from '../../graph/detection.ts';
import type { DetectionBatch } from '../../task/batches.ts';
import { assignAnchors, type SharedAnchor } from '../../task/detection/assign.ts';
import type { DetectionTargets } from './targets.ts';

/**
 * @param anchors rows of centre y, centre x, height, width
 * @param background the number of classes that the network tells apart, which stands for "no class"
 */
export function anchorTargets(
  { targets }: DetectionBatch,
  anchors: Float32Array,
  background: number,
  shared?: SharedAnchor,
): DetectionTargets {
  const count = anchors.length / 4;
  const classes = new Int32Array(targets.length * count);
  const offsets = new Float32Array(targets.length * count * 4);
  const positive = new Float32Array(targets.length * count);
  targets.forEach((boxes, n) => {
    const assigned = assignAnchors(anchors, boxes, background, shared);
    classes.set(assigned.classes, n * count);
    offsets.set(assigned.offsets, n * count * 4);
    positive.set(assigned.positive, n * count);
  });
  return {
    classes: { data: classes, shape: [targets.length, count] },
    numbers: new Map([
      [targetOffsetsInput, { data: offsets, shape: [targets.length, count, 4] }],
      [positiveInput, { data: positive, shape: [targets.length, count, 1] }],
    ]),
  };
}
