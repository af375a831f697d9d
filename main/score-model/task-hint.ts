/** The hint where a network does not fit the task that was assumed, or chosen. */
import { WorkbenchError } from '../errors.ts';
import { bindImage } from '../graph/bind.ts';
import type { Graph } from '../graph/graph.ts';
import { inferShapes } from '../graph/infer-shapes.ts';
import type { Task } from '../task/batches.ts';

/**
 * The same error, with the task that the network's outputs look like in its hint: one map of classes is
 * segmentation, several maps are detection.
 * @param tried the task that it was to be scored for
 */
export function withTaskHint(
  error: unknown,
  graph: Graph,
  image: readonly [number, number, number],
  tried: Task,
): unknown {
  if (!(error instanceof WorkbenchError) || error.code !== 'shape-mismatch') return error;
  const likely = likelyTask(graph, image);
  if (likely === null || likely === tried) return error;
  return new WorkbenchError(
    error.code,
    error.message,
    `Its outputs look like ${likely}: score it as that, with data for ${likely}.`,
    { cause: error, option: `The task is named with --task ${likely}.` },
  );
}

/** What the network's outputs look like; null where that says nothing. */
export function likelyTask(graph: Graph, image: readonly [number, number, number]): Task | null {
  const shapes = inferShapes(bindImage(graph, image), 2);
  const ranks = graph.outputs.map((output) => shapes.get(output)?.length ?? 0);
  if (ranks.length === 1 && ranks[0] === 2) return 'classification';
  if (ranks.some((rank) => rank !== 4)) return null;
  // Several maps of the same shape are one map at several depths of the network.
  const kinds = new Set(graph.outputs.map((output) => shapes.get(output)?.join()));
  return kinds.size === 1 ? 'segmentation' : 'detection';
}
