/** The plan of a network with its batches: several of them at once where that pays, else one after the other. */
import { differentiate, type DifferentiatedGraph } from '../../graph/differentiate.ts';
import type { Graph } from '../../graph/graph.ts';
import { inferShapes } from '../../graph/infer-shapes.ts';
import { bytesOfKeptValues, bytesOfLikelyKept, bytesOfWeights } from '../memory-bound.ts';
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

/** The task's graph with its backward pass, for so many images. */
type Derivation = (images: number) => DifferentiatedGraph;

/** Each number of images once: deriving is what planning takes longest for. */
function derivationsOf({ graph, weights }: PlanTask): Derivation {
  const known = new Map<number, DifferentiatedGraph>();
  return (images) => {
    const own = known.get(images) ?? differentiate(graph, images, weights);
    known.set(images, own);
    return own;
  };
}

/**
 * Several batches at once where that pays, else one after the other.
 * @throws WorkbenchError `operator-not-native`, what the graph refuses
 */
export function planned(task: PlanTask): Planned {
  const derived = derivationsOf(task);
  return plannedAtOnce(task, derived) ?? plannedInTurn(task, derived);
}

/** @throws WorkbenchError `operator-not-native`, what the graph refuses */
export function plannedInTurn(task: PlanTask, derived = derivationsOf(task)): Planned {
  const differentiated = derived(task.batchSize);
  return { plan: lowerToPlan(differentiated), shapes: differentiated.shapes, together: 1 };
}

/**
 * Null where batches are better computed one after the other, or cannot be kept apart: in networks that mix
 * images, or that were exported for one number of images.
 */
export function plannedAtOnce(task: PlanTask, derived = derivationsOf(task)): Planned | null {
  const { graph, batches, batchSize } = task;
  const shapes = tried(() => inferShapes(graph, batches * batchSize));
  if (!shapes) return null;
  const weights = bytesOfWeights(graph) / Float32Array.BYTES_PER_ELEMENT;
  const atOnce = (values: number) => batchesAtOnce({ batches, values, weights });
  // What the backward pass reads decides, and that is the same for any number of images: a good guess spares
  // deriving it for more than the number that is then computed.
  const likely = tried(() => derived(atOnce(bytesOfLikelyKept(shapes, graph)) * batchSize));
  if (!likely) return null;
  const together = atOnce(bytesOfKeptValues({ graph: likely.graph, shapes }, graph));
  if (together === 1) return null;
  const images = together * batchSize;
  const own = tried(() => derived(images));
  const plan = own && tried(() => lowerToPlan(own));
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
