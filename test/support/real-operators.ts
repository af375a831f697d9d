/** Variation of real-valued genes, for testing NSGA-II on problems with known fronts. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import type { RandomGenerator } from '../../main/random.ts';

export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

export interface Variation {
  /** Distribution index: the larger it is, the closer children are to their parents. */
  readonly eta: number;
  /** Probability that a gene takes part. */
  readonly perGene: number;
}

/**
 * Simulated binary crossover within bounds (Deb and Agrawal, Complex Systems 9, 1995; the bounded form
 * of Deb's NSGA-II code). A gene that takes no part is copied, and each pair of child genes changes
 * sides with probability 1/2.
 */
export function simulatedBinaryCrossover(
  first: readonly number[],
  second: readonly number[],
  bounds: readonly Bounds[],
  { eta, perGene }: Variation,
  random: RandomGenerator,
): [number[], number[]] {
  const children: [number[], number[]] = [[...first], [...second]];
  for (let i = 0; i < first.length; i++) {
    if (uniformFloat64(random) >= perGene) continue;
    const low = Math.min(first[i]!, second[i]!);
    const high = Math.max(first[i]!, second[i]!);
    // Below this the spread factor would divide by almost zero; children equal their parents.
    if (high - low < 1e-14) continue;
    const { lower, upper } = bounds[i]!;
    const u = uniformFloat64(random);
    const below = spread(u, 1 + (2 * (low - lower)) / (high - low), eta);
    const above = spread(u, 1 + (2 * (upper - high)) / (high - low), eta);
    const a = clamp((low + high - below * (high - low)) / 2, lower, upper);
    const b = clamp((low + high + above * (high - low)) / 2, lower, upper);
    const swapped = uniformFloat64(random) < 0.5;
    children[0][i] = swapped ? b : a;
    children[1][i] = swapped ? a : b;
  }
  return children;
}

/** The spread factor for a uniform u; its distribution is truncated where a child would leave the bounds. */
function spread(u: number, reach: number, eta: number): number {
  const alpha = 2 - reach ** -(eta + 1);
  return u <= 1 / alpha ? (u * alpha) ** (1 / (eta + 1)) : (1 / (2 - u * alpha)) ** (1 / (eta + 1));
}

/** Polynomial mutation within bounds (Deb and Goyal 1996; the bounded form of Deb's NSGA-II code). */
export function polynomialMutation(
  genes: readonly number[],
  bounds: readonly Bounds[],
  { eta, perGene }: Variation,
  random: RandomGenerator,
): number[] {
  return genes.map((gene, i) => {
    if (uniformFloat64(random) >= perGene) return gene;
    const { lower, upper } = bounds[i]!;
    const extent = upper - lower;
    if (extent === 0) return gene;
    const u = uniformFloat64(random);
    const exponent = 1 / (eta + 1);
    const nearness = u < 0.5 ? 1 - (gene - lower) / extent : 1 - (upper - gene) / extent;
    const tail = nearness ** (eta + 1);
    const delta =
      u < 0.5
        ? (2 * u + (1 - 2 * u) * tail) ** exponent - 1
        : 1 - (2 * (1 - u) + (2 * u - 1) * tail) ** exponent;
    return clamp(gene + delta * extent, lower, upper);
  });
}

function clamp(value: number, lower: number, upper: number): number {
  return Math.min(Math.max(value, lower), upper);
}
