/** Targets of detection as both engines feed them: every anchor of every image with its class and offsets. */
import type { DetectionBatch } from '../task/batches.ts';
import { assignAnchors, type SharedAnchor } from '../task/detection/assign.ts';
import type { TaskLoss } from './task-loss.ts';

export interface DetectionTargets {
  /** Anchors of an image. */
  readonly count: number;
  /** images x anchors; the number of classes that the network distinguishes stands for "no class". */
  readonly classes: Int32Array;
  /** images x anchors x 4 */
  readonly offsets: Float32Array;
  /** images x anchors: 1 where the anchor has an object. */
  readonly positive: Float32Array;
}

export function detectionTargets(
  { targets }: DetectionBatch,
  { anchors, outputClasses: background }: NonNullable<TaskLoss['detection']>,
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
  return { count, classes, offsets, positive };
}
