/**
 * Scales and zero points as TensorFlow Lite's quantisation specification has them: activations per tensor with
 * a zero point, weights per channel and symmetric. Source: ai.google.dev/edge/litert, quantization spec.
 */
import type { Range } from './ranges.ts';

/** q stands for scale * (q - zeroPoint). */
export interface Scale {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** Of what lies between 0 and 1 by its operator. */
export const sigmoidScale: Scale = { scale: 1 / 256, zeroPoint: -128 };

/** A channel of weights that are nothing has this one. */
export const smallestWeightScale = 2 ** -60;

/** Of a value that is always zero: any is exact, and the steps of biases behind it, which are its own, are small. */
const scaleOfNothing = 2 ** -20;
/** Of a bias. Products are added to it, which must not overflow. */
const largest = 2 ** 30;
/** Of a value: products of smaller ones with those of weights leave what float32 can hold. */
const smallestScale = 2 ** -60;

/**
 * int8 for numbers in a range; zero is exact, because padding is zero.
 * @param least the scale is not smaller
 */
export function scaleOf({ min, max }: Range, least = smallestScale): Scale {
  const [low, high] = [Math.min(0, min), Math.max(0, max)];
  if (low === high) return { scale: Math.max(scaleOfNothing, Math.fround(least)), zeroPoint: 0 };
  const scale = Math.fround(Math.max((high - low) / 255, least));
  const zeroPoint = Math.round(-128 - low / scale);
  return { scale, zeroPoint: Math.min(127, Math.max(-128, zeroPoint)) };
}

/** A scale, or the least one, for the same numbers. */
export function atLeast(own: Scale, least: number): Scale {
  const { scale, zeroPoint } = own;
  if (scale >= least) return own;
  return scaleOf({ min: scale * (-128 - zeroPoint), max: scale * (127 - zeroPoint) }, least);
}

/** Of numbers as a whole: one number by itself is exact. */
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
  /** One a channel. */
  readonly scales: Float32Array;
}

/**
 * @param channelOf which output channel the weight at a place belongs to
 * @param least scales are not smaller, by output channel
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
 * The least scale of a channel's weights: smaller ones are refused by runtimes, or leave no room for the bias in its
 * int32, to which products are added. Weights so much smaller than a bias are nothing beside it.
 * @param factor the least factor from input and weight to output
 */
export const leastWeightScale =
  (bias: Float32Array | null, inputScale: number, factor: number) =>
  (channel: number): number =>
    Math.max(factor, Math.abs(bias?.[channel] ?? 0) / (inputScale * largest));

/** int32 of scale input x weight, which `leastWeightScale` makes fit. */
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
