/** From the network of a file to the one that is scored: one output, logits, no softmax of its own. */
import type { Graph } from '../graph/graph.ts';
import {
  areLogits,
  withClassesFirst,
  withFlatLogits,
  withOutput,
  withOutputs,
} from '../graph/outputs.ts';
import { WorkbenchError } from '../errors.ts';
import type { Task } from '../task/batches.ts';
import { refuseSetOfMasks, refuseUnscoredHeads } from './unscored-heads.ts';
import { withoutFinalSoftmax, type FinalActivation } from './final-activation.ts';

export interface ScorableNetwork {
  readonly graph: Graph;
  /** The activation that the network of the file ends in. */
  readonly ending: FinalActivation | null;
  /** Outputs that are not scored, with their shapes. */
  readonly left: readonly string[];
}

/**
 * @param image channels, height, width
 * @param outputs names of the outputs to score, of which detection takes several; without, the first that fits the
 *   task
 * @throws WorkbenchError `unknown-output`, `shape-mismatch`, `one-output`
 */
export function scorableNetwork(
  network: Graph,
  task: Task,
  image: readonly [number, number, number],
  outputs?: readonly string[],
): ScorableNetwork {
  if (!outputs && !network.lastMaps) refuseSetOfMasks(network, image);
  // A detector has several outputs, all of which are scored.
  if (task === 'detection') {
    const chosen = outputs && !network.lastMaps;
    const named = chosen ? withOutputs(network, image, outputs) : { graph: network, left: [] };
    if (!network.lastMaps) refuseUnscoredHeads(named.graph, task, image);
    return { ...named, ending: null };
  }
  const [output = null, ...more] = outputs ?? [];
  if (more.length > 0) {
    throw new WorkbenchError(
      'one-output',
      `${outputs!.length} outputs are named, but ${task} scores one.`,
      'Name one of them; detection takes several.',
    );
  }
  const suits =
    task === 'classification' ? areLogits : (shape: readonly number[]) => shape.length === 4;
  const chosen = withOutput(network, image, output, suits);
  refuseUnscoredHeads(chosen.graph, task, image);
  const flat = task === 'classification' ? withFlatLogits(chosen.graph, image) : chosen.graph;
  const logits = withoutFinalSoftmax(flat);
  const graph = task === 'segmentation' ? withClassesFirst(logits.graph, image) : logits.graph;
  return { graph, ending: logits.ending, left: chosen.left };
}
