/** The most probable hyperparameters of a model (Rasmussen and Williams 2006, section 5.4.1, with a prior). */
import { factor, inverse, solveLower, solveUpper } from './cholesky.ts';
import type { Encoding } from './encoding.ts';
import {
  Kernel,
  hyperparameterAt,
  priorOf,
  type Features,
  type Hyperparameters,
  type Prior,
} from './kernel.ts';
import { jitter } from './field.ts';
import { minimise, type Evaluated } from './minimise.ts';
import { Slice, type Sliced } from './slices.ts';
import { standardised } from './standardised.ts';

/** Observations of one quantity. */
export interface Observations {
  readonly networks: readonly Features[];
  readonly values: readonly number[];
  /** Of each value about the truth, beside the noise that is fitted, in the square of its unit; null: none is known. */
  readonly variances?: readonly number[] | null;
}

const box = [-14, 6] as const;

/**
 * The most probable hyperparameters, starting from where the last search for them ended.
 * @param evaluations of the likelihood, each of about n^3 multiplications
 */
export function* fitted(
  start: Hyperparameters,
  { networks, values, variances = null }: Observations,
  encoding: Encoding,
  evaluations: number,
  prior = priorOf(encoding),
): Sliced<Hyperparameters> {
  const { values: target, scale } = standardised(values);
  const known = variances?.map((variance) => variance / scale ** 2) ?? null;
  return yield* minimise(start, box, evaluations, (theta) =>
    likelihood(theta, { networks, target, known }, encoding, prior),
  );
}

/** Observations in units of the standardised target. */
interface Standardised {
  readonly networks: readonly Features[];
  readonly target: Float64Array;
  readonly known: readonly number[] | null;
}

/** Minus the logarithm of likelihood times prior, and its derivatives. */
function* likelihood(
  theta: Hyperparameters,
  { networks, target, known }: Standardised,
  encoding: Encoding,
  prior: Prior,
): Sliced<Evaluated> {
  const n = networks.length;
  const kernel = new Kernel(theta, encoding);
  const slice = new Slice();
  const cost = 8 + encoding.width * 4;
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) matrix[i * n + j] = kernel.between(networks[i]!, networks[j]!);
    matrix[i * n + i]! += kernel.noise + (known?.[i] ?? 0) + jitter;
    if (slice.full((i + 1) * cost)) yield;
  }
  const gradient = new Float64Array(theta.length);
  const lower = yield* factor(matrix, n, n);
  if (lower === null) return { value: Infinity, gradient };
  const alpha = solveUpper(lower, solveLower(lower, target.slice()));
  let value = 0;
  for (let i = 0; i < n; i++) {
    value += 0.5 * target[i]! * alpha[i]! + Math.log(lower.values[i * n + i]!);
  }
  const inverted = yield* inverse(lower);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const weight = inverted[i * n + j]! - alpha[i]! * alpha[j]!;
      const share = i === j ? weight / 2 : weight;
      kernel.addGradient(gradient, networks[i]!, networks[j]!, share, encoding.geneOf);
      if (i === j) gradient[hyperparameterAt.noise]! += share * kernel.noise;
    }
    if (slice.full((i + 1) * cost)) yield;
  }
  for (let k = 0; k < theta.length; k++) {
    const away = (theta[k]! - prior.mean[k]!) / prior.deviation[k]!;
    value += (away * away) / 2;
    gradient[k]! += away / prior.deviation[k]!;
  }
  return { value, gradient };
}
