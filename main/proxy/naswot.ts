/**
 * NASWOT (Mellor, Turner, Storkey, Crowley: "Neural Architecture Search without Training", ICML 2021): each image of
 * a batch has a code, 1 where a ReLU of the network lets its input through; the logarithm of the determinant of the
 * matrix that counts in how many units the codes of two images agree.
 */
import { readingOf, type ProxyFeatureMap, type ForwardProxy } from './proxy.ts';

export const naswot: ForwardProxy = {
  pass: 'forward',
  images: 'batch',
  reads: ['relu'],
  part: ({ images, channels, width }) => ({ images, channels, columns: width }),
  score(maps) {
    if (maps.length === 0)
      return { value: null, reason: 'the network has no ReLU, from which the codes are made' };
    return readingOf(logDeterminant(agreements(maps)));
  },
};

/**
 * In how many units of all ReLUs the codes of each two images agree.
 * @returns images x images, row-major
 */
export function agreements(maps: readonly Pick<ProxyFeatureMap, 'shape' | 'data'>[]): Float64Array {
  const images = maps[0]!.shape.images;
  const matrix = new Float64Array(images * images);
  for (const { data } of maps) {
    const units = data.length / images;
    const words = Math.ceil(units / 32);
    const codes = new Int32Array(images * words);
    for (let image = 0; image < images; image++) {
      for (let unit = 0; unit < units; unit++) {
        // Behind a ReLU what is above 0 was above 0 before it.
        if (data[image * units + unit]! > 0)
          codes[image * words + (unit >>> 5)]! |= 1 << (unit & 31);
      }
    }
    for (let i = 0; i < images; i++) {
      for (let j = 0; j < images; j++) {
        let different = 0;
        for (let word = 0; word < words; word++) {
          different += bitsOf(codes[i * words + word]! ^ codes[j * words + word]!);
        }
        matrix[i * images + j]! += units - different;
      }
    }
  }
  return matrix;
}

/** Bits that are set (Warren, Hacker's Delight, 5-1). */
function bitsOf(word: number): number {
  let n = word - ((word >>> 1) & 0x5555_5555);
  n = (n & 0x3333_3333) + ((n >>> 2) & 0x3333_3333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** Of a matrix without negative eigenvalues, by Cholesky; -Infinity where two images have one code. */
function logDeterminant(matrix: Float64Array): number {
  const n = Math.sqrt(matrix.length);
  const lower = Float64Array.from(matrix);
  let total = 0;
  for (let j = 0; j < n; j++) {
    let pivot = lower[j * n + j]!;
    for (let k = 0; k < j; k++) pivot -= lower[j * n + k]! ** 2;
    if (!(pivot > matrix[j * n + j]! * 1e-12)) return -Infinity;
    total += Math.log(pivot);
    const root = Math.sqrt(pivot);
    lower[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      let value = lower[i * n + j]!;
      for (let k = 0; k < j; k++) value -= lower[i * n + k]! * lower[j * n + k]!;
      lower[i * n + j] = value / root;
    }
  }
  return total;
}
