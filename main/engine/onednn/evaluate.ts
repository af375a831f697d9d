/** Values of a graph by oneDNN. */
import { assertFitsMemory } from '../memory-bound.ts';
import type { EngineIdentity } from '../engine.ts';
import type { Evaluate } from '../proxies/compute.ts';
import { addonFor, neededBytes } from './addon.ts';
import { lowerToPlan } from './lower.ts';

/**
 * Convolutions use single precision, whatever the engine scores with: proxies cost little, and are compared with
 * figures of single precision.
 * @param memoryBytes a graph that needs more is refused before anything is allocated
 */
export function nativeEvaluator(
  { threads, instructions }: Pick<EngineIdentity, 'threads' | 'instructions'>,
  memoryBytes: number,
): Evaluate {
  return async ({ graph, shapes }, image, wanted) => {
    const gradients = new Map(wanted.map((name) => [name, name]));
    const plan = lowerToPlan({ graph, shapes, gradients });
    const batch = { inputs: [image], targets: new Int32Array(0) };
    const request = { ...plan, batches: [batch], termCap: 1, threads, memoryBytes };
    const addon = addonFor('float32', instructions);
    const native = await addon.run({ ...request, keepGradients: true }, false).catch((error) => {
      const needed = neededBytes(error);
      if (needed !== null) assertFitsMemory(needed, memoryBytes, graph.name);
      throw error;
    });
    return native.layers.map(({ gradients: found }) => found![0]!);
  };
}
