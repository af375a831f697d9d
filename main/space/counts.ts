/**
 * Sizes of a network without its graph. A search looks at thousands of networks for every one that it tries.
 * Building a graph and inferring its shapes takes a millisecond; letting the same code count instead of build
 * takes a few microseconds.
 */
import { GraphBuilder, type ConvOptions } from '../graph/builder.ts';
import type { Graph } from '../graph/graph.ts';
import { summarise } from '../graph/summary.ts';
import { biasTerm } from '../proxy/zico.ts';

export interface NetworkCounts {
  /** As `summarise` counts them, for one image. */
  readonly parameters: number;
  readonly macs: number;
  /** Sum over the layers of ln(H W / sqrt C): the bias of ZiCo-BC, which depends on no weight. */
  readonly bias: number;
  /** MACs by part of the network: `stem`, `body.0`, ..., `head`. */
  readonly parts: ReadonlyMap<string, number>;
}

/** The same of a graph that was built some other way. */
export function countsOfGraph(graph: Graph): NetworkCounts {
  const { parameters, macs, layers } = summarise(graph);
  const parts = new Map<string, number>();
  let bias = 0;
  for (const layer of layers) {
    const part = partOf(layer.name);
    parts.set(part, (parts.get(part) ?? 0) + layer.macs);
    bias += biasTerm(layer);
  }
  return { parameters, macs, bias, parts };
}

/** A value on its way through the network: all that counting needs to know about it. */
type Size = readonly [channels: number, height: number, width: number];

/** Takes the same calls as the builder of graphs. A value's name is its size. */
export class CountingBuilder extends GraphBuilder {
  readonly #sizes = new Map<string, Size>();
  readonly #shared = new Set<string>();
  readonly #parts = new Map<string, number>();
  #parameters = 0;
  #macs = 0;
  #bias = 0;

  counts(): NetworkCounts {
    return {
      parameters: this.#parameters,
      macs: this.#macs,
      bias: this.#bias,
      parts: this.#parts,
    };
  }

  override image(_name: string, size: Size): string {
    return this.#value(...size);
  }

  override conv(name: string, x: string, options: ConvOptions): string {
    const { inChannels, outChannels, kernel, node, bias = false } = options;
    const { stride = 1, padding = Math.floor(kernel / 2), group = 1 } = options;
    const [, height, width] = this.#sizeOf(x);
    const along = (pixels: number): number =>
      Math.floor((pixels + 2 * padding - kernel) / stride) + 1;
    const [outHeight, outWidth] = [along(height), along(width)];
    const weights = outChannels * (inChannels / group) * kernel * kernel;
    this.#layer(name, weights * outHeight * outWidth);
    if (this.#isNew(name, node !== undefined)) {
      this.#parameters += weights + (bias ? outChannels : 0);
      this.#bias += biasTerm({ height: outHeight, width: outWidth, channels: outChannels });
    }
    return this.#value(outChannels, outHeight, outWidth);
  }

  override batchNormalization(_name: string, x: string, channels: number): string {
    this.#parameters += 2 * channels;
    return x;
  }

  override linear(name: string, _x: string, inFeatures: number, outFeatures: number): string {
    this.#layer(name, inFeatures * outFeatures);
    this.#parameters += (inFeatures + 1) * outFeatures;
    this.#bias += biasTerm({ height: 1, width: 1, channels: outFeatures });
    return this.#value(outFeatures, 1, 1);
  }

  override vector(_name: string, length: number): string {
    this.#parameters += length;
    return this.#value(length, 1, 1);
  }

  override number(): string {
    return this.#value(1, 1, 1);
  }

  override relu(x: string): string {
    return x;
  }

  override sigmoid(x: string): string {
    return x;
  }

  override hardSwish(x: string): string {
    return x;
  }

  override hardSigmoid(x: string): string {
    return x;
  }

  override gelu(x: string): string {
    return x;
  }

  override crop(x: string, [height, width]: readonly [number, number]): string {
    return this.#value(this.#sizeOf(x)[0], height, width);
  }

  /** The larger one: the other is broadcast to it. */
  override add(a: string, b: string): string {
    return this.#larger(a, b);
  }

  override multiply(a: string, b: string): string {
    return this.#larger(a, b);
  }

  override divide(a: string): string {
    return a;
  }

  override total(): string {
    return this.#value(1, 1, 1);
  }

  override element(): string {
    return this.#value(1, 1, 1);
  }

  override concat(values: readonly string[]): string {
    const [, height, width] = this.#sizeOf(values[0]!);
    const channels = values.reduce((sum, value) => sum + this.#sizeOf(value)[0], 0);
    return this.#value(channels, height, width);
  }

  override enlarge(x: string, factor: number): string {
    const [channels, height, width] = this.#sizeOf(x);
    return this.#value(channels, height * factor, width * factor);
  }

  override maxPool(x: string, kernel: number, stride: number, padding: number): string {
    const [channels, height, width] = this.#sizeOf(x);
    const along = (pixels: number): number =>
      Math.floor((pixels + 2 * padding - kernel) / stride) + 1;
    return this.#value(channels, along(height), along(width));
  }

  override averagePool(
    x: string,
    kernel: readonly [number, number],
    strides: readonly [number, number],
    padding = 0,
  ): string {
    const [channels, height, width] = this.#sizeOf(x);
    const along = (pixels: number, i: number): number =>
      Math.floor((pixels + 2 * padding - kernel[i]!) / strides[i]!) + 1;
    return this.#value(channels, along(height, 0), along(width, 1));
  }

  override globalAveragePool(x: string): string {
    return this.#value(this.#sizeOf(x)[0], 1, 1);
  }

  override flatten(x: string): string {
    const [channels, height, width] = this.#sizeOf(x);
    return this.#value(channels * height * width, 1, 1);
  }

  #layer(name: string, macs: number): void {
    this.#macs += macs;
    const part = partOf(name);
    this.#parts.set(part, (this.#parts.get(part) ?? 0) + macs);
  }

  /** Weights that several nodes share are one layer, counted where they are first used. */
  #isNew(name: string, shared: boolean): boolean {
    if (!shared) return true;
    if (this.#shared.has(name)) return false;
    this.#shared.add(name);
    return true;
  }

  #value(channels: number, height: number, width: number): string {
    const name = `${channels},${height},${width}`;
    if (!this.#sizes.has(name)) this.#sizes.set(name, [channels, height, width]);
    return name;
  }

  #sizeOf(value: string): Size {
    const size = this.#sizes.get(value);
    if (size === undefined) throw new RangeError(`no value has the size ${value}`);
    return size;
  }

  #larger(a: string, b: string): string {
    if (a === b) return a;
    const elements = (value: string): number =>
      this.#sizeOf(value).reduce((product, n) => product * n, 1);
    return elements(a) >= elements(b) ? a : b;
  }
}

/** `body.3.0.project.conv` belongs to `body.3`, `stem.conv` to `stem`. */
function partOf(name: string): string {
  const first = name.indexOf('.');
  if (first < 0) return name;
  const part = name.slice(0, first);
  if (part !== 'body') return part;
  const second = name.indexOf('.', first + 1);
  return second < 0 ? name : name.slice(0, second);
}
