/** A network with its task's loss, and the batches as the add-on takes them. */
import { positiveInput, targetOffsetsInput } from '../../graph/detection.ts';
import type { Graph } from '../../graph/graph.ts';
import type { BatchSet, DetectionBatch } from '../../task/batches.ts';
import { assignAnchors } from '../../task/detection/assign.ts';
import { withTaskLoss, type TaskLoss } from '../task-loss.ts';
import { floatInputs } from './lower.ts';
import type { PlanBatch } from './plan.ts';

export interface NativeTask {
  /** In training mode, the loss its one output. */
  readonly graph: Graph;
  /** Made when they are needed: targets of detection can be large. */
  readonly planBatches: () => readonly PlanBatch[];
}

/** @throws WorkbenchError `shape-mismatch` where the network does not fit the data or the task. */
export function nativeTask(network: Graph, batches: BatchSet): NativeTask {
  const { graph, detection } = withTaskLoss(network, batches);
  const planBatches = (): readonly PlanBatch[] =>
    batches.task === 'detection'
      ? batches.batches.map((batch) =>
          detectionBatch(graph, batch, detection as NonNullable<TaskLoss['detection']>),
        )
      : batches.batches.map(({ inputs, targets }) => ({
          inputs: [inputs],
          targets: Int32Array.from(targets),
        }));
  return { graph, planBatches };
}

/** The index that stands for no class is the number of classes the network tells apart. */
function detectionBatch(
  graph: Graph,
  { inputs, targets }: DetectionBatch,
  { anchors, outputClasses: background }: NonNullable<TaskLoss['detection']>,
): PlanBatch {
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
  const given = new Map([
    [targetOffsetsInput, offsets],
    [positiveInput, positive],
  ]);
  return { inputs: floatInputs(graph).map((name) => given.get(name) ?? inputs), targets: classes };
}
