/**
 * Scales and zero points as TensorFlow Lite's quantisation specification has them: activations per tensor with
 * a zero point, weights per channel and symmetric. Source: ai.google.dev/edge/litert, quantization spec.
 */
import type { Range } from './ranges.ts';

/** The integer q means scale * (q - zeroPoint). */
export interface Scale {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** The scale of outputs that lie between 0 and 1 whatever the operator reads. */
export const sigmoidScale: Scale = { scale: 1 / 256, zeroPoint: -128 };

/** With fewer steps than these, rounding leaves little of a value: 18 dB at best. */
const fewSteps = 8;

/**
 * Whether a scale that an operator prescribes is too coarse for what it gives: of a Softmax over thousands of places all
 * of it would be rounded to zero.
 * @param range undefined where it is not known
 */
export const fillsFewSteps = (range: Range | undefined, { scale }: Scale): boolean =>
  range !== undefined && Math.max(-range.min, range.max) < fewSteps * scale;

/** The scale of a channel whose weights are all zero. */
export const smallestWeightScale = 2 ** -60;

/** The scale of a value that is always zero: any is exact, and biases behind it, which take its steps, stay fine. */
const scaleOfNothing = 2 ** -20;
/** The largest bias: products are added to it, which must not overflow. */
const largest = 2 ** 30;
/** The smallest scale of a value: float32 cannot hold the products of smaller ones with those of weights. */
const smallestScale = 2 ** -60;

/**
 * The scale of int8 for numbers in a range; zero is exact, because padding is zero.
 * @param least the smallest scale
 */
export function scaleOf({ min, max }: Range, least = smallestScale): Scale {
  const [low, high] = [Math.min(0, min), Math.max(0, max)];
  if (low === high) return { scale: Math.max(scaleOfNothing, Math.fround(least)), zeroPoint: 0 };
  const scale = Math.fround(Math.max((high - low) / 255, least));
  const zeroPoint = Math.round(-128 - low / scale);
  return { scale, zeroPoint: Math.min(127, Math.max(-128, zeroPoint)) };
}

/** The same scale, or a larger one for the same numbers if it is below the least. */
export function atLeast(own: Scale, least: number): Scale {
  const { scale, zeroPoint } = own;
  if (scale >= least) return own;
  return scaleOf({ min: scale * (-128 - zeroPoint), max: scale * (127 - zeroPoint) }, least);
}

/** The scale of a constant tensor; a single number is exact. */
export function scaleOfConstant(data: Float32Array): Scale {
  let [min, max] = [Infinity, -Infinity];
  for (const value of data) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min === max) {
    const scale = Math.fround(Math.abs(min) / 127) || scaleOfNothing;
    return { scale: Math.max(scale, smallestScale), zeroPoint: 0 };
  }
  return scaleOf({ min, max });
}

export function quantised(data: Float32Array, { scale, zeroPoint }: Scale): Int8Array {
  return Int8Array.from(data, (value) =>
    Math.min(127, Math.max(-128, Math.round(value / scale) + zeroPoint)),
  );
}

export interface QuantisedWeights {
  readonly data: Int8Array;
  /** One per output channel. */
  readonly scales: Float32Array;
}

/**
 * @param channelOf which output channel the weight at a place belongs to
 * @param least the smallest scale of each output channel
 */
export function quantisedWeights(
  data: Float32Array,
  channels: number,
  channelOf: (i: number) => number,
  least: (channel: number) => number,
): QuantisedWeights {
  const most = new Float32Array(channels);
  data.forEach((value, i) => {
    const channel = channelOf(i);
    most[channel] = Math.max(most[channel]!, Math.abs(value));
  });
  const scales = most.map((value, channel) => Math.max(value / 127, least(channel)));
  const rounded = new Int8Array(data.length);
  data.forEach((value, i) => {
    rounded[i] = Math.min(127, Math.max(-127, Math.round(value / scales[channelOf(i)]!)));
  });
  return { data: rounded, scales };
}

/**
 * The smallest scale of a channel's weights: runtimes refuse smaller ones, or these leave no room for the bias in its
 * int32, to which products are added. Weights so much smaller than a bias hardly matter beside it.
 * @param factor the least factor from input and weight to output
 */
export const leastWeightScale =
  (bias: Float32Array | null, inputScale: number, factor: number) =>
  (channel: number): number =>
    Math.max(factor, Math.abs(bias?.[channel] ?? 0) / (inputScale * largest));

/** As int32 with the scale of the input times that of the weight, which `leastWeightScale` makes fit. */
export function quantisedBias(
  bias: Float32Array,
  inputScale: number,
  weightScales: Float32Array,
): Int32Array {
  return Int32Array.from(bias, (value, i) => {
    const rounded = Math.round(value / (inputScale * weightScales[i]!));
    return Math.min(largest, Math.max(-largest, rounded));
  });
}
