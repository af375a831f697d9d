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
  return sorted(order.subarray(0, known), cost);
}

/**
 * A merge sort, which keeps equal ones as they are. `sort` calls a function for every comparison, which costs
 * several times as much.
 */
function sorted(order: Uint32Array<ArrayBuffer>, cost: Float64Array): Uint32Array<ArrayBuffer> {
  let from = order;
  let to = new Uint32Array(order.length);
  for (let width = 1; width < order.length; width *= 2) {
    for (let start = 0; start < order.length; start += 2 * width) {
      const middle = Math.min(start + width, order.length);
      const end = Math.min(start + 2 * width, order.length);
      let a = start;
      let b = middle;
      for (let at = start; at < end; at++) {
        const first = b === end || (a < middle && cost[from[a]] <= cost[from[b]]);
        to[at] = first ? from[a++] : from[b++];
      }
    }
    [from, to] = [to, from];
  }
  return from;
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
