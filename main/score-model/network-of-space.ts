/** A network of a space in place of a model file. */
import type { WeightScheme } from '../graph/graph.ts';
import { initialNetwork } from '../space/initial-network.ts';
import type { Genotype, Space } from '../space/space.ts';
import type { ScoreModelRequest } from './request.ts';

/** What a request says of the network: with these weights the score is that of a search with the same seed. */
export function networkOfSpace(
  space: Space,
  genotype: Genotype,
  weights: { readonly scheme: WeightScheme; readonly seed: number },
): Pick<ScoreModelRequest, 'model' | 'graph' | 'deployed' | 'weights'> {
  return {
    model: `${space.name} ${genotype}`,
    graph: initialNetwork(space, genotype, weights.scheme, weights.seed, 'scoring'),
    deployed: space.decode(genotype, 'deployment'),
    weights,
  };
}
