/** Gradients by the onednn engine, in this process. */
import { loadAddon } from '../../main/engine/onednn/addon.ts';
import { lower } from '../../main/engine/onednn/lower.ts';
import type { GradientsOf } from './gradient-check.ts';

/** Kinds of operators that were computed, forward or backward. */
export const computedKinds = new Set<string>();

export const gradientsByOneDnn: GradientsOf = async (differentiated, _batchSize, feeding) => {
  const { inputs, targets } = feeding;
  for (const { kind } of differentiated.graph.nodes) computedKinds.add(kind);
  const { losses, layers } = await loadAddon().run(
    {
      ...lower(differentiated),
      batches: [{ inputs: [inputs], targets: Int32Array.from(targets) }],
      termCap: 100,
      threads: 2,
      keepGradients: true,
    },
    false,
  );
  const names = [...differentiated.gradients.keys()];
  return {
    loss: losses[0],
    gradients: new Map(names.map((name, i) => [name, layers[i].gradients?.[0] as Float32Array])),
  };
};
