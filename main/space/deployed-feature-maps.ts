import { summarise } from '../graph/summary.ts';
import type { FeatureMap } from '../proxy/zico.ts';
import type { Genotype, Space } from './space.ts';

/**
 * Feature maps of a network's layers by their names, for the images that it is deployed for. Empty where these are
 * as large as those that are scored.
 */
export function deployedFeatureMaps(
  space: Space,
  genotype: Genotype,
): ReadonlyMap<string, FeatureMap> {
  const inputShape = space.imageShape(genotype, 'deployment');
  const scoringShape = space.imageShape(genotype, 'scoring');
  if (inputShape.every((n, i) => n === scoringShape[i])) return new Map();
  const { layers } = summarise(space.decode(genotype, 'deployment'));
  return new Map(layers.map((layer) => [layer.name, layer]));
}
