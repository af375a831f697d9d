/** The front of a score, maximised, against a cost, minimised: a sweep by rising cost. */

export interface FrontInput {
  /** Indices by rising cost; candidates not in it do not count. */
  readonly order: Uint32Array;
  readonly cost: Float64Array;
  readonly score: Float64Array;
  /** With `upTo`, candidates of later generations do not count. */
  readonly generation?: Int32Array;
  readonly upTo?: number;
}

/**
 * Indices of the candidates that no other dominates, cheapest first, in O(n) of the order's length. Candidates
 * that tie in cost and score are all kept, in their given order. NaN scores are left out.
 */
export function paretoFront({
  order,
  cost,
  score,
  generation,
  upTo = Infinity,
}: FrontInput): Uint32Array {
  const counts = (i: number): boolean => generation === undefined || generation[i]! <= upTo;
  const front: number[] = [];
  let best = -Infinity;
  for (let start = 0; start < order.length;) {
    const price = cost[order[start]!];
    // Among equal costs only the best can be on the front, and only if it beats all cheaper ones.
    let top = -Infinity;
    let end = start;
    for (; end < order.length && cost[order[end]!] === price; end++) {
      const i = order[end]!;
      if (counts(i) && score[i]! > top) top = score[i]!;
    }
    if (top > best) {
      best = top;
      for (let k = start; k < end; k++) {
        const i = order[k]!;
        if (counts(i) && score[i] === top) front.push(i);
      }
    }
    start = end;
  }
  return Uint32Array.from(front);
}
