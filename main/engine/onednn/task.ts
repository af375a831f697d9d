/** A network with its task's loss, and the batches as the add-on takes them. */
import type { Graph } from '../../graph/graph.ts';
import type { BatchSet, DetectionBatch } from '../../task/batches.ts';
import type { DetectionTargets } from '../detection/targets.ts';
import { withTaskLoss } from '../task-loss.ts';
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
          detectionBatch(graph, batch, detection!.targets(batch, batches.sharedAnchor)),
        )
      : batches.batches.map(({ inputs, targets }) => ({
          inputs: [inputs],
          targets: Int32Array.from(targets),
        }));
  return { graph, planBatches };
}

function detectionBatch(
  graph: Graph,
  { inputs: images }: DetectionBatch,
  { classes, numbers }: DetectionTargets,
): PlanBatch {
  const inputs = floatInputs(graph).map((name) => numbers.get(name)?.data ?? images);
  return { inputs, targets: classes?.data ?? new Int32Array(0) };
}
