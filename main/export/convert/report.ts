/** How far a converted network is from the float one, on images that did not calibrate it. */
import type { ConvertTarget } from '../../common/converting.ts';
import type { DeployedPrecision } from '../../common/precisions.ts';
import type { Graph } from '../../graph/graph.ts';

export interface Closeness {
  /**
   * Signal-to-noise ratio, 10 log10(sum y^2 / sum (y - q)^2), in decibels, -200 at least; null if nothing differs.
   */
  readonly sqnrDb: number | null;
  readonly largestDifference: number;
}

export interface LayerCloseness extends Closeness {
  /** Name of the layer's node in the network. */
  readonly layer: string;
}

export interface ConvertReport {
  readonly model: string;
  readonly out: string;
  readonly target: ConvertTarget;
  readonly precision: DeployedPrecision;
  /** Of the model and of what was written. */
  readonly bytes: { readonly model: number; readonly out: number };
  readonly images: { readonly calibrating: number; readonly checking: number };
  /** Null if nothing could be checked, for the reason in `why`. */
  readonly output: (Closeness & { readonly firstClassAgreement: number }) | null;
  readonly why: string | null;
  readonly layers: readonly LayerCloseness[];
  /** Nodes that stay in float, with their operators. */
  readonly inFloat: readonly { readonly node: string; readonly kind: string }[];
  /** int8: values that were one and the same number on all images that calibrated. */
  readonly unvarying: readonly string[];
  /** What most of the model's weights are stored as, where that is not float32, with which it is computed. */
  readonly storedAs: NonNullable<Graph['storedAs']> | null;
  readonly seconds: number;
}

/** Of a layer that should give nothing but zeros. */
const leastDb = -200;

/** Sums of squares over all images, for the signal-to-noise ratio. */
export class Differences {
  #signal = 0;
  #noise = 0;
  #largest = 0;

  add(expected: Float32Array, given: Float32Array): void {
    expected.forEach((value, i) => {
      const off = value - given[i]!;
      this.#signal += value * value;
      this.#noise += off * off;
      if (!(Math.abs(off) <= this.#largest)) this.#largest = Math.abs(off);
    });
  }

  get closeness(): Closeness {
    const ratio = this.#signal / this.#noise;
    return {
      sqnrDb: this.#noise === 0 ? null : Math.max(leastDb, 10 * Math.log10(ratio)),
      largestDifference: this.#largest,
    };
  }
}

/** In how many places the largest value along the last axis has the same index, and the number of places. */
export function agreement(
  expected: Float32Array,
  given: Float32Array,
  classes: number,
): { readonly same: number; readonly places: number } {
  const places = expected.length / classes;
  let same = 0;
  for (let place = 0; place < places; place++) {
    if (first(expected, place * classes, classes) === first(given, place * classes, classes))
      same++;
  }
  return { same, places };
}

function first(data: Float32Array, start: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (data[start + i]! > data[start + best]!) best = i;
  return best;
}
