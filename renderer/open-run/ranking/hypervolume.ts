/** How the area grows that a front dominates, of candidates as columns. */
import {
  hypervolumeByGeneration as ofPoints,
  type GenerationPoint,
} from '../../../main/common/hypervolume.ts';

export interface GrowthInput {
  /**
   * Candidates by rising generation, all that have a cost and a score, or at least those that were on the front
   * after the generation that they came with.
   */
  readonly candidates: Uint32Array;
  readonly cost: Float64Array;
  readonly score: Float64Array;
  readonly generation: Int32Array;
  /** What areas are measured from: no candidate of the run costs more or scores less. */
  readonly worst: { readonly cost: number; readonly score: number };
}

export function frontGrowth(
  { candidates, cost, score, generation, worst }: GrowthInput,
  last: number,
): number[] {
  const points = Array.from(candidates, (i): GenerationPoint => ({
    generation: generation[i]!,
    cost: cost[i]!,
    score: score[i]!,
  }));
  return ofPoints(points, worst, last);
}
