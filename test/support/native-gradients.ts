/** Gradients by the onednn engine, in this process. */
import { loadAddon, type NativeRequest } from '../../main/engine/onednn/addon.ts';
import { lowerToPlan } from '../../main/engine/onednn/lower.ts';
import type { DifferentiatedGraph } from '../../main/graph/differentiate.ts';
import type { Feeding, GradientsOf } from './gradient-check.ts';

/** Kinds of operators computed so far, forward or backward. */
export const computedKinds = new Set<string>();

export const gradientsByOneDnn: GradientsOf = (differentiated, _batchSize, feeding) =>
  computed(differentiated, feeding);

/** Uses Winograd's method for dense 3x3 convolutions, however small. */
export const gradientsByWinograd: GradientsOf = (differentiated, _batchSize, feeding) =>
  computed(differentiated, feeding, { winograd: true, winogradEverywhere: true });

async function computed(
  differentiated: DifferentiatedGraph,
  { inputs, targets }: Feeding,
  how: Partial<NativeRequest> = {},
): ReturnType<GradientsOf> {
  for (const { kind } of differentiated.graph.nodes) computedKinds.add(kind);
  const { losses, layers } = await loadAddon().run(
    {
      ...lowerToPlan(differentiated),
      batches: [{ inputs: [inputs], targets: Int32Array.from(targets) }],
      termCap: 100,
      threads: 2,
      keepGradients: true,
      ...how,
    },
    false,
  );
  const names = [...differentiated.gradients.keys()];
  return {
    loss: losses[0]!,
    gradients: new Map(names.map((name, i) => [name, layers[i]!.gradients?.[0] as Float32Array])),
  };
}
