/** Whole networks as .tflite files, run by TensorFlow Lite 2.9 and LiteRT against onnxruntime. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeTflite } from '../../../main/tflite/index.ts';
import type { Graph } from '../../../main/graph/graph.ts';
import { readOnnx } from '../../../main/graph/onnx/read.ts';
import { generatorFor } from '../../../main/random.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import { initialNetwork } from '../../../main/space/initial-network.ts';
import {
  detectionNetwork,
  mobileNetwork,
  oddNetwork,
  segmentationNetwork,
} from '../../support/deployable-networks.ts';
import { differences } from '../../support/tflite.ts';

const golden = path.join(import.meta.dirname, '../../golden');
type Image = readonly [number, number, number];

function imageOf(graph: Graph): Image {
  const [, ...sizes] = graph.inputs[0]!.shape;
  return sizes.map((size) => size ?? 32) as unknown as Image;
}

async function assertAgrees(graph: Graph, limit = 1e-4, litert = true): Promise<void> {
  const image = imageOf(graph);
  const bound = { ...graph, inputs: [{ ...graph.inputs[0]!, shape: [null, ...image] }] };
  const file = writeTflite(bound, 'float32', 'test');
  const off = await differences(bound, file, image, { litert });
  expect(off.tflite).toBeLessThan(limit);
  expect(off.litert).toBeLessThan(limit);
}

describe('a network as TensorFlow Lite', { timeout: 120_000 }, () => {
  it.each([
    ['inverted residuals with groups', mobileNetwork()],
    ['segmentation', segmentationNetwork()],
    ['segmentation with linear upsampling', segmentationNetwork(true)],
    ['detection', detectionNetwork()],
    ['odd names and shapes', oddNetwork()],
  ])('%s', async (_, graph) => assertAgrees(graph));

  const foreign = globSync('foreign/*/*.onnx', { cwd: golden }).sort();
  it.each(foreign)('%s', async (name) => {
    await assertAgrees(readOnnx(readFileSync(path.join(golden, name)), name, { batchSize: 1 }));
  });

  it.each(['nats-sss', 'nas-bench-201'])('random networks of %s', async (name) => {
    const space = spaceNamed(name);
    const random = generatorFor('tflite', name);
    for (let i = 0; i < 3; i++) {
      await assertAgrees(initialNetwork(space, space.sample(random), 'kaiming-normal-fan-out', i));
    }
  });

  it('keeps the same numbers at half the size with float16 weights', async () => {
    const graph = segmentationNetwork();
    const [whole, half] = (['float32', 'float16'] as const).map((precision) =>
      writeTflite(graph, precision, 'test'),
    ) as [Uint8Array, Uint8Array];
    expect(half.length).toBeLessThan(0.7 * whole.length);
    const off = await differences(graph, half, imageOf(graph));
    expect(off.tflite).toBeLessThan(5e-3);
    expect(off.litert).toBeLessThan(5e-3);
    expect(off.tflite).toBeGreaterThan(1e-6);
  });
});
