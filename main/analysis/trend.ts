/** How the front of a run grew: its hypervolume after each generation. */
import { hypervolumeByGeneration, type GenerationPoint } from '../common/hypervolume.ts';

/** At most this many values: a line a hundred pixels wide cannot show more. */
const mostValues = 60;

/**
 * Area dominated after each generation as a share of the last one's, measured from the worst cost and the worst
 * score of the whole run. Empty without a point; never falls.
 * @param points in any order
 */
export function frontTrend(points: readonly GenerationPoint[]): number[] {
  let worstScore = Infinity;
  let worstCost = -Infinity;
  let last = 0;
  for (const { score, cost, generation } of points) {
    if (score < worstScore) worstScore = score;
    if (cost > worstCost) worstCost = cost;
    if (generation > last) last = generation;
  }
  const inOrder = [...points].sort((a, b) => a.generation - b.generation);
  return thinned(hypervolumeByGeneration(inOrder, { cost: worstCost, score: worstScore }, last));
}

/** Evenly, and always with the first and the last. */
function thinned(values: readonly number[]): number[] {
  if (values.length <= mostValues) return [...values];
  const step = (values.length - 1) / (mostValues - 1);
  return Array.from({ length: mostValues }, (_, i) => values[Math.round(i * step)]!);
}
