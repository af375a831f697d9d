/**
 * The inner sum of ZiCo for one layer, streamed batch by batch:
 * z = sum over weights with std > 0 of mean|g| / std(g), std over the batches, population form.
 * Source: Li et al., ZiCo, ICLR 2023, equation 13; the signed gradients' deviation.
 */

export interface GradientSums {
  /** z of the layer. */
  readonly sum: number;
  /** z with every term capped at the term cap. */
  readonly sumCapped: number;
}

export interface GradientStatistics {
  /** Takes the layer's weight gradient of the next batch. May keep the array: do not change it. */
  add(gradient: Float32Array): void;
  /** @throws RangeError unless exactly the announced number of batches was added. */
  sums(termCap: number): GradientSums;
}

/**
 * @param batches how many gradients will be added, at least 2 (a deviation needs two)
 */
export function gradientStatistics(batches: number): GradientStatistics {
  if (batches < 2) throw new RangeError(`a deviation needs two batches, not ${batches}`);
  return batches === 2 ? new PairStatistics() : new StreamedStatistics(batches);
}

/** Euclidean norm, accumulated in double precision. NaN and infinity in the gradient show in it. */
export function gradientNorm(gradient: Float32Array): number {
  let squares = 0;
  for (let i = 0; i < gradient.length; i++) squares += gradient[i]! * gradient[i]!;
  return Math.sqrt(squares);
}

/** Two batches: mean|g| / std = (|g1| + |g2|) / |g1 - g2|, which needs only the first gradient kept. */
class PairStatistics implements GradientStatistics {
  private first: Float32Array | null = null;
  private second: Float32Array | null = null;

  add(gradient: Float32Array): void {
    if (!this.first) this.first = gradient;
    else if (!this.second) this.second = gradient;
    else throw new RangeError('two batches were announced, a third came');
  }

  sums(termCap: number): GradientSums {
    const { first, second } = this;
    if (!first || !second) throw new RangeError('two batches were announced, fewer came');
    let sum = 0;
    let sumCapped = 0;
    for (let i = 0; i < first.length; i++) {
      const difference = Math.abs(first[i]! - second[i]!);
      if (difference === 0) continue;
      const term = (Math.abs(first[i]!) + Math.abs(second[i]!)) / difference;
      sum += term;
      sumCapped += term < termCap ? term : termCap;
    }
    return { sum, sumCapped };
  }
}

/** Any number of batches in constant memory. Source of the update: Welford 1962. */
class StreamedStatistics implements GradientStatistics {
  private readonly batches: number;
  private count = 0;
  private mean = new Float64Array(0);
  private squares = new Float64Array(0);
  private magnitudes = new Float64Array(0);

  constructor(batches: number) {
    this.batches = batches;
  }

  add(gradient: Float32Array): void {
    if (this.count === this.batches) throw new RangeError('more batches came than were announced');
    if (this.count === 0) {
      this.mean = new Float64Array(gradient.length);
      this.squares = new Float64Array(gradient.length);
      this.magnitudes = new Float64Array(gradient.length);
    }
    const { mean, squares, magnitudes } = this;
    const count = ++this.count;
    for (let i = 0; i < gradient.length; i++) {
      const delta = gradient[i]! - mean[i]!;
      mean[i]! += delta / count;
      squares[i]! += delta * (gradient[i]! - mean[i]!);
      magnitudes[i]! += Math.abs(gradient[i]!);
    }
  }

  sums(termCap: number): GradientSums {
    if (this.count !== this.batches) {
      throw new RangeError(`${this.batches} batches were announced, ${this.count} came`);
    }
    let sum = 0;
    let sumCapped = 0;
    for (let i = 0; i < this.mean.length; i++) {
      const deviation = Math.sqrt(this.squares[i]! / this.count);
      if (deviation === 0) continue;
      const term = this.magnitudes[i]! / this.count / deviation;
      sum += term;
      sumCapped += term < termCap ? term : termCap;
    }
    return { sum, sumCapped };
  }
}
