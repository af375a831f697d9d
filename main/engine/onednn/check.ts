/** Whether oneDNN can score given networks: asked of a child before a run begins. Nothing is computed. */
import { reportOf, WorkbenchError } from '../../errors.ts';
import { differentiate } from '../../graph/differentiate.ts';
import type { Graph } from '../../graph/graph.ts';
import { layersOf } from '../../graph/layers.ts';
import { elements } from '../../graph/shape.ts';
import type { BatchSet } from '../../task/batches.ts';
import type { Precision } from '../precision.ts';
import { connectedLayers } from '../scored-layers.ts';
import { addonFor } from './addon.ts';
import { lowerToPlan } from './lower.ts';
import { nativeTask } from './task.ts';

/**
 * @param batches what a batch looks like; its images are not needed
 * @throws WorkbenchError `engine-unavailable` where the add-on does not load, `operator-not-native` naming
 *   operator and node of the first network that it cannot score, `precision-unavailable`
 */
export function assertNative(
  networks: readonly Graph[],
  batches: BatchSet,
  precision: Precision,
): void {
  addonFor(precision);
  for (const network of networks) {
    try {
      const { graph: scored } = nativeTask(network, batches);
      const weights = connectedLayers(scored, layersOf(scored)).map(({ weight }) => weight);
      lowerToPlan(differentiate(withoutNumbers(scored), batches.batchSize, weights));
    } catch (error) {
      if (beyondAny.has(reportOf(error).code)) continue;
      if (!(error instanceof WorkbenchError)) throw error;
      throw new WorkbenchError(error.code, `${network.name}: ${error.message}`, error.hint, {
        cause: error,
      });
    }
  }
}

/** Too large for any engine: such a network fails by name later, and says nothing about this engine. */
const beyondAny = new Set(['tensor-too-large', 'too-large', 'out-of-memory']);

/**
 * Zeros that are never written stand in for random weights: drawing the hundreds of millions that a large network
 * has takes seconds, and which operators are needed does not depend on them.
 */
function withoutNumbers(graph: Graph): Graph {
  const initializers = [...graph.initializers].map(([name, initializer]) => {
    if (initializer.values.kind !== 'random') return [name, initializer] as const;
    const data = new Float32Array(elements(initializer.shape));
    return [name, { ...initializer, values: { kind: 'data', data } as const }] as const;
  });
  return { ...graph, initializers: new Map(initializers) };
}
