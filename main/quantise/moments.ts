/**
 * How the numbers that a layer multiplies with vary together, from the images of a calibration: what rounding its
 * weights does to its outputs depends on that. Weights are looked at in blocks of neighbours, because the whole
 * matrix of a large layer would be larger than the network.
 */
import type { NodeOf } from '../graph/graph.ts';
import type { Shape } from '../graph/shape.ts';
import { generatorFor } from '../random.ts';
import type { WeightedLayer } from './layers.ts';

/** A block has at most this many weights, unless a single kernel has more. */
const usualBlock = 64;
/** How many places are looked at, over all images. */
const places = 2048;

/**
 * Share of a mean square that cannot be told from the rounding of sums, as where numbers hardly vary about a large
 * mean: it counts as variance, so that none is negative.
 */
const resolved = 1e-12;

/** Second moments about the mean, one square matrix per block. */
export interface BlockMoments {
  /** Number of weights of one output channel. */
  readonly length: number;
  readonly block: number;
  /** The blocks of each group of the layer. */
  readonly groups: readonly (readonly Float64Array[])[];
}

/** Collects the moments of what one layer reads. */
export class MomentsOfLayer {
  readonly #layer: WeightedLayer;
  readonly #shape: Shape;
  readonly #length: number;
  readonly #block: number;
  readonly #groups: number;
  readonly #perImage: number;
  readonly #sums: Float64Array[];
  readonly #squares: Float64Array[][];
  readonly #random;
  #count = 0;

  /**
   * @param shape of the layer's input, one image
   * @param images how many there will be
   */
  constructor(layer: WeightedLayer, shape: Shape, images: number) {
    this.#layer = layer;
    this.#shape = shape;
    const { node, shape: weight, outputs } = layer;
    this.#groups = node.kind === 'Conv' ? node.attributes.group : 1;
    this.#length = weight.reduce((product, size) => product * size, 1) / outputs;
    const taps = node.kind === 'Conv' ? weight[2]! * weight[3]! : 1;
    this.#block = Math.min(this.#length, taps * Math.max(1, Math.floor(usualBlock / taps)));
    this.#perImage = Math.ceil(places / images);
    this.#random = generatorFor('moments', node.outputs[0]!);
    const starts = Array.from(
      { length: Math.ceil(this.#length / this.#block) },
      (_, i) => i * this.#block,
    );
    this.#sums = Array.from({ length: this.#groups }, () => new Float64Array(this.#length));
    this.#squares = this.#sums.map(() =>
      starts.map((start) => new Float64Array(Math.min(this.#block, this.#length - start) ** 2)),
    );
  }

  /** @param data the layer's input for one image */
  look(data: Float32Array): void {
    const { node } = this.#layer;
    if (node.kind === 'Conv') {
      this.#lookAtPatches(data, node);
      return;
    }
    const rows = data.length / this.#length;
    for (let i = 0; i < Math.min(rows, this.#perImage); i++) {
      const row = rows <= this.#perImage ? i : this.#upTo(rows);
      this.#add(0, data.subarray(row * this.#length, (row + 1) * this.#length));
      this.#count++;
    }
  }

  get moments(): BlockMoments {
    const groups = this.#squares.map((blocks, g) =>
      blocks.map((square, b) => {
        const size = Math.sqrt(square.length);
        const sums = this.#sums[g]!.subarray(b * this.#block, b * this.#block + size);
        return square.map((sum, i) => {
          const [row, column] = [Math.floor(i / size), i % size];
          const means = (sums[row]! / this.#count) * (sums[column]! / this.#count);
          const own = row === column ? resolved * (sum / this.#count) : 0;
          return sum / this.#count - means + own;
        });
      }),
    );
    return { length: this.#length, block: this.#block, groups };
  }

  #lookAtPatches(data: Float32Array, { attributes }: NodeOf<'Conv'>): void {
    const [, channels, height, width] = this.#shape as [number, number, number, number];
    const [, inputs, kernelHeight, kernelWidth] = this.#layer.shape as [
      number,
      number,
      number,
      number,
    ];
    const { strides, pads, dilations } = attributes;
    const across = (size: number, axis: 0 | 1, kernel: number) =>
      Math.floor(
        (size + pads[axis] + pads[axis + 2]! - dilations[axis] * (kernel - 1) - 1) / strides[axis],
      ) + 1;
    const [rows, columns] = [across(height, 0, kernelHeight), across(width, 1, kernelWidth)];
    const all = rows * columns;
    const wanted = Math.min(all, this.#perImage);
    const patch = new Float32Array(this.#length);
    for (let i = 0; i < wanted; i++) {
      const place = all <= this.#perImage ? i : this.#upTo(all);
      const top = Math.floor(place / columns) * strides[0] - pads[0];
      const left = (place % columns) * strides[1] - pads[1];
      for (let group = 0; group < channels / inputs; group++) {
        let at = 0;
        for (let channel = group * inputs; channel < (group + 1) * inputs; channel++) {
          for (let r = 0; r < kernelHeight; r++) {
            const y = top + r * dilations[0];
            for (let c = 0; c < kernelWidth; c++) {
              const x = left + c * dilations[1];
              const inside = y >= 0 && y < height && x >= 0 && x < width;
              patch[at++] = inside ? data[(channel * height + y) * width + x]! : 0;
            }
          }
        }
        this.#add(group, patch);
      }
      this.#count++;
    }
  }

  #upTo(limit: number): number {
    return (this.#random.next() >>> 0) % limit;
  }

  #add(group: number, values: Float32Array): void {
    const sums = this.#sums[group]!;
    values.forEach((value, i) => (sums[i]! += value));
    for (const [b, square] of this.#squares[group]!.entries()) {
      const start = b * this.#block;
      const size = Math.sqrt(square.length);
      for (let i = 0; i < size; i++) {
        const value = values[start + i]!;
        if (value === 0) continue;
        for (let j = 0; j < size; j++) square[i * size + j]! += value * values[start + j]!;
      }
    }
  }
}
