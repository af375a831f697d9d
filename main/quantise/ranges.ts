/** The range in which the numbers of a value lie, from images that a network was run on. */
import { WorkbenchError } from '../errors.ts';
import type { RangeMethod } from '../common/quantising.ts';
import type { OnnxBuilder } from '../graph/onnx/builder.ts';
import type { Shape } from '../graph/shape.ts';

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Values that were the same number everywhere on all images: whatever others have of them is cut off. */
export function unvarying(ranges: ReadonlyMap<string, Range>): readonly string[] {
  return [...ranges].flatMap(([value, { min, max }]) => (min === max ? [value] : []));
}

/** Of the histogram of a value's numbers. */
const bins = 2048;
const levels = 256;
/** Which shares of the widest range are tried to find the one with the least error. */
const shares = Array.from({ length: 36 }, (_, i) => 1 - i * 0.02);

/**
 * Collects what is known of a value's numbers in two passes: first extremes and means, which the runtime that runs the
 * network finds as well, then a histogram.
 */
export class Observed {
  readonly name: string;
  /** What the graph gives for each image. */
  readonly outputs: readonly [min: string, max: string, means: string];
  /** Along which a mean is taken; all where the value has no axis of channels. */
  readonly #axes: readonly number[];
  /** Of the means of an image. */
  readonly #meansShape: Shape;
  #min = Infinity;
  #max = -Infinity;
  #counts: Float64Array | null = null;
  /** The sum of each channel's means. */
  #sums: Float64Array | null = null;
  #images = 0;

  /** @param shape of one image: means are wanted along the second axis of N, C, H, W or N, C */
  constructor(name: string, shape: Shape) {
    this.name = name;
    this.outputs = [`${name}:min`, `${name}:max`, `${name}:means`];
    const hasChannels = shape.length === 4 || shape.length === 2;
    this.#axes = hasChannels ? shape.flatMap((_, axis) => (axis === 1 ? [] : [axis])) : [];
    this.#meansShape = hasChannels ? [shape[1]!] : [];
  }

  addTo(builder: OnnxBuilder): void {
    const [min, max, means] = this.outputs;
    builder.reduce('ReduceMin', this.name, [], false, min);
    builder.reduce('ReduceMax', this.name, [], false, max);
    builder.reduce('ReduceMean', this.name, this.#axes, false, means);
    for (const name of [min, max]) builder.output(name, [], 'float32');
    builder.output(means, this.#meansShape, 'float32');
  }

  /** Adds what the graph gave for an image. */
  look(numbers: (output: string) => Float32Array): void {
    const [min, max, means] = this.outputs.map(numbers) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    this.#min = Math.min(this.#min, min[0]!);
    this.#max = Math.max(this.#max, max[0]!);
    // Extremes need not show that a number is none.
    if (means.some(Number.isNaN)) this.#max = NaN;
    this.#images++;
    if (this.#axes.length === 0) return;
    const sums = (this.#sums ??= new Float64Array(means.length));
    for (const [channel, mean] of means.entries()) sums[channel]! += mean;
  }

  /** The second pass, after `look` has seen every image. */
  count(data: Float32Array): void {
    const counts = (this.#counts ??= new Float64Array(bins));
    const width = (this.#max - this.#min) / bins || 1;
    for (const value of data) {
      counts[Math.min(bins - 1, Math.floor((value - this.#min) / width))]!++;
    }
  }

  /** The mean of each channel; null if none were wanted. */
  get means(): Float64Array | null {
    return this.#sums?.map((sum) => sum / this.#images) ?? null;
  }

  get extremes(): Range {
    return { min: this.#min, max: this.#max };
  }

  /** @throws WorkbenchError `calibration-not-finite` */
  range(method: RangeMethod, percentile: number): Range {
    const whole = this.extremes;
    if (!Number.isFinite(whole.min) || !Number.isFinite(whole.max)) {
      throw new WorkbenchError(
        'calibration-not-finite',
        `The value "${this.name}" is not finite on the calibration images, so it has no range.`,
        'Check the network in float first, or use other images.',
      );
    }
    if (method === 'min-max' || !this.#counts || whole.min === whole.max) return whole;
    return method === 'percentile'
      ? this.#withinPercentile(this.#counts, percentile)
      : this.#withLeastError(this.#counts);
  }

  #withinPercentile(counts: Float64Array, percentile: number): Range {
    const total = counts.reduce((sum, n) => sum + n, 0);
    const outside = (total * (1 - percentile / 100)) / 2;
    const width = (this.#max - this.#min) / bins;
    const skipped = (order: Iterable<number>) => {
      let [sum, places] = [0, 0];
      for (const n of order) {
        sum += n;
        if (sum > outside) break;
        places++;
      }
      return places;
    };
    return {
      min: this.#min + width * skipped(counts),
      max: this.#max - width * skipped(counts.toReversed()),
    };
  }

  /**
   * The part of the range in which rounding and clipping together change the numbers least, in squares:
   * both ends are drawn in by the same share, and neither beyond zero.
   */
  #withLeastError(counts: Float64Array): Range {
    let best: Range = this.extremes;
    let least = Infinity;
    for (const share of shares) {
      const range = { min: Math.min(0, this.#min) * share, max: Math.max(0, this.#max) * share };
      const error = this.#errorIn(counts, range);
      if (error < least) [best, least] = [range, error];
    }
    return best;
  }

  #errorIn(counts: Float64Array, { min, max }: Range): number {
    const width = (this.#max - this.#min) / bins;
    // Numbers inside are off by at most half a step, evenly.
    const rounding = ((max - min) / (levels - 1)) ** 2 / 12;
    let error = 0;
    for (let i = 0; i < bins; i++) {
      if (counts[i] === 0) continue;
      const value = this.#min + width * (i + 0.5);
      const beyond = value > max ? value - max : value < min ? min - value : 0;
      error += counts[i]! * (beyond === 0 ? rounding : beyond ** 2);
    }
    return error;
  }
}
