/** Rank correlations: how well one order of things agrees with another. */

/**
 * Kendall's tau-b, corrected for ties on both sides, in O(n log n).
 *
 *     tau-b = (concordant - discordant) / sqrt((pairs - ties in x) (pairs - ties in y))
 *
 * (Knight 1966: sort by x, then count the exchanges a merge sort by y makes.) NaN if one side is
 * constant or there are fewer than two pairs of values: the coefficient is undefined there.
 */
export function kendallTauB(x: readonly number[], y: readonly number[]): number {
  const n = sameLength(x, y);
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => x[a]! - x[b]! || y[a]! - y[b]!,
  );
  const sortedX = order.map((i) => x[i]);
  const sortedY = order.map((i) => y[i]!);

  const pairs = (n * (n - 1)) / 2;
  const tiedX = tiedPairs(n, (i) => sortedX[i] === sortedX[i - 1]);
  const tiedBoth = tiedPairs(
    n,
    (i) => sortedX[i] === sortedX[i - 1] && sortedY[i] === sortedY[i - 1],
  );
  const discordant = sortCountingExchanges(sortedY);
  const tiedY = tiedPairs(n, (i) => sortedY[i] === sortedY[i - 1]);

  const concordant = pairs - tiedX - tiedY + tiedBoth - discordant;
  const scale = Math.sqrt((pairs - tiedX) * (pairs - tiedY));
  if (!(scale > 0)) return NaN;
  // Rounding may exceed the bounds by one unit in the last place.
  return Math.min(1, Math.max(-1, (concordant - discordant) / scale));
}

/**
 * Spearman's rho: Pearson's correlation of the ranks, tied values sharing the average of theirs.
 * NaN if one side is constant.
 */
export function spearmanRho(x: readonly number[], y: readonly number[]): number {
  const n = sameLength(x, y);
  const rankX = averageRanks(x);
  const rankY = averageRanks(y);
  const mean = (n + 1) / 2;
  let covariance = 0;
  let varianceX = 0;
  let varianceY = 0;
  for (let i = 0; i < n; i++) {
    const dx = rankX[i]! - mean;
    const dy = rankY[i]! - mean;
    covariance += dx * dy;
    varianceX += dx * dx;
    varianceY += dy * dy;
  }
  const scale = Math.sqrt(varianceX * varianceY);
  return scale > 0 ? Math.min(1, Math.max(-1, covariance / scale)) : NaN;
}

/** Ranks from 1; equal values get the mean of the ranks they cover. */
export function averageRanks(values: readonly number[]): number[] {
  const order = Array.from({ length: values.length }, (_, i) => i).sort(
    (a, b) => values[a]! - values[b]!,
  );
  const ranks = new Array<number>(values.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

function sameLength(x: readonly number[], y: readonly number[]): number {
  if (x.length !== y.length)
    throw new RangeError(`${x.length} values cannot be compared with ${y.length}`);
  if (x.some(Number.isNaN) || y.some(Number.isNaN)) throw new RangeError('NaN has no rank');
  return x.length;
}

/** Pairs within runs of equal neighbours of a sorted sequence. */
function tiedPairs(n: number, equalsPrevious: (i: number) => boolean): number {
  let pairs = 0;
  let run = 0;
  for (let i = 1; i < n; i++) {
    run = equalsPrevious(i) ? run + 1 : 0;
    pairs += run;
  }
  return pairs;
}

/** Sorts in place (bottom-up merge sort) and returns how many pairs stood in strictly descending order. */
function sortCountingExchanges(values: number[]): number {
  const n = values.length;
  let exchanges = 0;
  let from = values;
  let to = new Array<number>(n);
  for (let width = 1; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      const middle = Math.min(start + width, n);
      const end = Math.min(start + 2 * width, n);
      let left = start;
      let right = middle;
      for (let k = start; k < end; k++) {
        if (right >= end || (left < middle && from[left]! <= from[right]!)) {
          to[k] = from[left++]!;
        } else {
          exchanges += middle - left;
          to[k] = from[right++]!;
        }
      }
    }
    [from, to] = [to, from];
  }
  if (from !== values) for (let i = 0; i < n; i++) values[i] = from[i]!;
  return exchanges;
}
