/**
 * Rank correlations where every value counts several times, as in a resample of the bootstrap. What sorting tells is
 * worked out once for all resamples; with weights of 1 the results are those of common/rank-correlation.ts.
 */

/** Values with their order. */
export interface Ordered {
  readonly values: readonly number[];
  /** Places by rising value; equal values in the order of their places. */
  readonly rising: Uint32Array;
  /** Places by falling value; equal values in the order of their places. */
  readonly falling: Uint32Array;
  /** By place: how many different values are below. */
  readonly level: Uint32Array;
  /** How many different values there are. */
  readonly levels: number;
}

/** Throws RangeError for NaN, which has no rank. */
export function ordered(values: readonly number[]): Ordered {
  if (values.some(Number.isNaN)) throw new RangeError('NaN has no rank');
  const places = values.map((_, i) => i);
  const by = (sign: 1 | -1) => (a: number, b: number) =>
    // Infinite values would subtract to NaN.
    values[a] === values[b] ? a - b : (values[a]! < values[b]! ? -1 : 1) * sign;
  const rising = Uint32Array.from(places.toSorted(by(1)));
  const level = new Uint32Array(values.length);
  let levels = 0;
  rising.forEach((place, k) => {
    if (k > 0 && values[place] !== values[rising[k - 1]!]) levels++;
    level[place] = levels;
  });
  return {
    ...{ values, rising, level },
    falling: Uint32Array.from(places.toSorted(by(-1))),
    levels: values.length === 0 ? 0 : levels + 1,
  };
}

const pairsOf = (n: number): number => (n * (n - 1)) / 2;

/** Kendall's tau-b; NaN where one side is constant. */
export function tauOf(x: Ordered, y: Ordered, weights: Uint16Array): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const below = new Fenwick(y.levels);
  const { rising, level } = x;
  // Concordant pairs less discordant ones: each value against those of lower levels of x.
  let [seen, difference] = [0, 0];
  for (let from = 0; from < rising.length;) {
    let to = from + 1;
    while (to < rising.length && level[rising[to]!] === level[rising[from]!]) to++;
    let inGroup = 0;
    for (const place of rising.subarray(from, to)) {
      const weight = weights[place]!;
      if (weight === 0) continue;
      const own = y.level[place]!;
      difference += weight * (below.upTo(own) - (seen - below.upTo(own + 1)));
      inGroup += weight;
    }
    for (const place of rising.subarray(from, to)) below.add(y.level[place]!, weights[place]!);
    seen += inGroup;
    from = to;
  }
  const tiedX = tiedPairs(x, weights);
  const tiedY = tiedPairs(y, weights);
  const scale = Math.sqrt((pairsOf(total) - tiedX) * (pairsOf(total) - tiedY));
  return scale > 0 ? Math.min(1, Math.max(-1, difference / scale)) : NaN;
}

/** Spearman's rho; NaN where one side is constant. */
export function spearmanOf(x: Ordered, y: Ordered, weights: Uint16Array): number {
  const [rankX, rankY] = [averageRanks(x, weights), averageRanks(y, weights)];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const middle = (total + 1) / 2;
  let [covariance, varianceX, varianceY] = [0, 0, 0];
  for (let i = 0; i < weights.length; i++) {
    const [dx, dy] = [rankX[i]! - middle, rankY[i]! - middle];
    covariance += weights[i]! * dx * dy;
    varianceX += weights[i]! * dx * dx;
    varianceY += weights[i]! * dy * dy;
  }
  const scale = Math.sqrt(varianceX * varianceY);
  return scale > 0 ? Math.min(1, Math.max(-1, covariance / scale)) : NaN;
}

/** How much every level weighs. */
function weightOfLevels({ level, levels }: Ordered, weights: Uint16Array): Float64Array {
  const sums = new Float64Array(levels);
  for (let i = 0; i < weights.length; i++) sums[level[i]!]! += weights[i]!;
  return sums;
}

function tiedPairs(of: Ordered, weights: Uint16Array): number {
  return weightOfLevels(of, weights).reduce((sum, weight) => sum + pairsOf(weight), 0);
}

/** By place, from 1; what is equal shares the mean of the ranks that it covers. */
function averageRanks(of: Ordered, weights: Uint16Array): Float64Array {
  let below = 0;
  const ranks = weightOfLevels(of, weights).map((weight) => {
    const rank = below + (weight + 1) / 2;
    below += weight;
    return rank;
  });
  return Float64Array.from(of.level, (level) => ranks[level]!);
}

/** Sums of the first numbers of a row (Fenwick 1994). */
class Fenwick {
  readonly #sums: Float64Array;

  constructor(length: number) {
    this.#sums = new Float64Array(length + 1);
  }

  add(at: number, amount: number): void {
    if (amount === 0) return;
    for (let i = at + 1; i < this.#sums.length; i += i & -i) this.#sums[i]! += amount;
  }

  /** Of the numbers before `end`. */
  upTo(end: number): number {
    let sum = 0;
    for (let i = end; i > 0; i -= i & -i) sum += this.#sums[i]!;
    return sum;
  }
}
