/** A network with its task's loss, and the batches as the add-on takes them. */
import { positiveInput, targetOffsetsInput } from '../../graph/detection.ts';
import type { Graph } from '../../graph/graph.ts';
import type { BatchSet, DetectionBatch } from '../../task/batches.ts';
import type { SharedAnchor } from '../../task/detection/assign.ts';
import { detectionTargets } from '../detection-targets.ts';
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
          detectionBatch(
            ...([graph, batch, detection as NonNullable<TaskLoss['detection']>] as const),
            batches.sharedAnchor,
          ),
        )
      : batches.batches.map(({ inputs, targets }) => ({
          inputs: [inputs],
          targets: Int32Array.from(targets),
        }));
  return { graph, planBatches };
}

function detectionBatch(
  graph: Graph,
  batch: DetectionBatch,
  detection: NonNullable<TaskLoss['detection']>,
  shared: SharedAnchor | undefined,
): PlanBatch {
  const { classes, offsets, positive } = detectionTargets(batch, detection, shared);
  const given = new Map([
    [targetOffsetsInput, offsets],
    [positiveInput, positive],
  ]);
  const inputs = floatInputs(graph).map((name) => given.get(name) ?? batch.inputs);
  return { inputs, targets: classes };
}
