/**
 * How similar two networks are to a model of a score: a linear and a quadratic polynomial in the genes, the
 * same in the networks' sizes, and a Matern 5/2 process with a length for every gene, which takes up what the
 * polynomials leave over.
 */
import type { Encoding } from './encoding.ts';

/** A network as the models see it: its features from `Encoding`. */
export type Features = Float64Array;

/**
 * Logarithms: variances of the linear, quadratic and process parts, of the noise, of the linear and the
 * quadratic part in the sizes, then one length per gene.
 */
export type Hyperparameters = Float64Array;

export const hyperparameterAt = {
  ...{ linear: 0, quadratic: 1, process: 2, noise: 3 },
  ...{ linearSizes: 4, quadraticSizes: 5, lengths: 6 },
} as const;

const root5 = Math.sqrt(5);

/** The prior of the hyperparameters: normal, in their logarithms. */
export interface Prior {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/**
 * Means in units of a standardised target, found on the NATS table and scaled to the number of genes.
 * @param smooth leaves the polynomials alone: the process is next to nothing
 */
export function priorOf({ genes }: Pick<Encoding, 'genes'>, smooth = false): Prior {
  const more = Math.log(Math.max(genes, 1) / 5);
  const mean = [
    ...[-more, Math.log(0.04) - 2 * more, Math.log(smooth ? 1e-6 : 0.05), Math.log(0.003)],
    ...[0, Math.log(0.04)],
  ];
  const deviation = [1, 1, smooth ? 0.1 : 1.5, 1.5, 1.5, 1.5];
  return {
    mean: Float64Array.of(...mean, ...new Array<number>(genes).fill(Math.log(0.7) + more / 2)),
    deviation: Float64Array.of(...deviation, ...new Array<number>(genes).fill(0.7)),
  };
}

/** The kernel with given hyperparameters, without the noise. */
export class Kernel {
  readonly theta: Hyperparameters;
  readonly #linear: number;
  readonly #quadratic: number;
  readonly #process: number;
  readonly #linearSizes: number;
  readonly #quadraticSizes: number;
  /** How many features come before those of the sizes. */
  readonly #genes: number;
  /** 1 / length of each feature. */
  readonly #rates: Float64Array;

  constructor(theta: Hyperparameters, encoding: Pick<Encoding, 'geneOf'>) {
    this.theta = theta;
    this.#linear = Math.exp(theta[hyperparameterAt.linear]!);
    this.#quadratic = Math.exp(theta[hyperparameterAt.quadratic]!) / 2;
    this.#process = Math.exp(theta[hyperparameterAt.process]!);
    this.#linearSizes = Math.exp(theta[hyperparameterAt.linearSizes]!);
    this.#quadraticSizes = Math.exp(theta[hyperparameterAt.quadraticSizes]!);
    this.#genes = encoding.geneOf.length;
    // Features range from -1 to 1, while lengths are meant for 0 to 1.
    this.#rates = Float64Array.from(
      encoding.geneOf,
      (gene) => 0.5 / Math.exp(theta[hyperparameterAt.lengths + gene]!),
    );
  }

  get noise(): number {
    return Math.exp(this.theta[hyperparameterAt.noise]!);
  }

  between(a: Features, b: Features): number {
    const rates = this.#rates;
    let product = 0;
    let squares = 0;
    let distance = 0;
    for (let k = 0; k < this.#genes; k++) {
      const xy = a[k]! * b[k]!;
      product += xy;
      squares += xy * xy;
      const d = (a[k]! - b[k]!) * rates[k]!;
      distance += d * d;
    }
    const sizes = this.#ofSizes(a, b);
    return (
      1 +
      this.#linear * product +
      this.#quadratic * (product * product + squares) +
      this.#linearSizes * sizes +
      this.#quadraticSizes * sizes * sizes +
      this.#process * matern(Math.sqrt(distance))
    );
  }

  /** Adds `weight` times the derivative by each hyperparameter but the noise to `gradient`. */
  addGradient(
    gradient: Float64Array,
    a: Features,
    b: Features,
    weight: number,
    geneOf: readonly number[],
  ): void {
    const rates = this.#rates;
    let product = 0;
    let squares = 0;
    let distance = 0;
    for (let k = 0; k < this.#genes; k++) {
      const xy = a[k]! * b[k]!;
      product += xy;
      squares += xy * xy;
      const d = (a[k]! - b[k]!) * rates[k]!;
      distance += d * d;
    }
    const sizes = this.#ofSizes(a, b);
    gradient[hyperparameterAt.linearSizes]! += weight * this.#linearSizes * sizes;
    gradient[hyperparameterAt.quadraticSizes]! += weight * this.#quadraticSizes * sizes * sizes;
    const r = Math.sqrt(distance);
    const falling = Math.exp(-root5 * r);
    gradient[hyperparameterAt.linear]! += weight * this.#linear * product;
    gradient[hyperparameterAt.quadratic]! +=
      weight * this.#quadratic * (product * product + squares);
    gradient[hyperparameterAt.process]! +=
      weight * this.#process * (1 + root5 * r + (5 / 3) * distance) * falling;
    const slope = weight * this.#process * (5 / 3) * (1 + root5 * r) * falling;
    if (Math.abs(slope) < 1e-14) return;
    for (let k = 0; k < this.#genes; k++) {
      const d = (a[k]! - b[k]!) * rates[k]!;
      gradient[hyperparameterAt.lengths + geneOf[k]!]! += slope * d * d;
    }
  }

  #ofSizes(a: Features, b: Features): number {
    let product = 0;
    for (let k = this.#genes; k < a.length; k++) product += a[k]! * b[k]!;
    return product;
  }
}

/** The Matern kernel with smoothness 5/2; the distance is in lengths. */
function matern(r: number): number {
  return (1 + root5 * r + (5 / 3) * r * r) * Math.exp(-root5 * r);
}
