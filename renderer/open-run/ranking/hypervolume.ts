/** How the area grows that a front dominates: every candidate is looked at once, in the order of generations. */

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

/**
 * The front's hypervolume after each of the generations 0..last, as a share of the last one's; empty where
 * nobody ever was on it. The cost counts by its logarithm. Measured from the worst of the whole run, the curve
 * only rises.
 */
export function hypervolumeByGeneration(
  { candidates, cost, score, generation, worst }: GrowthInput,
  last: number,
): number[] {
  if (candidates.length === 0) return [];
  const front = new GrowingFront(Math.log(worst.cost), worst.score);
  const areas = new Array<number>(last + 1).fill(0);
  let done = 0;
  for (const i of candidates) {
    if (generation[i] > last) break;
    while (done < generation[i]) areas[done++] = front.area;
    front.add(Math.log(cost[i]), score[i]);
  }
  while (done <= last) areas[done++] = front.area;
  const whole = areas[last] || 1;
  return areas.map((area) => area / whole);
}

/** Steps by rising cost and rising score, and the area below and right of them up to a reference. */
class GrowingFront {
  area = 0;
  readonly #cost: number[] = [];
  readonly #score: number[] = [];
  readonly #worstCost: number;
  readonly #worstScore: number;

  constructor(worstCost: number, worstScore: number) {
    this.#worstCost = worstCost;
    this.#worstScore = worstScore;
  }

  add(cost: number, score: number): void {
    // The first step that costs at least as much; those before it are cheaper.
    let from = 0;
    let to = this.#cost.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#cost[middle] < cost) from = middle + 1;
      else to = middle;
    }
    const floor = from === 0 ? this.#worstScore : this.#score[from - 1];
    if (score <= floor) return;
    if (from < this.#cost.length && this.#cost[from] === cost && this.#score[from] >= score) return;
    // Between the new step and the next higher one, what it adds stands on the steps that it replaces.
    let end = from;
    let left = cost;
    let below = floor;
    while (end < this.#cost.length && this.#score[end] <= score) {
      this.area += (this.#cost[end] - left) * (score - below);
      left = this.#cost[end];
      below = this.#score[end];
      end++;
    }
    const right = end < this.#cost.length ? this.#cost[end] : this.#worstCost;
    this.area += (right - left) * (score - below);
    this.#cost.splice(from, end - from, cost);
    this.#score.splice(from, end - from, score);
  }
}
