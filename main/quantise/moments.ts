/**
 * How the numbers that a layer multiplies with vary together, from the images of a calibration: what rounding its
 * weights does to its outputs depends on that. Weights are looked at in blocks of neighbours, because the whole
 * matrix of a large layer would be larger than the network.
 */
import { Tensor } from 'onnxruntime-node';
import type { OnnxBuilder } from '../graph/onnx/builder.ts';
import type { ConvAttributes } from '../graph/operators/attributes.ts';
import { convolvedSize } from '../graph/operators/conv.ts';
import { elements, type Shape } from '../graph/shape.ts';
import { generatorFor } from '../random.ts';
import type { Products } from './products.ts';
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

/** So many places are kept before they are summed up: few sums are cheaper, and many places take memory. */
const kept = 128;

/**
 * Collects the moments of what one layer reads. The graph gives the numbers at a few places of each image, and
 * onnxruntime sums up their products: number by number in JavaScript that takes a hundred times as long as the network.
 */
export class MomentsOfLayer {
  /** The layer's output. */
  readonly value: string;
  /** What the graph gives for each image: numbers that are multiplied with weights, by blocks and places. */
  readonly output: string;
  readonly #layer: WeightedLayer;
  /** Null for fully connected layers. */
  readonly #conv: ConvAttributes | null;
  readonly #shape: Shape;
  readonly #length: number;
  readonly #block: number;
  readonly #groups: number;
  /** Of one group. */
  readonly #blocks: number;
  /** Places of one image: how many there are, and how many are looked at. */
  readonly #all: number;
  readonly #wanted: number;
  /** The graph's input that says which; null where all are. */
  readonly #places: string | null;
  readonly #sums: Float64Array;
  readonly #products: Float64Array;
  readonly #random;
  /** Images whose numbers are summed up together, what they have given, and how many have. */
  readonly #atOnce: number;
  readonly #read: Float32Array;
  #waiting = 0;
  #count = 0;

  /**
   * @param shape of the layer's input, one image
   * @param images how many there will be
   */
  constructor(layer: WeightedLayer, shape: Shape, images: number) {
    this.#layer = layer;
    this.#shape = shape;
    const { node, shape: weight, outputs } = layer;
    this.value = node.outputs[0]!;
    this.#conv = node.kind === 'Conv' ? node.attributes : null;
    this.#groups = this.#conv?.group ?? 1;
    this.#length = elements(weight) / outputs;
    const taps = this.#conv ? elements(weight.slice(2)) : 1;
    this.#block = Math.min(this.#length, taps * Math.max(1, Math.floor(usualBlock / taps)));
    this.#blocks = Math.ceil(this.#length / this.#block);
    this.#all = this.#conv ? elements(this.#across(this.#conv)) : elements(shape) / this.#length;
    this.#wanted = Math.min(this.#all, Math.ceil(places / images));
    this.#atOnce = Math.min(images, Math.ceil(kept / this.#wanted));
    this.#random = generatorFor('moments', this.value);
    this.output = `${this.value}:read`;
    this.#places = this.#wanted < this.#all ? `${this.value}:places` : null;
    this.#sums = new Float64Array(this.#groups * this.#blocks * this.#block);
    this.#products = new Float64Array(this.#sums.length * this.#block);
    this.#read = new Float32Array(this.#sums.length * this.#wanted * this.#atOnce);
  }

