/** Symmetric positive definite matrices, row by row in one array: only the lower triangle is read. */
import { Slice, type Sliced } from './slices.ts';

/** A lower triangular factor L with A = L L'; row i holds L[i][0..i] from i * stride on. */
export interface Factor {
  readonly n: number;
  readonly stride: number;
  readonly values: Float64Array;
}

/**
 * Factors a matrix of n rows in place, from row `from` on: earlier rows already hold their factor, so that a
 * matrix that grew by a few rows is not factored all over again.
 * @returns null where the matrix is not positive definite
 */
export function* factor(
  values: Float64Array,
  stride: number,
  n: number,
  from = 0,
): Sliced<Factor | null> {
  const slice = new Slice();
  for (let i = from; i < n; i++) {
    const row = i * stride;
    substitute({ n, stride, values }, values, row, { first: 0, from: 0, to: i });
    let rest = values[row + i]!;
    for (let k = 0; k < i; k++) rest -= values[row + k]! * values[row + k]!;
    if (!(rest > 0)) return null;
    values[row + i] = Math.sqrt(rest);
    if (slice.full((i * i) / 2)) yield;
  }
  return { n, stride, values };
}

interface Rows {
  /** Unknowns before this one are 0. */
  readonly first: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Solves rows `from` to `to` - 1 of L x = b in place, where x is known up to row `from`. Four rows are summed side
 * by side, since a sum waits for each of its products; every one is still added up in the order of its columns,
 * so the bits are those of one row after the other.
 * @param offset of the first row in `b`
 */
export function substitute(
  { stride, values }: Factor,
  b: Float64Array,
  offset: number,
  { first, from, to }: Rows,
): void {
  let i = from;
  for (; i + 4 <= to; i += 4) {
    const [row0, row1] = [i * stride, (i + 1) * stride];
    const [row2, row3] = [(i + 2) * stride, (i + 3) * stride];
    let sum0 = b[offset + i]!;
    let sum1 = b[offset + i + 1]!;
    let sum2 = b[offset + i + 2]!;
    let sum3 = b[offset + i + 3]!;
    for (let k = first; k < i; k++) {
      const x = b[offset + k]!;
      sum0 -= values[row0 + k]! * x;
      sum1 -= values[row1 + k]! * x;
      sum2 -= values[row2 + k]! * x;
      sum3 -= values[row3 + k]! * x;
    }
    const x0 = sum0 / values[row0 + i]!;
    const x1 = (sum1 - values[row1 + i]! * x0) / values[row1 + i + 1]!;
    sum2 -= values[row2 + i]! * x0;
    const x2 = (sum2 - values[row2 + i + 1]! * x1) / values[row2 + i + 2]!;
    sum3 -= values[row3 + i]! * x0;
    sum3 -= values[row3 + i + 1]! * x1;
    const x3 = (sum3 - values[row3 + i + 2]! * x2) / values[row3 + i + 3]!;
    b[offset + i] = x0;
    b[offset + i + 1] = x1;
    b[offset + i + 2] = x2;
    b[offset + i + 3] = x3;
  }
  for (; i < to; i++) {
    const row = i * stride;
    let sum = b[offset + i]!;
    for (let k = first; k < i; k++) sum -= values[row + k]! * b[offset + k]!;
    b[offset + i] = sum / values[row + i]!;
  }
}

/**
 * `substitute` for two right-hand sides that begin at 0: each row of the factor is read once for both. Every sum has
 * its products in the same order, so the bits are those of one after the other.
 */
export function substituteBoth(
  lower: Factor,
  b: Float64Array,
  c: Float64Array,
  from: number,
  to: number,
): void {
  const { stride, values } = lower;
  let i = from;
  for (; i + 4 <= to; i += 4) {
    const [row0, row1] = [i * stride, (i + 1) * stride];
    const [row2, row3] = [(i + 2) * stride, (i + 3) * stride];
    let b0 = b[i]!;
    let b1 = b[i + 1]!;
    let b2 = b[i + 2]!;
    let b3 = b[i + 3]!;
    let c0 = c[i]!;
    let c1 = c[i + 1]!;
    let c2 = c[i + 2]!;
    let c3 = c[i + 3]!;
    for (let k = 0; k < i; k++) {
      const [x, y] = [b[k]!, c[k]!];
      const l0 = values[row0 + k]!;
      b0 -= l0 * x;
      c0 -= l0 * y;
      const l1 = values[row1 + k]!;
      b1 -= l1 * x;
      c1 -= l1 * y;
      const l2 = values[row2 + k]!;
      b2 -= l2 * x;
      c2 -= l2 * y;
      const l3 = values[row3 + k]!;
      b3 -= l3 * x;
      c3 -= l3 * y;
    }
    finish(b, i, b0, b1, b2, b3, lower);
    finish(c, i, c0, c1, c2, c3, lower);
  }
  if (i === to) return;
  substitute(lower, b, 0, { first: 0, from: i, to });
  substitute(lower, c, 0, { first: 0, from: i, to });
}

/** The four unknowns from i on, of which the earlier ones have been taken off. */
function finish(
  b: Float64Array,
  i: number,
  sum0: number,
  sum1: number,
  sum2: number,
  sum3: number,
  { stride, values }: Factor,
): void {
  const [row0, row1] = [i * stride, (i + 1) * stride];
  const [row2, row3] = [(i + 2) * stride, (i + 3) * stride];
  const x0 = sum0 / values[row0 + i]!;
  const x1 = (sum1 - values[row1 + i]! * x0) / values[row1 + i + 1]!;
  sum2 -= values[row2 + i]! * x0;
  const x2 = (sum2 - values[row2 + i + 1]! * x1) / values[row2 + i + 2]!;
  sum3 -= values[row3 + i]! * x0;
  sum3 -= values[row3 + i + 1]! * x1;
  const x3 = (sum3 - values[row3 + i + 2]! * x2) / values[row3 + i + 3]!;
  b[i] = x0;
  b[i + 1] = x1;
  b[i + 2] = x2;
  b[i + 3] = x3;
}

/** Solves L x = b in place. */
export function solveLower(lower: Factor, b: Float64Array): Float64Array {
  substitute(lower, b, 0, { first: 0, from: 0, to: lower.n });
  return b;
}

/** Solves L' x = b in place. */
export function solveUpper({ n, stride, values }: Factor, b: Float64Array): Float64Array {
  for (let i = n - 1; i >= 0; i--) {
    const row = i * stride;
    const x = b[i]! / values[row + i]!;
    b[i] = x;
    for (let k = 0; k < i; k++) b[k]! -= values[row + k]! * x;
  }
  return b;
}

/** The lower triangle of A^-1, with row stride n. */
export function* inverse({ n, stride, values }: Factor): Sliced<Float64Array> {
  const slice = new Slice();
  // Columns of L^-1, as rows of its transpose: row c holds L^-1[c..n-1][c].
  const columns = new Float64Array(n * n);
  for (let c = 0; c < n; c++) {
    const column = c * n;
    columns[column + c] = 1 / values[c * stride + c]!;
    substitute({ n, stride, values }, columns, column, { first: c, from: c + 1, to: n });
    if (slice.full(((n - c) * (n - c)) / 2)) yield;
  }
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = i * n;
    let j = 0;
    for (; j + 4 <= i + 1; j += 4) {
      const at = j * n;
      let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
      for (let k = i; k < n; k++) {
        const x = columns[row + k]!;
        sum0 += x * columns[at + k]!;
        sum1 += x * columns[at + n + k]!;
        sum2 += x * columns[at + 2 * n + k]!;
        sum3 += x * columns[at + 3 * n + k]!;
      }
      result[row + j] = sum0;
      result[row + j + 1] = sum1;
      result[row + j + 2] = sum2;
      result[row + j + 3] = sum3;
    }
    for (; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < n; k++) sum += columns[row + k]! * columns[j * n + k]!;
      result[row + j] = sum;
    }
    if (slice.full((i + 1) * (n - i))) yield;
  }
  return result;
}
