/** Candidates by a rising key. New ones are merged in: sorting tens of thousands again takes a frame or two. */
import { sameBasis } from './kept-column.ts';

export class KeptOrder {
  #basis: readonly unknown[] = [];
  #length = 0;
  /** Reused when more is merged in. */
  #memory = new Uint32Array(0);
  #order = this.#memory;

  /**
   * Indices below `length` whose key is finite, the lowest first. The answer is the same one until there are more;
   * its memory is used again then.
   * @param basis what the keys follow from; as long as it stays, keys that were there before are as they were
   * @param ids decide between equal keys; their place does where there are none
   */
  of(
    basis: readonly unknown[],
    keys: Float64Array,
    length: number,
    ids: Int32Array | null = null,
  ): Uint32Array {
    if (length < this.#length || !sameBasis(basis, this.#basis)) {
      this.#basis = basis;
      this.#length = 0;
      this.#order = this.#memory.subarray(0, 0);
    }
    if (length > this.#length) {
      const added = orderBy(keys, length, this.#length, ids);
      if (added.length > 0) this.#merge(added, keys, ids);
      this.#length = length;
    }
    return this.#order;
  }

  #merge(added: Uint32Array, keys: Float64Array, ids: Int32Array | null): void {
    let left = this.#order.length;
    const all = left + added.length;
    if (all > this.#memory.length) {
      const larger = new Uint32Array(2 ** Math.ceil(Math.log2(all)));
      larger.set(this.#order);
      this.#memory = larger;
    }
    const order = this.#memory;
    // From the end: what comes after an added one moves up as a block, and nothing is written over.
    for (let k = added.length - 1; k >= 0; k--) {
      const place = placeOf(order, left, keys, ids, added[k]!);
      order.copyWithin(place + k + 1, place, left);
      order[place + k] = added[k]!;
      left = place;
    }
    this.#order = order.subarray(0, all);
  }
}

/** How many of the first `length` of an order come before an index that is not among them. */
function placeOf(
  order: Uint32Array,
  length: number,
  keys: Float64Array,
  ids: Int32Array | null,
  index: number,
): number {
  const key = keys[index]!;
  const id = ids ? ids[index]! : index;
  let from = 0;
  let to = length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const other = order[middle]!;
    const otherKey = keys[other]!;
    if (otherKey < key || (otherKey === key && (ids ? ids[other]! : other) < id)) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** How many of an order have a key no higher than `most`. */
export function countUpTo(order: Uint32Array, keys: Float64Array, most: number): number {
  let from = 0;
  let to = order.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (keys[order[middle]!]! <= most) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Indices that have a cost, cheapest first, equal ones by index. */
export function orderByCost(cost: Float64Array, length: number): Uint32Array {
  return orderBy(cost, length, 0, null);
}

/** Indices from `from` on whose key is finite, the lowest first. */
function orderBy(
  keys: Float64Array,
  length: number,
  from: number,
  ids: Int32Array | null,
): Uint32Array {
  const order = new Uint32Array(length - from);
  let known = 0;
  for (let i = from; i < length; i++) if (Number.isFinite(keys[i])) order[known++] = i;
  const those = order.subarray(0, known);
  if (ids && !rises(those, ids)) those.sort((a, b) => ids[a]! - ids[b]!);
  return sorted(those, keys);
}

function rises(indices: Uint32Array, ids: Int32Array): boolean {
  for (let k = 1; k < indices.length; k++)
    if (ids[indices[k - 1]!]! > ids[indices[k]!]!) return false;
  return true;
}

/**
 * A merge sort, which keeps equal ones as they are. `sort` calls a function for every comparison, which costs
 * several times as much.
 */
function sorted(order: Uint32Array<ArrayBuffer>, keys: Float64Array): Uint32Array<ArrayBuffer> {
  let from = order;
  let to = new Uint32Array(order.length);
  for (let width = 1; width < order.length; width *= 2) {
    for (let start = 0; start < order.length; start += 2 * width) {
      const middle = Math.min(start + width, order.length);
      const end = Math.min(start + 2 * width, order.length);
      let a = start;
      let b = middle;
      for (let at = start; at < end; at++) {
        const first = b === end || (a < middle && keys[from[a]!]! <= keys[from[b]!]!);
        to[at] = first ? from[a++]! : from[b++]!;
      }
    }
    [from, to] = [to, from];
  }
  return from;
}
