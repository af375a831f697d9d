/** A network with its task's loss, and the batches as the inputs of the graph that results. */
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import type { Graph } from '../../graph/graph.ts';
import { targetsInput } from '../../graph/losses.ts';
import type { BatchSet } from '../../task/batches.ts';
import type { DetectionTargets } from '../detection/targets.ts';
import { withTaskLoss } from '../task-loss.ts';

export type Feeds = InferenceSession.FeedsType;

export interface ScoredTask {
  /** In training mode, the loss its one output. */
  readonly graph: Graph;
  /** The inputs of each batch, made when they are needed: a batch's targets can be large. */
  readonly feeds: readonly (() => Feeds)[];
}

/** @throws WorkbenchError `shape-mismatch` where the network does not fit the data or the task. */
export function scoredTask(network: Graph, batches: BatchSet): ScoredTask {
  const { graph, detection } = withTaskLoss(network, batches);
  const { batchSize, inputShape } = batches;
  const image = (inputs: Float32Array): Feeds => ({
    [graph.inputs[0]!.name]: new Tensor('float32', inputs, [batchSize, ...inputShape]),
  });
  switch (batches.task) {
    case 'classification':
      return {
        graph,
        feeds: batches.batches.map(({ inputs, targets }) => () => ({
          ...image(inputs),
          [targetsInput]: integers(targets, [batchSize]),
        })),
      };
    case 'segmentation': {
      const shape = [batchSize, ...batches.maskShape];
      return {
        graph,
        feeds: batches.batches.map(({ inputs, targets }) => () => ({
          ...image(inputs),
          [targetsInput]: integers(targets, shape),
        })),
      };
    }
    case 'detection':
      return {
        graph,
        feeds: batches.batches.map((batch) => () => ({
          ...image(batch.inputs),
          ...detectionFeeds(detection!.targets(batch, batches.sharedAnchor)),
        })),
      };
  }
}

function integers(values: ArrayLike<number>, shape: readonly number[]): Tensor {
  const data = new BigInt64Array(values.length);
  for (let i = 0; i < values.length; i++) data[i] = BigInt(values[i]!);
  return new Tensor('int64', data, shape);
}

function detectionFeeds({ classes, numbers }: DetectionTargets): Feeds {
  const feeds = [...numbers].map(([name, { data, shape }]) => {
    return [name, new Tensor('float32', data, shape)] as const;
  });
  return {
    ...Object.fromEntries(feeds),
    ...(classes && { [targetsInput]: integers(classes.data, classes.shape) }),
  };
}
