/** How the area grows that a front dominates: every candidate is looked at once, in the order of generations. */
import type { FrontInput } from './pareto.ts';

/**
 * The front's hypervolume after each of the generations 0..last, as a share of the last one's. The cost counts
 * by its logarithm. The reference is the worst cost and the worst score of the whole run, so the curve only rises.
 */
export function hypervolumeByGeneration(
  { order, cost, score, generation }: Omit<FrontInput, 'upTo'>,
  last: number,
): number[] {
  let worstScore = Infinity;
  for (const i of order) if (score[i] < worstScore) worstScore = score[i];
  if (order.length === 0 || !Number.isFinite(worstScore)) return [];
  const front = new GrowingFront(Math.log(cost[order[order.length - 1]]), worstScore);
  const areas = new Array<number>(last + 1).fill(0);
  let done = 0;
  for (const i of byGeneration(order, generation, last)) {
    while (done < generation[i]) areas[done++] = front.area;
    if (!Number.isNaN(score[i])) front.add(Math.log(cost[i]), score[i]);
  }
  while (done <= last) areas[done++] = front.area;
  const whole = areas[last] || 1;
  return areas.map((area) => area / whole);
}

/** Those of generations 0..last, a counting sort. */
function byGeneration(order: Uint32Array, generation: Int32Array, last: number): Uint32Array {
  const starts = new Uint32Array(last + 2);
  for (const i of order) if (generation[i] <= last) starts[generation[i] + 1]++;
  for (let g = 0; g <= last; g++) starts[g + 1] += starts[g];
  const sorted = new Uint32Array(starts[last + 1]);
  for (const i of order) if (generation[i] <= last) sorted[starts[generation[i]]++] = i;
  return sorted;
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
