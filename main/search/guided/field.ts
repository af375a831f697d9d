/**
 * A Gaussian process (Rasmussen and Williams 2006, chapter 2) that grows row by row. Rows are the networks that
 * were proposed, in order; values come later, or never. For every network of interest a column is kept whose
 * length grows with the rows, so that another row costs one product per column, and nothing is solved again.
 *
 * What is proposed but not scored counts as if it had come out as expected ("kriging believer", Ginsbourger et
 * al. 2010): that leaves every mean unchanged and makes the model more certain there.
 */
import { factor, solveUpper, substitute, substituteBoth, type Factor } from './cholesky.ts';
import type { Encoding } from './encoding.ts';
import { Kernel, type Features, type Hyperparameters } from './kernel.ts';
import { Slice, type Sliced } from './slices.ts';
import { standardised } from './standardised.ts';

/** Keeps a factorisation from failing on networks that are equal to the last bit. */
export const jitter = 1e-8;

/** Rows that a column has room for beyond those it was made for. */
const spare = 32;
const nothing = new Float64Array(0);

/** A network of interest: L^-1 k, and its remaining variance. In units of the standardised target. */
export class FieldColumn {
  readonly features: Features;
  values = nothing;
  filled = 0;
  variance = -1;

  constructor(features: Features) {
    this.features = features;
  }
}

export class Field {
  readonly kernel: Kernel;
  readonly #rows: Features[] = [];
  #values = new Float64Array(64 * 64);
  #stride = 64;
  /** L^-1 of the standardised values; 0 for a row without a value, which then counts as expected. */
  #weights = new Float64Array(0);
  /** L'^-1 of these: what each row adds to a mean. Null until it is needed. */
  #shares: Float64Array | null = null;
  #center = 0;
  #scale = 1;

  constructor(theta: Hyperparameters, encoding: Pick<Encoding, 'geneOf'>) {
    this.kernel = new Kernel(theta, encoding);
  }

  get rows(): number {
    return this.#rows.length;
  }

  /** Standard deviation of one observation about the truth, in units of the values. */
  get noiseDeviation(): number {
    return Math.sqrt(this.kernel.noise) * this.#scale;
  }

