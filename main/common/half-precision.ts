/** 16-bit floating-point numbers, as found in array files and model files. */

/** The value of a float16, given as bits. Source: IEEE 754, binary16. */
export function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const word = new Uint32Array(1);
const single = new Float32Array(word.buffer);

/** The value of a bfloat16, given as bits: the upper half of a float32. */
export function fromBfloat16(bits: number): number {
  word[0] = bits << 16;
  return single[0]!;
}

/** The bits of the nearest float16, ties to even; numbers beyond its range become infinite. */
export function toFloat16(value: number): number {
  single[0] = value;
  const bits = word[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 127;
  const fraction = bits & 0x7fffff;
  if (exponent === 128) return sign | 0x7c00 | (fraction ? 0x200 : 0);
  if (exponent > 15) return sign | 0x7c00;
  if (exponent < -25) return sign;
  const whole = fraction | 0x800000;
  // Below 2^-14 the exponent stays and the fraction gets shorter.
  const shift = exponent < -14 ? -1 - exponent : 13;
  const kept = whole >>> shift;
  const rest = whole & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  const rounded = kept + (rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0);
  // A fraction that overflows raises the exponent by itself.
  return sign | (exponent < -14 ? rounded : ((exponent + 14) << 10) + rounded);
}

/** The bits of weights in float16; null where that saves nothing, or cannot hold one of them. */
export function asFloat16(data: Float32Array): Uint16Array | null {
  if (data.length <= 1) return null;
  // By places: `every` and `from` take five times as long, which is seconds for millions of weights.
  const halves = new Uint16Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (!(Math.abs(value) <= largestHalf)) return null;
    halves[i] = toFloat16(value);
  }
  return halves;
}
const largestHalf = 65504;
