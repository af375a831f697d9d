/**
 * NSGA-II's selection (Deb, Pratap, Agarwal, Meyarivan: "A fast and elitist multiobjective genetic algorithm:
 * NSGA-II", IEEE TEC 6(2), 2002). Pure: an individual is anything that has objectives.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { RandomGenerator } from '../random.ts';
import { crowdingDistances } from './crowding.ts';
import type { Individual } from '../common/dominance.ts';
import { nonDominatedSort } from './non-dominated-sort.ts';

export interface Ranked<T extends Individual> {
  readonly individual: T;
  /** Number of the front, 0 is the best. */
  readonly rank: number;
  /** Crowding distance within the front. */
  readonly crowding: number;
}

/**
 * Every individual with its rank and crowding distance: the best front first, in the given order within a
 * front.
 */
export function rankPopulation<T extends Individual>(individuals: readonly T[]): Ranked<T>[] {
  return nonDominatedSort(individuals).flatMap((front, rank) => {
    const crowding = crowdingDistances(front.map((i) => individuals[i]!.objectives));
    return front.map((i, k) => ({ individual: individuals[i]!, rank, crowding: crowding[k]! }));
  });
}

/**
 * Environmental selection: the best `size` of parents and offspring together. Whole fronts are taken while they
 * fit; from the first that does not, the most isolated. Ties keep the given order.
 */
export function selectSurvivors<T extends Individual>(
  individuals: readonly T[],
  size: number,
): Ranked<T>[] {
  return rankPopulation(individuals).sort(compareCrowded).slice(0, size);
}

/** Negative where `first` wins: the lower rank, then the larger crowding distance. */
export function compareCrowded(
  first: Pick<Ranked<Individual>, 'rank' | 'crowding'>,
  second: Pick<Ranked<Individual>, 'rank' | 'crowding'>,
): number {
  if (first.rank !== second.rank) return first.rank - second.rank;
  // Not a subtraction: Infinity - Infinity is NaN.
  if (first.crowding === second.crowding) return 0;
  return first.crowding > second.crowding ? -1 : 1;
}

/**
 * Binary tournament: two are drawn without replacement, and the better one wins, or the first one drawn if they
 * tie.
 */
export function binaryTournament<T extends Individual>(
  population: readonly Ranked<T>[],
  random: RandomGenerator,
): Ranked<T> {
  const first = uniformInt(random, 0, population.length - 1);
  if (population.length === 1) return population[first]!;
  const shifted = uniformInt(random, 0, population.length - 2);
  const second = shifted < first ? shifted : shifted + 1;
  const better = compareCrowded(population[second]!, population[first]!) < 0 ? second : first;
  return population[better]!;
}
