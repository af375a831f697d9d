/**
 * Those that can be on a front at all. A score falls in a straight line as beta rises, so who is cheaper and
 * better at both ends of the range is better everywhere between: what remains is a few hundred of tens of
 * thousands, and fronts for many betas are looked for among these only.
 */

export interface LeaderInput {
  /** By rising cost, from `orderByCost`. */
  readonly order: Uint32Array;
  readonly cost: Float64Array;
  /** At the lowest and at the highest beta; NaN where a candidate has none. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly generation: Int32Array;
  /** Later generations do not count; Infinity for all. */
  readonly upTo: number;
}

/** A subset of `order`, in its order, that has the same front as all of it for every beta of the range. */
export function leadersOf({ order, cost, low, high, generation, upTo }: LeaderInput): Uint32Array {
  const leaders: number[] = [];
  /** Of all cheaper ones those that none of them beats at both ends: `low` falls, `high` rises. */
  const cheaper = new Staircase();
  for (let start = 0; start < order.length;) {
    const price = cost[order[start]];
    let end = start;
    for (; end < order.length && cost[order[end]] === price; end++) {
      const i = order[end];
      if (generation[i] > upTo || Number.isNaN(low[i])) continue;
      if (!cheaper.reaches(low[i], high[i])) leaders.push(i);
    }
    // Those that cost the same do not rule each other out: with equal scores all of them are on the front.
    for (let k = start; k < end; k++) {
      const i = order[k];
      if (generation[i] <= upTo && !Number.isNaN(low[i])) cheaper.add(low[i], high[i]);
    }
    start = end;
  }
  return Uint32Array.from(leaders);
}

/** Pairs that none of the others reaches in both. */
class Staircase {
  readonly #low: number[] = [];
  readonly #high: number[] = [];

  /** Whether some pair is at least as high in both. */
  reaches(low: number, high: number): boolean {
    // The last one that is high enough at the first end is the highest of these at the second.
    const at = this.#below(low) - 1;
    return at >= 0 && this.#high[at] >= high;
  }

  add(low: number, high: number): void {
    if (this.reaches(low, high)) return;
    let at = this.#below(low);
    // One with the same low and a lower high stands just before it.
    while (at > 0 && this.#low[at - 1] === low) at--;
    let end = at;
    while (end < this.#low.length && this.#high[end] <= high) end++;
    this.#low.splice(at, end - at, low);
    this.#high.splice(at, end - at, high);
  }

  /** Where the first pair stands whose low is below. */
  #below(low: number): number {
    let from = 0;
    let to = this.#low.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#low[middle] >= low) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
