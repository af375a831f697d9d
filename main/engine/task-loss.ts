/** A network with its task's loss, as a graph: pure, so that what does not fit is known before an engine runs. */
import { bindImage } from '../graph/bind.ts';
import { withDetectionLoss } from '../graph/detection.ts';
import { toTraining } from '../graph/forms.ts';
import type { Graph } from '../graph/graph.ts';
import { inferShapes } from '../graph/infer-shapes.ts';
import { withClassificationLoss, withSegmentationLoss } from '../graph/losses.ts';
import type { BatchSet } from '../task/batches.ts';
import {
  anchorBoxes,
  anchorsPerPlace,
  efficientDetAnchors,
  pyramidLevels,
} from '../task/detection/anchors.ts';

/** What the loss needs to know of the batches; masks have the size of the images unless said otherwise. */
export type TaskData = Pick<BatchSet, 'task' | 'batchSize' | 'classes' | 'inputShape'> & {
  readonly maskShape?: readonly [number, number];
};

export interface TaskLoss {
  /** In training mode, the loss its one output. */
  readonly graph: Graph;
  /** For detection: every anchor, and the number of classes the network tells apart. */
  readonly detection: { readonly anchors: Float32Array; readonly outputClasses: number } | null;
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
    case 'detection': {
      const { graph, levels, outputClasses } = withDetectionLoss(training, batchSize, classes, {
        perPlace: anchorsPerPlace(efficientDetAnchors),
        pyramid: pyramidLevels(height, width),
      });
      return { graph, detection: { anchors: anchorBoxes([height, width], levels), outputClasses } };
    }
  }
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
