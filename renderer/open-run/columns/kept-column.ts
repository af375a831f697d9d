/**
 * Keeps what is computed from the columns of a run row by row: rows are only ever added, so the cost of an
 * arrival depends only on what is new. Memory is reused: a new array as long as the run for every arrival would
 * be a megabyte of garbage several times a second.
 */

/** Rows from `from` up to, but not including, `to`. */
type Fill = (values: Float64Array, from: number, to: number) => void;

/** A column computed from others. */
export class KeptColumn {
  #values = new Float64Array(0);
  #length = 0;
  #basis: readonly unknown[] = [];

  /**
   * The values of the first `length` rows. The answer is a view of memory that the next call writes to: whoever
   * held the one before sees the newer values.
   * @param basis what the values of a row follow from beside the row; where any of it changed, all are computed
   *   anew. Not the columns themselves: they are other arrays when they have grown
   */
  of(basis: readonly unknown[], length: number, fill: Fill): Float64Array {
    if (length < this.#length || !sameBasis(basis, this.#basis)) this.#length = 0;
    this.#basis = basis;
    if (length > this.#values.length) {
      const larger = new Float64Array(Math.max(256, 2 ** Math.ceil(Math.log2(length))));
      larger.set(this.#values.subarray(0, this.#length));
      this.#values = larger;
    }
    if (length > this.#length) fill(this.#values, this.#length, length);
    this.#length = length;
    return this.#values.subarray(0, length);
  }
}

/** Lowest and highest value of the rows that count. */
export class KeptExtent {
  #low = Infinity;
  #high = -Infinity;
  #length = 0;
  #basis: readonly unknown[] = [];

  /**
   * Of the first `length` rows; null where none counts.
   * @param basis as for a column
   * @param beside a row counts where it has a value here, too, one that is no higher than `most`
   */
  of(
    basis: readonly unknown[],
    length: number,
    values: ArrayLike<number>,
    beside: ArrayLike<number>,
    most = Infinity,
  ): { readonly low: number; readonly high: number } | null {
    if (length < this.#length || !sameBasis(basis, this.#basis)) {
      this.#length = 0;
      this.#low = Infinity;
      this.#high = -Infinity;
    }
    this.#basis = basis;
    let low = this.#low;
    let high = this.#high;
    for (let i = this.#length; i < length; i++) {
      const value = values[i]!;
      if (!(beside[i]! <= most)) continue; // also what is not a number
      if (value < low) low = value;
      if (value > high) high = value;
    }
    this.#low = low;
    this.#high = high;
    this.#length = length;
    return low <= high ? { low, high } : null;
  }
}

/** Whether the values still depend on the same things. */
export function sameBasis(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, i) => Object.is(one, b[i]));
}

/**
 * The previous array where the new one has the same content, so that nothing that depends on it has to be
 * computed again.
 */
export function kept<T extends ArrayLike<unknown>>(before: T | null, now: T): T {
  if (before?.length !== now.length) return now;
  for (let i = 0; i < now.length; i++) if (!Object.is(before[i], now[i])) return now;
  return before;
}