  /** Has the graph compute them, one image at a time. */
  addTo(builder: OnnxBuilder): void {
    const rows = this.#conv ? this.#patches(builder, this.#conv) : this.#rows(builder);
    const shape = [this.#groups * this.#blocks, this.#block, this.#wanted];
    builder.reshape(rows, shape, this.output);
    builder.output(this.output, shape, 'float32');
  }

  /** Which places of the next image are looked at, as an input of the graph; none where all are. */
  feeds(): readonly (readonly [string, Tensor])[] {
    if (this.#places === null) return [];
    const drawn = Int32Array.from({ length: this.#wanted }, () => this.#upTo(this.#all));
    const [data, shape] = this.#conv
      ? [this.#cellsAt(drawn, this.#conv), this.#cells]
      : [drawn, [this.#wanted]];
    return [[this.#places, new Tensor('int32', data, shape)]];
  }

  /** Takes what the graph gave for an image. */
  async add(read: Float32Array, products: Products): Promise<void> {
    this.#read.set(read, this.#waiting * read.length);
    this.#waiting++;
    if (this.#waiting === this.#atOnce) await this.sumUp(products);
  }

  /** Called once more after the last image. */
  async sumUp(all: Products): Promise<void> {
    if (this.#waiting === 0) return;
    const shape = [this.#waiting, this.#groups * this.#blocks, this.#block, this.#wanted] as const;
    const read = this.#read.subarray(0, elements(shape));
    const { products, sums } = await all.of(read, shape);
    for (let i = 0; i < products.length; i++) this.#products[i]! += products[i]!;
    for (let i = 0; i < sums.length; i++) this.#sums[i]! += sums[i]!;
    this.#count += this.#waiting * this.#wanted;
    this.#waiting = 0;
  }

  get moments(): BlockMoments {
    const [block, length] = [this.#block, this.#length];
    const groups = Array.from({ length: this.#groups }, (_, group) =>
      Array.from({ length: this.#blocks }, (_, b) => {
        const start = (group * this.#blocks + b) * block;
        return this.#momentsAt(start, Math.min(block, length - b * block));
      }),
    );
    return { length, block, groups };
  }

  /** @param start of the block among all */
  #momentsAt(start: number, size: number): Float64Array {
    const moments = new Float64Array(size * size);
    for (let row = 0; row < size; row++) {
      const mean = this.#sums[start + row]! / this.#count;
      for (let column = 0; column < size; column++) {
        const square = this.#products[(start + row) * this.#block + column]! / this.#count;
        const own = row === column ? resolved * square : 0;
        moments[row * size + column] =
          square - mean * (this.#sums[start + column]! / this.#count) + own;
      }
    }
    return moments;
  }

  /** A fully connected layer reads rows. Returns the numbers that one weight is multiplied with side by side. */
  #rows(builder: OnnxBuilder): string {
    const flat = builder.reshape(this.#layer.input, [this.#all, this.#length]);
    const rows = this.#places === null ? flat : this.#gather(builder, flat, 0, [this.#wanted]);
    return this.#filled(builder, builder.transpose(rows, [1, 0]), [this.#length, this.#wanted], 0);
  }

  /** The same of the patches that a convolution reads. */
  #patches(builder: OnnxBuilder, conv: ConvAttributes): string {
    const { input } = this.#layer;
    const [height, width] = this.#padded(conv);
    const [top, left, bottom, right] = conv.pads;
    const around = [0, 0, top, left, 0, 0, bottom, right];
    const padded = around.some((n) => n !== 0) ? builder.pad(input, around) : input;
    const flat = builder.reshape(padded, [this.#shape[1]!, height * width]);
    if (this.#places === null) {
      const every = Int32Array.from({ length: this.#all }, (_, i) => i);
      builder.numbers(this.#placesOfAll, this.#cells, this.#cellsAt(every, conv));
    }
    const patches = [this.#groups, this.#length, this.#wanted];
    const read = builder.reshape(this.#gather(builder, flat, 1, this.#cells), patches);
    return this.#filled(builder, read, patches, 1);
  }

  /** Under a kernel, at every place that is looked at. */
  get #cells(): Shape {
    return [elements(this.#layer.shape.slice(2)), this.#wanted];
  }

  get #placesOfAll(): string {
    return `${this.value}:every place`;
  }

  #gather(builder: OnnxBuilder, from: string, axis: number, shape: Shape): string {
    if (this.#places !== null) builder.input(this.#places, shape, 'int32');
    const attributes = { axis: { int: axis } };
    return builder.op('Gather', [from, this.#places ?? this.#placesOfAll], attributes);
  }

  /** With zeros behind the last numbers, so that all blocks are as large. */
  #filled(builder: OnnxBuilder, value: string, shape: Shape, axis: number): string {
    const missing = this.#blocks * this.#block - this.#length;
    if (missing === 0) return value;
    const pads = new Array<number>(2 * shape.length).fill(0);
    pads[shape.length + axis] = missing;
    return builder.pad(value, pads);
  }

  /**
   * Where the cells under the kernel lie in the padded image, which is as the weights lie: first the first cell of all
   * places.
   */
  #cellsAt(drawn: Int32Array, conv: ConvAttributes): Int32Array {
    const { strides, dilations } = conv;
    const [, width] = this.#padded(conv);
    const [, columns] = this.#across(conv);
    const [kernelHeight, kernelWidth] = this.#layer.shape.slice(2) as [number, number];
    const cells = new Int32Array(kernelHeight * kernelWidth * drawn.length);
    let at = 0;
    for (let r = 0; r < kernelHeight; r++) {
      for (let c = 0; c < kernelWidth; c++) {
        for (const place of drawn) {
          const y = Math.floor(place / columns) * strides[0] + r * dilations[0];
          cells[at++] = y * width + (place % columns) * strides[1] + c * dilations[1];
        }
      }
    }
    return cells;
  }

  #padded({ pads: [top, left, bottom, right] }: ConvAttributes): readonly [number, number] {
    const [, , height, width] = this.#shape as [number, number, number, number];
    return [height + top + bottom, width + left + right];
  }

  /** Rows and columns of what the convolution gives. */
  #across(conv: ConvAttributes): readonly [number, number] {
    const { strides, dilations } = conv;
    const kernel = this.#layer.shape.slice(2) as [number, number];
    const padded = this.#padded(conv);
    const places = (axis: 0 | 1) =>
      convolvedSize(padded[axis], kernel[axis], strides[axis], dilations[axis], 0, 0);
    return [places(0), places(1)];
  }

  #upTo(limit: number): number {
    return (this.#random.next() >>> 0) % limit;
  }
}