  /**
   * Adds rows. A row that rounding makes indefinite is treated as noise alone, which claims less.
   * @param variances of each row's value about the truth beside the noise, in units of the standardised target
   */
  *add(networks: readonly Features[], variances: readonly number[] = []): Sliced<void> {
    const slice = new Slice();
    for (const [i, network] of networks.entries()) {
      const row = this.#rows.length;
      this.#reserve(row + 1);
      const at = row * this.#stride;
      for (let j = 0; j < row; j++) {
        this.#values[at + j] = this.kernel.between(network, this.#rows[j]!);
      }
      const own =
        this.kernel.between(network, network) + this.kernel.noise + (variances[i] ?? 0) + jitter;
      this.#values[at + row] = own;
      const lower = yield* factor(this.#values, this.#stride, row + 1, row);
      if (lower === null) this.#values[at + row] = Math.sqrt(own);
      this.#rows.push(network);
      if (slice.full(row * (8 + 4 * network.length))) yield;
    }
  }

  /** Takes note of the values of the first rows; null where a row has none. */
  observe(values: readonly (number | null)[]): void {
    const known = values.filter((value) => value !== null);
    const { center, scale } = standardised(known);
    [this.#center, this.#scale] = [center, scale];
    const weights = new Float64Array(values.length);
    for (const [i, value] of values.entries()) {
      if (value === null) continue;
      const at = i * this.#stride;
      let rest = (value - center) / scale;
      for (let k = 0; k < i; k++) rest -= this.#values[at + k]! * weights[k]!;
      weights[i] = rest / this.#values[at + i]!;
    }
    this.#weights = weights;
    this.#shares = null;
  }

  /** Extends a column to the present number of rows. @returns about how many multiplications that took */
  extend(column: FieldColumn): number {
    const work = this.#begin(column);
    if (work === 0) return 0;
    const lower = this.#lower();
    substitute(lower, column.values, 0, { first: 0, from: column.filled, to: lower.n });
    this.#end(column);
    return work;
  }

  /**
   * The same for many columns, each once: two that are equally long at a time, which takes less than one after the
   * other and comes to the same bits. Yields about how many multiplications each step took.
   */
  *extendAll(columns: Iterable<FieldColumn>): Generator<number, void> {
    const waiting = new Map<number, FieldColumn>();
    for (const column of columns) {
      const { filled: from } = column;
      if (from === this.#rows.length) {
        this.extend(column); // of a model without rows it takes the variance alone
        continue;
      }
      const other = waiting.get(from);
      if (other === undefined) {
        waiting.set(from, column);
        continue;
      }
      waiting.delete(from);
      const lower = this.#lower();
      const work = this.#begin(other) + this.#begin(column);
      substituteBoth(lower, other.values, column.values, from, lower.n);
      this.#end(other);
      this.#end(column);
      yield work;
    }
    for (const column of waiting.values()) yield this.extend(column);
  }

  #lower(): Factor {
    return { n: this.#rows.length, stride: this.#stride, values: this.#values };
  }

  /** Fills in the kernel for rows that are new to a column. @returns the multiplications to come; 0: it has them all */
  #begin(column: FieldColumn): number {
    const { features } = column;
    const rows = this.#rows.length;
    if (column.variance < 0) column.variance = this.kernel.between(features, features);
    const began = column.filled;
    if (began === rows) return 0;
    if (column.values.length < rows) {
      const longer = new Float64Array(rows + spare);
      longer.set(column.values);
      column.values = longer;
    }
    const { values: v } = column;
    for (let i = began; i < rows; i++) v[i] = this.kernel.between(features, this.#rows[i]!);
    return ((rows - began) * (rows + began)) / 2 + (rows - began) * (30 + 4 * features.length);
  }

  #end(column: FieldColumn): void {
    const rows = this.#rows.length;
    const { values: v } = column;
    for (let i = column.filled; i < rows; i++) column.variance -= v[i]! * v[i]!;
    column.filled = rows;
  }

  /** The expected value for the network of an extended column. */
  mean({ values }: FieldColumn): number {
    const weights = this.#weights;
    let sum = 0;
    for (let k = 0; k < weights.length; k++) sum += values[k]! * weights[k]!;
    return this.#center + this.#scale * sum;
  }

  /**
   * The expected value for a network without a column: the same as `mean` of an extended one, and much faster.
   */
  meanOf(features: Features): number {
    const n = this.#weights.length;
    const lower = { n, stride: this.#stride, values: this.#values };
    this.#shares ??= solveUpper(lower, this.#weights.slice());
    let sum = 0;
    for (let i = 0; i < n; i++) {
      sum += this.#shares[i]! * this.kernel.between(features, this.#rows[i]!);
    }
    return this.#center + this.#scale * sum;
  }

  /** How far the truth may be from the mean: one standard deviation, without the noise of measuring. */
  deviation({ variance }: FieldColumn): number {
    return this.#scale * Math.sqrt(Math.max(variance, 1e-10));
  }

  /** How the true values of two extended columns' networks vary together. */
  covariance(a: FieldColumn, b: FieldColumn): number {
    let rest = this.kernel.between(a.features, b.features);
    for (let k = 0; k < this.#rows.length; k++) rest -= a.values[k]! * b.values[k]!;
    return this.#scale * this.#scale * rest;
  }

  #reserve(rows: number): void {
    if (rows <= this.#stride) return;
    const stride = this.#stride * 2;
    const wider = new Float64Array(stride * stride);
    for (let i = 0; i < this.#rows.length; i++) {
      const at = i * this.#stride;
      wider.set(this.#values.subarray(at, at + i + 1), i * stride);
    }
    [this.#values, this.#stride] = [wider, stride];
  }
}
