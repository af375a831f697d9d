/** Layers whose true gradient is zero, which in single precision becomes noise. */
import type { LayerStatistics } from '../engine/engine.ts';

/** A norm below this share of the other layers' median is what rounding leaves: float32 keeps 24 bits. */
const noiseShare = 1e-6;

/**
 * Names of layers that get nothing but rounding noise in every batch: weights that shift all logits alike, for
 * example, or those before a softmax over one value. Layers with a gradient of exactly zero are not among them.
 */
export function noiseLayers(
  layers: readonly Pick<LayerStatistics, 'name' | 'gradientNorms'>[],
): readonly string[] {
  const medians = (layers[0]?.gradientNorms ?? []).map((_, batch) => {
    const norms = layers.map(({ gradientNorms }) => gradientNorms[batch]!).sort((a, b) => a - b);
    return norms[norms.length >> 1]!;
  });
  const isNoise = (norm: number, batch: number) => norm > 0 && norm < noiseShare * medians[batch]!;
  return layers
    .filter(({ gradientNorms }) => gradientNorms.length > 0 && gradientNorms.every(isNoise))
    .map(({ name }) => name);
}
