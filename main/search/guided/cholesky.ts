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
    for (let j = 0; j < i; j++) {
      const other = j * stride;
      let sum = values[row + j]!;
      for (let k = 0; k < j; k++) sum -= values[row + k]! * values[other + k]!;
      values[row + j] = sum / values[other + j]!;
    }
    let rest = values[row + i]!;
    for (let k = 0; k < i; k++) rest -= values[row + k]! * values[row + k]!;
    if (!(rest > 0)) return null;
    values[row + i] = Math.sqrt(rest);
    if (slice.full((i * i) / 2)) yield;
  }
  return { n, stride, values };
}

/** Solves L x = b in place. */
export function solveLower({ n, stride, values }: Factor, b: Float64Array): Float64Array {
  for (let i = 0; i < n; i++) {
    const row = i * stride;
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= values[row + k]! * b[k]!;
    b[i] = sum / values[row + i]!;
  }
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
    for (let i = c + 1; i < n; i++) {
      const row = i * stride;
      let sum = 0;
      for (let k = c; k < i; k++) sum -= values[row + k]! * columns[column + k]!;
      columns[column + i] = sum / values[row + i]!;
    }
    if (slice.full(((n - c) * (n - c)) / 2)) yield;
  }
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < n; k++) sum += columns[i * n + k]! * columns[j * n + k]!;
      result[i * n + j] = sum;
    }
    if (slice.full((i + 1) * (n - i))) yield;
  }
  return result;
}
