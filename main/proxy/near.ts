/**
 * NEAR (Husistein, Reiher, Eckhoff: "NEAR: A Training-Free Pre-Estimator of Machine Learning Model Performance",
 * ICLR 2025): the effective rank of the activations, added up over the outputs of layers, normalisations and ReLUs.
 * Effective rank (Roy & Vetterli 2007): exp(-sum p ln p), p the singular values over their sum; 0 where all are 0.
 */
import { symmetricEigenvalues } from './eigenvalues.ts';
import { readingOf, type ProxyFeatureMap, type ForwardProxy, type MapShape } from './proxy.ts';

/**
 * A matrix has as many rows as channels, and its singular values take the cube of that: of more channels than these
 * the first stand for all, and the rank is multiplied by how many times as many there are.
 */
const mostChannels = 128;

/**
 * The matrix of a value has a row for each place, ordered by image, column and row as in the authors' code, and a
 * column for each channel. The authors draw as many rows as there are channels; here it is the first ones.
 */
export const near: ForwardProxy = {
  pass: 'forward',
  images: 'few',
  reads: ['layer', 'norm', 'relu'],
  part(shape) {
    const { images, height, width } = shape;
    const { rows, channels } = matrixOf(shape);
    const places = height * width;
    const needed = Math.min(images, Math.ceil(rows / places));
    return { images: needed, channels, columns: needed > 1 ? width : Math.ceil(rows / height) };
  },
  score(maps) {
    const ranks = maps.map((map) => {
      const { rows, channels } = matrixOf(map.shape);
      return (effectiveRank(map, rows, channels) * map.shape.channels) / channels;
    });
    const shortened = maps.filter(({ shape }) => isShortened(shape)).length;
    return readingOf(
      ranks.reduce((sum, rank) => sum + rank, 0),
      shortened,
    );
  },
};

/** Fully connected layers have a row an image and no more; their channels are never cut. */
function matrixOf({ images, channels, height, width }: MapShape): {
  readonly rows: number;
  readonly channels: number;
} {
  const places = images * height * width;
  if (height * width === 1) return { rows: Math.min(channels, places), channels };
  const taken = Math.min(channels, mostChannels);
  return { rows: Math.min(taken, places), channels: taken };
}

/** Maps with fewer rows than channels, or with more channels than are taken. */
function isShortened({ images, channels, height, width }: MapShape): boolean {
  const places = height * width;
  return places > 1 && (images * places < channels || channels > mostChannels);
}

function effectiveRank(map: ProxyFeatureMap, rows: number, channels: number): number {
  const matrix = matrixRows(map, rows, channels);
  const values = singularValues(matrix, rows, channels);
  const total = values.reduce((sum, value) => sum + value, 0);
  if (total === 0) return 0;
  let entropy = 0;
  for (const value of values) {
    if (value === 0) continue;
    const share = value / total;
    entropy -= share * Math.log(share);
  }
  return Math.exp(entropy);
}

/** Rows x channels, row-major. */
function matrixRows(
  { shape, data }: ProxyFeatureMap,
  rows: number,
  channels: number,
): Float64Array {
  const { height } = shape;
  const images = Math.min(shape.images, Math.ceil(rows / (height * shape.width)));
  const columns = data.length / (images * channels * height);
  const places = height * columns;
  const matrix = new Float64Array(rows * channels);
  for (let row = 0; row < rows; row++) {
    const image = Math.floor(row / places);
    const rest = row - image * places;
    const column = Math.floor(rest / height);
    const at = image * channels * places + (rest - column * height) * columns + column;
    for (let c = 0; c < channels; c++) matrix[row * channels + c] = data[at + c * places]!;
  }
  return matrix;
}

/**
 * The roots of the eigenvalues of M M' or M' M, whichever is smaller. Squares lose half of the digits: what is left
 * of a singular value below 1e-7 of the largest is rounding, as are the numbers themselves, and counts as 0.
 */
function singularValues(matrix: Float64Array, rows: number, channels: number): Float64Array {
  const wide = channels > rows;
  const size = wide ? rows : channels;
  const long = wide ? channels : rows;
  // Vectors side by side, so that each product runs along memory.
  const vectors = wide ? matrix : transposed(matrix, rows, channels);
  const products = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      const [a, b] = [i * long, j * long];
      for (let k = 0; k < long; k++) sum += vectors[a + k]! * vectors[b + k]!;
      products[i * size + j] = sum;
    }
  }
  const squares = symmetricEigenvalues(products, size);
  const largest = squares.reduce((most, value) => Math.max(most, value), 0);
  // A NaN stays one: the score then has no value.
  return squares.map((value) => (value <= largest * 1e-14 ? 0 : Math.sqrt(value)));
}

function transposed(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(matrix.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = matrix[i * columns + j]!;
  }
  return result;
}
