/** A network with its task's loss, and the batches as the inputs of the graph that results. */
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { bindImage } from '../../graph/bind.ts';
import { positiveInput, targetOffsetsInput, withDetectionLoss } from '../../graph/detection.ts';
import { toTraining } from '../../graph/forms.ts';
import type { Graph } from '../../graph/graph.ts';
import { targetsInput, withClassificationLoss, withSegmentationLoss } from '../../graph/losses.ts';
import type {
  BatchSet,
  DetectionBatch,
  DetectionBatches,
  SegmentationBatches,
} from '../../task/batches.ts';
import {
  anchorBoxes,
  anchorsPerPlace,
  efficientDetAnchors,
  pyramidLevels,
} from '../../task/detection/anchors.ts';
import { assignAnchors } from '../../task/detection/assign.ts';

export type Feeds = InferenceSession.FeedsType;

export interface ScoredTask {
  /** In training mode, the loss its one output. */
  readonly graph: Graph;
  /** The inputs of each batch, made when they are needed: a batch's targets can be large. */
  readonly feeds: readonly (() => Feeds)[];
}

/** @throws WorkbenchError `shape-mismatch` where the network does not fit the data or the task. */
export function scoredTask(network: Graph, batches: BatchSet): ScoredTask {
  const training = toTraining(bindImage(network, batches.inputShape));
  const { batchSize, classes, inputShape } = batches;
  const image = (inputs: Float32Array): Feeds => ({
    [training.inputs[0].name]: new Tensor('float32', inputs, [batchSize, ...inputShape]),
  });
  switch (batches.task) {
    case 'classification':
      return {
        graph: withClassificationLoss(training, batchSize, classes),
        feeds: batches.batches.map(({ inputs, targets }) => () => ({
          ...image(inputs),
          [targetsInput]: integers(targets, [batchSize]),
        })),
      };
    case 'segmentation':
      return segmentation(training, batches, image);
    case 'detection':
      return detection(training, batches, image);
  }
}

function integers(values: ArrayLike<number>, shape: readonly number[]): Tensor {
  const data = new BigInt64Array(values.length);
  for (let i = 0; i < values.length; i++) data[i] = BigInt(values[i]);
  return new Tensor('int64', data, shape);
}

function segmentation(
  training: Graph,
  { batchSize, classes, maskShape, batches }: SegmentationBatches,
  image: (inputs: Float32Array) => Feeds,
): ScoredTask {
  return {
    graph: withSegmentationLoss(training, batchSize, classes, maskShape),
    feeds: batches.map(({ inputs, targets }) => () => ({
      ...image(inputs),
      [targetsInput]: integers(targets, [batchSize, ...maskShape]),
    })),
  };
}

function detection(
  training: Graph,
  { batchSize, classes, inputShape, batches }: DetectionBatches,
  image: (inputs: Float32Array) => Feeds,
): ScoredTask {
  const [, height, width] = inputShape;
  const perPlace = anchorsPerPlace(efficientDetAnchors);
  const pyramid = pyramidLevels(height, width);
  const { graph, levels, outputClasses } = withDetectionLoss(training, batchSize, classes, {
    perPlace,
    pyramid,
  });
  const anchors = anchorBoxes([height, width], levels);
  return {
    graph,
    feeds: batches.map((batch) => () => ({
      ...image(batch.inputs),
      ...detectionTargets(batch, anchors, outputClasses),
    })),
  };
}

/** @param background index that stands for no class: the number of classes the network tells apart */
function detectionTargets(
  { targets }: DetectionBatch,
  anchors: Float32Array,
  background: number,
): Feeds {
  const count = anchors.length / 4;
  const classes = new Int32Array(targets.length * count);
  const offsets = new Float32Array(targets.length * count * 4);
  const positive = new Float32Array(targets.length * count);
  targets.forEach((boxes, n) => {
    const assigned = assignAnchors(anchors, boxes, background);
    classes.set(assigned.classes, n * count);
    offsets.set(assigned.offsets, n * count * 4);
    positive.set(assigned.positive, n * count);
  });
  return {
    [targetsInput]: integers(classes, [targets.length, count]),
    [targetOffsetsInput]: new Tensor('float32', offsets, [targets.length, count, 4]),
    [positiveInput]: new Tensor('float32', positive, [targets.length, count, 1]),
  };
}
