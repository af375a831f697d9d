/** A network with its task's loss, as a graph: pure, so that what does not fit is known before an engine runs. */
import { WorkbenchError } from '../errors.ts';
import { bindImage } from '../graph/bind.ts';
import { withDetectionLoss } from '../graph/detection.ts';
import { toTraining } from '../graph/forms.ts';
import type { Graph } from '../graph/graph.ts';
import type { DetectionHead } from '../graph/heads/head.ts';
import { withHeadLoss } from '../graph/heads/loss.ts';
import { inferShapes } from '../graph/infer-shapes.ts';
import { withClassificationLoss, withSegmentationLoss } from '../graph/losses.ts';
import type { BatchSet, DetectionBatch } from '../task/batches.ts';
import {
  anchorBoxes,
  anchorsPerPlace,
  efficientDetAnchors,
  pyramidLevels,
} from '../task/detection/anchors.ts';
import type { SharedAnchor } from '../task/detection/assign.ts';
import { anchorTargets } from './detection/anchor-targets.ts';
import { headTargets } from './detection/head-targets.ts';
import { placedHead } from './detection/placed-head.ts';
import type { DetectionTargets } from './detection/targets.ts';

/** What the loss needs to know of the batches; masks have the size of the images unless said otherwise. */
export type TaskData = Pick<BatchSet, 'task' | 'batchSize' | 'classes' | 'inputShape'> & {
  readonly maskShape?: readonly [number, number];
};

export interface TaskLoss {
  /** In training mode, the loss its one output. */
  readonly graph: Graph;
  /** For detection: what the loss wants of a batch, and the number of classes the network tells apart. */
  readonly detection: DetectionTask | null;
}

export interface DetectionTask {
  readonly outputClasses: number;
  readonly targets: (batch: DetectionBatch, shared?: SharedAnchor) => DetectionTargets;
}

/** @throws WorkbenchError `shape-mismatch` where the network does not fit the data or the task. */
export function withTaskLoss(network: Graph, data: TaskData): TaskLoss {
  const { task, batchSize, classes, inputShape } = data;
  const training = toTraining(bindImage(network, inputShape));
  const [, height, width] = inputShape;
  switch (task) {
    case 'classification':
      return { graph: withClassificationLoss(training, batchSize, classes), detection: null };
    case 'segmentation': {
      const mask = data.maskShape ?? [height, width];
      return { graph: withSegmentationLoss(training, batchSize, classes, mask), detection: null };
    }
    case 'detection':
      return network.head ? withHead(training, network.head, data) : withAnchors(training, data);
  }
}

/** EfficientDet's maps, anchors and loss. */
function withAnchors(training: Graph, { batchSize, classes, inputShape }: TaskData): TaskLoss {
  const [, height, width] = inputShape;
  const { graph, levels, outputClasses } = withDetectionLoss(training, batchSize, classes, {
    perPlace: anchorsPerPlace(efficientDetAnchors),
    pyramid: pyramidLevels(height, width),
  });
  const anchors = anchorBoxes([height, width], levels);
  const targets: DetectionTask['targets'] = (batch, shared) =>
    anchorTargets(batch, anchors, outputClasses, shared);
  return { graph, detection: { outputClasses, targets } };
}

function withHead(
  training: Graph,
  head: DetectionHead,
  { batchSize, classes, inputShape: [, height, width] }: TaskData,
): TaskLoss {
  if (head.classes < classes) {
    throw new WorkbenchError(
      'shape-mismatch',
      `The network tells ${head.classes} classes apart, but the data have ${classes}.`,
      'Use data with as many classes as the network tells apart.',
    );
  }
  const shapes = inferShapes(training, batchSize);
  const maps = head.levels.map(({ boxes }) => {
    const [, , h, w] = shapes.get(boxes.value)!;
    return { height: h!, width: w! };
  });
  const placed = placedHead(head, [height, width], maps);
  return {
    graph: withHeadLoss(training, head, placed.places, batchSize),
    detection: { outputClasses: head.classes, targets: (batch) => headTargets(batch, placed) },
  };
}

/**
 * How many classes the network tells apart; at least those of the data.
 * @throws WorkbenchError `shape-mismatch` as `withTaskLoss` does
 */
export function outputClasses(network: Graph, data: TaskData): number {
  const { detection } = withTaskLoss(network, data);
  if (detection) return detection.outputClasses;
  const training = toTraining(bindImage(network, data.inputShape));
  const shape = inferShapes(training, data.batchSize).get(training.outputs[0]!);
  // One logit tells two classes apart.
  return shape?.[1] === 1 ? data.classes : (shape?.[1] ?? data.classes);
}
