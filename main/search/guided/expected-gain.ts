/** How much trying a network is worth: the hypervolume that its score is expected to add to a front. */

export interface FrontSteps {
  /** Costs at which the front rises, in ascending order, then the reference cost. */
  readonly costs: Float64Array;
  /** Score up to the first of them, between the first and the second, ...: as many as costs. */
  readonly levels: Float64Array;
}

/** The steps of a front; a point that costs the reference or more, or scores less, adds none. */
export function frontSteps(
  points: readonly { readonly cost: number; readonly score: number }[],
  reference: { readonly cost: number; readonly score: number },
): FrontSteps {
  const sorted = points
    .filter(({ cost }) => cost < reference.cost)
    .toSorted((a, b) => a.cost - b.cost || b.score - a.score);
  const costs: number[] = [];
  const levels: number[] = [reference.score];
  for (const { cost, score } of sorted) {
    if (score <= levels[levels.length - 1]!) continue;
    costs.push(cost);
    levels.push(score);
  }
  costs.push(reference.cost);
  return { costs: Float64Array.from(costs), levels: Float64Array.from(levels) };
}

/** The hypervolume below the stairs, above the least level. */
export function areaBelow({ costs, levels }: FrontSteps): number {
  let area = 0;
  for (let i = 1; i < costs.length; i++) {
    area += (costs[i]! - costs[i - 1]!) * (levels[i]! - levels[0]!);
  }
  return area;
}

/**
 * Expected improvement of the hypervolume, in closed form where the cost is known and the score normal: to the
 * right of the network's cost the steps form strips, and in each it adds the strip's width times the expected
 * improvement over the strip's level (as Emmerich, Deutz and Klinkenberg 2011, with one objective certain).
 */
export function expectedGain(
  { costs, levels }: FrontSteps,
  cost: number,
  { mean, deviation }: { readonly mean: number; readonly deviation: number },
): number {
  let gain = 0;
  for (let i = costs.length - 1; i >= 0; i--) {
    const from = i === 0 ? cost : Math.max(costs[i - 1]!, cost);
    const width = costs[i]! - from;
    if (width > 0) gain += width * expectedImprovement(mean - levels[i]!, deviation);
    if (i > 0 && costs[i - 1]! <= cost) break;
  }
  return gain;
}

/** How many strips are looked at before a gain is worked out in full. */
const lookedAt = 4;

/**
 * True where the expected gain is certainly not above `least`: the improvement over a level is the smaller the
 * higher the level, so what the strips to the right can add is bounded by that over the lowest of them.
 */
export function cannotGain(
  { costs, levels }: FrontSteps,
  cost: number,
  { mean, deviation }: { readonly mean: number; readonly deviation: number },
  least: number,
): boolean {
  const last = costs.length - 1;
  let i = 0;
  while (i <= last && costs[i]! <= cost) i++;
  let gained = 0;
  let from = cost;
  for (let looked = 0; looked < lookedAt && i <= last; looked++, i++) {
    const improvement = expectedImprovement(mean - levels[i]!, deviation);
    // A little more than rounding can make of it.
    if ((gained + (costs[last]! - from) * improvement) * (1 + 1e-9) <= least) return true;
    gained += (costs[i]! - from) * improvement;
    from = costs[i]!;
  }
  return i > last && gained * (1 + 1e-9) <= least;
}

/** Of max(0, X) where X is normal with this mean and deviation. */
function expectedImprovement(mean: number, deviation: number): number {
  const u = mean / deviation;
  if (u > 8) return mean;
  if (u < -8) return 0;
  const density = Math.exp(-0.5 * u * u) / Math.sqrt(2 * Math.PI);
  return deviation * (u * normalShare(u) + density);
}

/** Coefficients of a Chebyshev fit to erfc (Press et al., Numerical Recipes, "erfcc"). */
const fit = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
];

/** Share of a standard normal below u, with a relative error of 1e-7 however small it is. */
export function normalShare(u: number): number {
  const z = Math.abs(u) / Math.SQRT2;
  const t = 1 / (1 + z / 2);
  let exponent = 0;
  for (let i = fit.length - 1; i >= 0; i--) exponent = fit[i]! + t * exponent;
  const tail = (t * Math.exp(-z * z + exponent)) / 2;
  return u > 0 ? 1 - tail : tail;
}
