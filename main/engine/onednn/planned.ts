/** The plan of a network with its batches: several of them at once where that pays, else one after the other. */
import { differentiate, type DifferentiatedGraph } from '../../graph/differentiate.ts';
import type { Graph } from '../../graph/graph.ts';
import { bytesOfKeptValues, bytesOfWeights } from '../memory-bound.ts';
import { lowerToPlan } from './lower.ts';
import type { Plan } from './plan.ts';
import { batchesAtOnce, keepsBatchesApart } from './together.ts';

export interface Planned {
  readonly plan: Plan;
  /** Of values, with the images of all batches that are computed at once. */
  readonly shapes: DifferentiatedGraph['shapes'];
  /** Batches that are computed at once. */
  readonly together: number;
}

/** What the plan is for: how many batches of how many images, and whose gradients are wanted. */
export interface PlanTask {
  /** In training mode, the loss its one output. */
  readonly graph: Graph;
  readonly weights: readonly string[];
  readonly batches: number;
  readonly batchSize: number;
}

/** @throws WorkbenchError `operator-not-native`, what the graph refuses */
export function plannedInTurn({ graph, weights, batchSize }: PlanTask): Planned {
  const differentiated = differentiate(graph, batchSize, weights);
  return { plan: lowerToPlan(differentiated), shapes: differentiated.shapes, together: 1 };
}

/**
 * Null where batches are better computed one after the other, or cannot be kept apart: in networks that mix
 * images, or that were exported for one number of images.
 */
export function plannedAtOnce(task: PlanTask): Planned | null {
  const { graph, weights, batches, batchSize } = task;
  const all = tried(() => differentiate(graph, batches * batchSize, weights));
  if (!all) return null;
  const together = batchesAtOnce({
    batches,
    values: bytesOfKeptValues(all, graph),
    weights: bytesOfWeights(graph) / Float32Array.BYTES_PER_ELEMENT,
  });
  if (together === 1) return null;
  const images = together * batchSize;
  const own = together === batches ? all : differentiate(graph, images, weights);
  const plan = tried(() => lowerToPlan(own));
  if (!plan || !keepsBatchesApart(plan, images)) return null;
  return { plan, shapes: own.shapes, together };
}

/** What fails for this many images may work for those of one batch; if not, that error says why. */
function tried<Value>(make: () => Value): Value | null {
  try {
    return make();
  } catch {
    return null;
  }
}
