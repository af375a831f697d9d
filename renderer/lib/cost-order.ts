/** Candidates by rising cost. New ones are merged in: sorting tens of thousands again takes a frame or two. */

export class CostOrder {
  #cost: Float64Array | null = null;
  /** What distinguishes one cost from another: arrays of the same cost are replaced when they grow. */
  #key = '';
  #length = 0;
  #order = new Uint32Array(0);

  /**
   * Indices below `length` that have a cost, cheapest first, equal ones by index. Costs that were there before
   * have to be as they were.
   * @param key names the cost
   */
  of(key: string, cost: Float64Array, length: number): Uint32Array {
    if (key !== this.#key || length < this.#length) {
      this.#key = key;
      this.#length = 0;
      this.#order = new Uint32Array(0);
    }
    if (length > this.#length || cost !== this.#cost) {
      const added = orderByCost(cost, length, this.#length);
      if (added.length > 0) this.#order = merged(this.#order, added, cost);
      this.#cost = cost;
      this.#length = length;
    }
    return this.#order;
  }
}

/** Indices from `from` on that have a cost, cheapest first. */
export function orderByCost(cost: Float64Array, length: number, from = 0): Uint32Array {
  const order = new Uint32Array(length - from);
  let known = 0;
  for (let i = from; i < length; i++) if (Number.isFinite(cost[i])) order[known++] = i;
  return order.subarray(0, known).sort((a, b) => cost[a] - cost[b] || a - b);
}

/** All indices of `added` are higher than those of `before`, which therefore come first among equals. */
function merged(before: Uint32Array, added: Uint32Array, cost: Float64Array) {
  const all = new Uint32Array(before.length + added.length);
  let a = 0;
  let b = 0;
  for (let at = 0; at < all.length; at++) {
    const first = b === added.length || (a < before.length && cost[before[a]] <= cost[added[b]]);
    all[at] = first ? before[a++] : added[b++];
  }
  return all;
}
