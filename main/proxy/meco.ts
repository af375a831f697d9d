/**
 * MeCo (Jiang, Wang, Bie: "MeCo: Zero-Shot NAS with One Data and Single Forward Pass via Minimum Eigenvalue of
 * Correlation", NeurIPS 2023): the smallest eigenvalue of the correlations between the channels of one image's
 * feature map, added up over the outputs of layers, normalisations and ReLUs.
 */
import { symmetricEigenvalues } from './eigenvalues.ts';
import { readingOf, type ProxyFeatureMap, type ForwardProxy } from './proxy.ts';

/**
 * Over all channels. As many channels as places or more are linearly dependent once their means are taken away: the
 * smallest eigenvalue is 0, whatever the numbers are.
 */
export const meco: ForwardProxy = {
  pass: 'forward',
  images: 'few',
  reads: ['layer', 'norm', 'relu'],
  part({ channels, height, width }) {
    const dependent = channels > 1 && channels >= height * width;
    return dependent || height * width === 1 ? null : { images: 1, channels, columns: width };
  },
  score: (maps) =>
    readingOf(maps.reduce((sum, map) => sum + leastEigenvalue(map, map.shape.channels), 0)),
};

/** The smallest eigenvalue of the correlations of a map's first channels; 0 where it has no numbers. */
export function leastEigenvalue({ data, shape }: ProxyFeatureMap, channels: number): number {
  if (data.length === 0) return 0;
  const places = shape.height * shape.width;
  const matrix = correlations(data, channels, places);
  const values = symmetricEigenvalues(matrix, channels);
  let least = Infinity;
  for (const value of values) {
    if (Number.isNaN(value)) return NaN;
    least = Math.min(least, value);
  }
  // Correlations have no negative eigenvalue; what is below zero is rounding.
  return Math.max(0, least);
}

/** Pearson's; a channel that does not vary correlates with nothing, itself included, as in the authors' code. */
function correlations(data: Float32Array, channels: number, places: number): Float64Array {
  const vectors = new Float64Array(channels * places);
  for (let c = 0; c < channels; c++) {
    const at = c * places;
    let mean = 0;
    for (let i = 0; i < places; i++) mean += data[at + i]! / places;
    let squares = 0;
    for (let i = 0; i < places; i++) squares += (data[at + i]! - mean) ** 2;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : squares === 0 ? 0 : NaN;
    for (let i = 0; i < places; i++) vectors[at + i] = (data[at + i]! - mean) * scale;
  }
  const matrix = new Float64Array(channels * channels);
  for (let i = 0; i < channels; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < places; k++) sum += vectors[i * places + k]! * vectors[j * places + k]!;
      matrix[i * channels + j] = sum;
    }
  }
  return matrix;
}
