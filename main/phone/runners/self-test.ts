/**
 * A tiny network whose output is known without any engine: a runner that gets its sum right really computes. A
 * convolution, a grouped and a depthwise one, each with a Relu, on a fixed picture.
 */
import { createHash } from 'node:crypto';
import { GraphBuilder } from '../../graph/builder.ts';
import type { Graph } from '../../graph/graph.ts';
import { writeDeployableOnnx } from '../../graph/onnx/write.ts';
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
}

/** Engines round differently, accelerators most of all; this is still far less than any wrong result. */
export const sumTolerance = 1e-3;

export function selfTest(): SelfTest {
  const graph = selfTestGraph();
  const bytes = writeDeployableOnnx(graph, 1, '');
  let output: Picture = { channels: 3, values: runnerInput(3 * size * size) };
  for (const { name, outChannels, group } of layers) {
    const weight = graph.initializers.get(`${name}.weight`);
    if (!weight) throw new RangeError(`no weights ${name}`);
    output = convolveRelu(output, materialise(weight), outChannels, group);
  }
  const sum = Array.from(output.values).reduce((total, value) => total + value, 0);
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), sum };
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
): Picture {
  const inputs = x.channels / group;
  const outputs = channels / group;
  const values = new Float64Array(channels * size * size);
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
        values[(o * size + row) * size + column] = Math.max(0, sum);
      }
    }
  }
  return { channels, values };
}
