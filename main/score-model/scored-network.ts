/** From the network of a file to the one that is scored: one output, logits, no softmax of its own. */
import type { Graph } from '../graph/graph.ts';
import { areLogits, withFlatLogits, withOutput } from '../graph/outputs.ts';
import type { Task } from '../task/batches.ts';
import { withoutFinalSoftmax, type FinalActivation } from './final-activation.ts';

export interface ScoredNetwork {
  readonly graph: Graph;
  /** What the network of the file ends in. */
  readonly ending: FinalActivation | null;
  /** Outputs that are not scored, with their shapes. */
  readonly left: readonly string[];
}

/**
 * @param image channels, height, width
 * @param output the name of the output to score; without one the first that fits the task
 * @throws WorkbenchError `unknown-output`, `shape-mismatch`
 */
export function scoredNetwork(
  network: Graph,
  task: Task,
  image: readonly [number, number, number],
  output?: string,
): ScoredNetwork {
  // A detector has several outputs, all of which are scored.
  if (task === 'detection') return { graph: network, ending: null, left: [] };
  const suits =
    task === 'classification' ? areLogits : (shape: readonly number[]) => shape.length === 4;
  const chosen = withOutput(network, image, output ?? null, suits);
  const flat = task === 'classification' ? withFlatLogits(chosen.graph, image) : chosen.graph;
  return { ...withoutFinalSoftmax(flat), left: chosen.left };
}
