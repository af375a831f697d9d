/**
 * A tiny network whose output is known without any engine: a runner that gets its sum right really computes. A
 * convolution, a grouped and a depthwise one, each with a Relu, on a fixed picture.
 */
import { createHash } from 'node:crypto';
import { GraphBuilder } from '../../graph/builder.ts';
import type { Graph } from '../../graph/graph.ts';
import type { DeployedPrecision } from '../../common/precisions.ts';
import type { Range } from '../../quantise/ranges.ts';
import { timedFile } from '../../tflite/timed-file.ts';
import type { ModelKind } from './runner.ts';
import { materialise } from '../../graph/weights.ts';

const size = 12;
const layers = [
  { name: 'whole', inChannels: 3, outChannels: 8, kernel: 3, group: 1 },
  { name: 'grouped', inChannels: 8, outChannels: 8, kernel: 3, group: 2 },
  { name: 'depthwise', inChannels: 8, outChannels: 8, kernel: 3, group: 8 },
] as const;

export function selfTestGraph(): Graph {
  const builder = new GraphBuilder();
  let x = builder.image('image', [3, size, size]);
  for (const { name, ...options } of layers) x = builder.relu(builder.conv(name, x, options));
  return builder.build('self-test', [x]);
}

export interface SelfTest {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  /** Sum over the output of `runnerInput`. */
  readonly sum: number;
  /** How far the sum may be off, as a share of it. */
  readonly tolerance: number;
}

/**
 * Engines round differently, accelerators most of all, and numbers of fewer bits more; this is still far less than any
 * wrong result.
 */
const tolerances: Readonly<Record<DeployedPrecision, number>> = {
  float32: 1e-3,
  float16: 5e-3,
  int8: 3e-2,
};

export function selfTest({ format, precision }: ModelKind = usualModel): SelfTest {
  const graph = selfTestGraph();
  const picture = runnerInput(3 * size * size);
  const image = format === 'tflite' ? channelsFirst(picture) : picture;
  let output: Picture = { channels: 3, values: image };
  const ranges = new Map([['image', rangeOf(image)]]);
  for (const [i, { name, outChannels, group }] of layers.entries()) {
    const weight = graph.initializers.get(`${name}.weight`);
    if (!weight) throw new RangeError(`no weights ${name}`);
    const { made, before } = convolveRelu(output, materialise(weight), outChannels, group);
    output = made;
    const [conv, relu] = graph.nodes.slice(2 * i);
    ranges.set(conv!.outputs[0]!, rangeOf(before));
    ranges.set(relu!.outputs[0]!, rangeOf(made.values));
  }
  const sum = Array.from(output.values).reduce((total, value) => total + value, 0);
  const bytes = timedFile(graph, format, precision, ranges);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { bytes, sha256, sum, tolerance: tolerances[precision] };
}

const usualModel: ModelKind = { format: 'onnx', precision: 'float32' };

function rangeOf(values: ArrayLike<number>): Range {
  const all = Array.from(values);
  return { min: Math.min(...all), max: Math.max(...all) };
}

/** The same numbers where they are taken for a picture with its channels last. */
function channelsFirst(values: Float32Array): Float32Array {
  const channels = values.length / size ** 2;
  return values.map((_, i) => values[(i % size ** 2) * channels + Math.floor(i / size ** 2)]!);
}

/** The input that the C runner makes: the top 24 bits of a linear congruential generator, in [0, 1). */
export function runnerInput(count: number, start = 12345): Float32Array {
  let state = start;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  });
}

interface Picture {
  readonly channels: number;
  readonly values: ArrayLike<number>;
}

/** Kernel 3, stride 1, zero padding. */
function convolveRelu(
  x: Picture,
  weight: ArrayLike<number>,
  channels: number,
  group: number,
): { readonly made: Picture; readonly before: Float64Array } {
  const inputs = x.channels / group;
  const outputs = channels / group;
  const values = new Float64Array(channels * size * size);
  const before = new Float64Array(values.length);
  for (let o = 0; o < channels; o++) {
    const first = Math.floor(o / outputs) * inputs;
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        let sum = 0;
        for (let i = 0; i < inputs; i++) {
          for (let tap = 0; tap < 9; tap++) {
            const r = row + Math.floor(tap / 3) - 1;
            const c = column + (tap % 3) - 1;
            if (r < 0 || c < 0 || r >= size || c >= size) continue;
            sum +=
              weight[(o * inputs + i) * 9 + tap]! * x.values[((first + i) * size + r) * size + c]!;
          }
        }
        before[(o * size + row) * size + column] = sum;
        values[(o * size + row) * size + column] = Math.max(0, sum);
      }
    }
  }
  return { made: { channels, values }, before };
}
