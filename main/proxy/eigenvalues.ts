/**
 * Eigenvalues of a symmetric matrix, without vectors: Householder's reduction to tridiagonal form, then implicit QL
 * (Golub & Van Loan, Matrix Computations, 8.3). In double precision on one array, because a score asks for them a
 * hundred times: libraries compute the vectors as well, about 9 n^3 operations in place of 4/3 n^3.
 */

/**
 * @param matrix n x n, row-major, symmetric; only the lower triangle is read, and all of it is overwritten
 * @returns the eigenvalues in no order; NaN where the matrix holds a number that is not finite
 */
export function symmetricEigenvalues(matrix: Float64Array, n: number): Float64Array {
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  tridiagonalise(matrix, n, diagonal, beside);
  if (diagonal.some((value) => !Number.isFinite(value))) return diagonal.fill(NaN);
  iterate(diagonal, beside, n);
  return diagonal;
}

/** `beside[i]` is what stands beside `diagonal[i]` and `diagonal[i - 1]`. */
function tridiagonalise(
  a: Float64Array,
  n: number,
  diagonal: Float64Array,
  beside: Float64Array,
): void {
  const p = new Float64Array(n);
  for (let i = n - 1; i > 0; i--) {
    const row = i * n;
    let largest = 0;
    for (let k = 0; k < i; k++) largest = Math.max(largest, Math.abs(a[row + k]!));
    if (i === 1 || largest === 0) {
      beside[i] = a[row + i - 1]!;
      diagonal[i] = a[row + i]!;
      continue;
    }
    let h = 0;
    for (let k = 0; k < i; k++) {
      const scaled = a[row + k]! / largest;
      a[row + k] = scaled;
      h += scaled * scaled;
    }
    const f = a[row + i - 1]!;
    const g = f >= 0 ? -Math.sqrt(h) : Math.sqrt(h);
    beside[i] = largest * g;
    h -= f * g;
    a[row + i - 1] = f - g;
    multiplied(a, n, i, row, p);
    let k = 0;
    for (let j = 0; j < i; j++) k += p[j]! * a[row + j]!;
    const half = k / (2 * h * h);
    for (let j = 0; j < i; j++) p[j] = p[j]! / h - half * a[row + j]!;
    for (let j = 0; j < i; j++) {
      const [u, q] = [a[row + j]!, p[j]!];
      const start = j * n;
      for (let m = 0; m <= j; m++) a[start + m]! -= u * p[m]! + q * a[row + m]!;
    }
    diagonal[i] = a[row + i]!;
  }
  diagonal[0] = a[0]!;
}

/** p = A u for the leading i x i part of A, of which the lower triangle is there; u is row i. */
function multiplied(a: Float64Array, n: number, i: number, row: number, p: Float64Array): void {
  p.fill(0, 0, i);
  for (let j = 0; j < i; j++) {
    const start = j * n;
    const u = a[row + j]!;
    let sum = 0;
    for (let m = 0; m < j; m++) {
      const value = a[start + m]!;
      sum += value * a[row + m]!;
      p[m]! += value * u;
    }
    p[j]! += sum + a[start + j]! * u;
  }
}

/** Sweeps over one eigenvalue, at most; thirty are known to be enough for any matrix. */
const mostSweeps = 60;

function iterate(d: Float64Array, e: Float64Array, n: number): void {
  for (let i = 1; i < n; i++) e[i - 1] = e[i]!;
  e[n - 1] = 0;
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; sweep < mostSweeps; sweep++) {
      let m = l;
      for (; m < n - 1; m++) {
        const scale = Math.abs(d[m]!) + Math.abs(d[m + 1]!);
        if (Math.abs(e[m]!) <= Number.EPSILON * scale) break;
      }
      if (m === l) break;
      swept(d, e, l, m);
    }
  }
}

/** One implicit QL sweep with Wilkinson's shift over rows l to m. */
function swept(d: Float64Array, e: Float64Array, l: number, m: number): void {
  let g = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  let r = Math.hypot(g, 1);
  g = d[m]! - d[l]! + e[l]! / (g + (g >= 0 ? r : -r));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i]!;
    const b = c * e[i]!;
    r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1]! -= p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1]! - p;
    r = (d[i]! - g) * s + 2 * c * b;
    p = s * r;
    d[i + 1] = g + p;
    g = c * r - b;
  }
  d[l]! -= p;
  e[l] = g;
  e[m] = 0;
}
