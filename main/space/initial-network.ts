import type { Graph, WeightScheme } from '../graph/graph.ts';
import { seedOf } from '../random.ts';
import { withInitialWeights } from '../graph/weights.ts';
import type { Genotype, Purpose, Space } from './space.ts';

/**
 * Seed of a network's initial weights: a function of (run seed, genotype) alone, so that any network can be
 * scored again by itself.
 */
export function weightSeedOf(runSeed: number, genotype: Genotype): number {
  return seedOf('initial weights', runSeed, genotype);
}

/** A network with the initial weights of a run: the same ones that are scored, measured and exported. */
export function initialNetwork(
  space: Space,
  genotype: Genotype,
  scheme: WeightScheme,
  runSeed: number,
  purpose: Purpose = 'deployment',
): Graph {
  return withInitialWeights(
    space.decode(genotype, purpose),
    scheme,
    weightSeedOf(runSeed, genotype),
  );
}
