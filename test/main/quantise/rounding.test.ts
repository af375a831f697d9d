import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../main/graph/builder.ts';
import { toDeployedForInt8 } from '../../../main/graph/deployed/index.ts';
import type { Graph } from '../../../main/graph/graph.ts';
import { materialise } from '../../../main/graph/weights.ts';
import { calibrate } from '../../../main/quantise/calibrate.ts';
import { weightedLayers } from '../../../main/quantise/layers.ts';
import { quantisedWeights, smallestWeightScale } from '../../../main/quantise/parameters.ts';
import { withRoundedWeights } from '../../../main/quantise/rounding.ts';
import { generatorFor } from '../../../main/random.ts';
import { runInOnnxruntime } from '../../support/tflite.ts';

const size = 12;
const options = { method: 'min-max', percentile: 100, threads: 1 } as const;

/** Two layers, so that the second reads what is never negative. */
function network(group: number): Graph {
  const builder = new GraphBuilder();
  const x = builder.image('image', [4, size, size]);
  const conv = (name: string, input: string, kernel: number, groups: number) =>
    builder.conv(name, input, { inChannels: 4, outChannels: 4, kernel, group: groups });
  return builder.build('two', [conv('second', builder.relu(conv('first', x, 3, group)), 1, 1)]);
}

/** Neighbours are alike, as in pictures. */
function smooth(seed: number): Float32Array {
  const random = generatorFor('smooth', seed);
  let last = 0;
  return Float32Array.from({ length: 4 * size * size }, () => {
    last = 0.9 * last + random.next() / 0x8000_0000;
    return last;
  });
}

const pictures = [1, 2, 3, 4, 5, 6].map(smooth);

function rounded(graph: Graph): Graph {
  const initializers = new Map(graph.initializers);
  for (const { weight, outputs, outputOf, shape } of weightedLayers(graph)) {
    const exact = materialise(initializers.get(weight)!);
    const { data, scales } = quantisedWeights(exact, outputs, outputOf, () => smallestWeightScale);
    const values = Float32Array.from(data, (q, i) => q * scales[outputOf(i)]!);
    initializers.set(weight, { shape, values: { kind: 'data', data: values } });
  }
  return { ...graph, initializers };
}

async function errorOf(graph: Graph, exact: Graph): Promise<number> {
  let error = 0;
  for (const seed of [7, 8, 9]) {
    const image = { shape: [1, 4, size, size], data: smooth(seed) };
    const [given] = await runInOnnxruntime(graph, image);
    const [wanted] = await runInOnnxruntime(exact, image);
    wanted!.data.forEach((value, i) => (error += (value - given!.data[i]!) ** 2));
  }
  return error;
}

describe('weights that int8 has', () => {
  it.each([1, 2, 4])('are closer than each by itself, in %d groups', async (group) => {
    const exact = toDeployedForInt8(network(group));
    const made = withRoundedWeights(exact, await calibrate(exact, pictures, options));
    const nearest = await errorOf(rounded(exact), exact);
    expect(await errorOf(made, exact)).toBeLessThan(0.9 * nearest);
  });

  it('are found again by whoever writes them', async () => {
    const exact = toDeployedForInt8(network(2));
    const made = withRoundedWeights(exact, await calibrate(exact, pictures, options));
    for (const { weight, outputs, outputOf } of weightedLayers(made)) {
      const values = materialise(made.initializers.get(weight)!);
      const { data, scales } = quantisedWeights(
        values,
        outputs,
        outputOf,
        () => smallestWeightScale,
      );
      values.forEach((value, i) => expect(data[i]! * scales[outputOf(i)]!).toBeCloseTo(value, 6));
    }
  });
});
