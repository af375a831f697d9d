/** Candidates by rising cost. New ones are merged in: sorting tens of thousands again takes a frame or two. */

export class CostOrder {
  /** What distinguishes one cost from another: arrays of the same cost are replaced when they grow. */
  #key = '';
  #length = 0;
  /** Used again when more is merged in. */
  #memory = new Uint32Array(0);
  #order = this.#memory;

  /**
   * Indices below `length` that have a cost, cheapest first, equal ones by index. Costs that were there before
   * have to be as they were. The answer is the same one until there are more; its memory is used again then.
   * @param key names the cost
   */
  of(key: string, cost: Float64Array, length: number): Uint32Array {
    if (key !== this.#key || length < this.#length) {
      this.#key = key;
      this.#length = 0;
      this.#order = this.#memory.subarray(0, 0);
    }
    if (length > this.#length) {
      const added = orderByCost(cost, length, this.#length);
      if (added.length > 0) this.#merge(added, cost);
      this.#length = length;
    }
    return this.#order;
  }

  /** All indices of `added` are higher than those before, which therefore come first among equals. */
  #merge(added: Uint32Array, cost: Float64Array): void {
    let left = this.#order.length;
    const all = left + added.length;
    if (all > this.#memory.length) {
      const larger = new Uint32Array(2 ** Math.ceil(Math.log2(all)));
      larger.set(this.#order);
      this.#memory = larger;
    }
    const order = this.#memory;
    // From the end: what costs more than an added one moves up as a block, and nothing is written over.
    for (let k = added.length - 1; k >= 0; k--) {
      const place = firstAbove(order, left, cost, cost[added[k]]);
      order.copyWithin(place + k + 1, place, left);
      order[place + k] = added[k];
      left = place;
    }
    this.#order = order.subarray(0, all);
  }
}

/** How many of the first `length`, which are sorted by cost, cost no more than `most`. */
export function firstAbove(
  order: Uint32Array,
  length: number,
  cost: Float64Array,
  most: number,
): number {
  let from = 0;
  let to = length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (cost[order[middle]] <= most) from = middle + 1;
    else to = middle;
  }
  return from;
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
