/** Networks in int8: in both runtimes, against the float network, and against what other converters reach. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { agreement, Differences } from '../../../main/export/convert/report.ts';
import { int8Model, writeInt8Tflite } from '../../../main/tflite/index.ts';
import { usualRanges } from '../../../main/common/quantising.ts';
import { bindImage } from '../../../main/graph/bind.ts';
import { toDeployedForInt8 } from '../../../main/graph/deployed/index.ts';
import type { Graph } from '../../../main/graph/graph.ts';
import { readOnnx } from '../../../main/graph/onnx/read.ts';
import { calibrate, prepareInt8 } from '../../../main/quantise/calibrate.ts';
import { parseNpy } from '../../../main/task/npy.ts';
import {
  channelsLast,
  pictureOf,
  runInOnnxruntime,
  runInTflite,
  type Output,
} from '../../support/tflite.ts';
import { runInLiteRt } from '../../support/litert.ts';
import { detectionNetwork, mobileNetwork } from '../../support/deployable-networks.ts';
import { Sketch } from '../../support/sketch.ts';

const golden = path.join(import.meta.dirname, '../../golden');
const options = { ...usualRanges, threads: 1 } as const;

function split({ shape, data }: Output): Float32Array[] {
  const size = data.length / shape[0]!;
  return Array.from({ length: shape[0]! }, (_, i) => data.slice(i * size, (i + 1) * size));
}

/** Decibels in TensorFlow Lite 2.9 and in LiteRT, for pictures. */
async function inBoth(graph: Graph, image: readonly number[], pictures: readonly Float32Array[]) {
  const bound = bindImage(graph, image as [number, number, number]);
  const { bytes, inFloat } = writeInt8Tflite(await prepareInt8(bound, pictures, options), 'test');
  const shape = [1, ...image];
  const lite = await runInLiteRt(
    bytes,
    pictures.map((data) => channelsLast({ shape, data }).data),
  );
  const [old, now] = [new Differences(), new Differences()];
  for (const [i, data] of pictures.entries()) {
    const expected = await runInOnnxruntime(bound, { shape, data });
    const given = runInTflite(bytes, { shape, data });
    expected.forEach((output, k) => {
      old.add(output.data, given[k]!.data);
      now.add(output.data, lite[i]![k]!.data);
    });
  }
  const decibels = (of: Differences) => of.closeness.sqnrDb ?? 100;
  return { tflite: decibels(old), litert: decibels(now), inFloat };
}

describe('int8', { timeout: 120_000 }, () => {
  // The best of the other converters, less half a decibel (test/golden/int8/README.md).
  it.each([
    ['nats', 31.07, 1, 1.1 * 80440],
    ['segmentation', 23.41, 0.9226, 1.1 * 56656],
  ])('%s is as close as the best other converter makes it', async (name, best, agreeing, most) => {
    const npy = (file: string) => {
      const at = path.join(golden, 'int8', name, file);
      return parseNpy(readFileSync(at), at) as unknown as Output;
    };
    const model = readFileSync(path.join(golden, 'int8', name, 'model.onnx'));
    const calibration = npy('calibration.npy');
    const image = calibration.shape.slice(1) as unknown as [number, number, number];
    const graph = bindImage(readOnnx(model, name, { batchSize: 1 }), image);
    const quantisable = await prepareInt8(graph, split(calibration), options);
    const { bytes, inFloat } = writeInt8Tflite(quantisable, 'test');
    expect(inFloat).toEqual([]);
    expect(bytes.length).toBeLessThan(most);
    const expected = npy('float_output.npy');
    const differences = new Differences();
    let [same, places] = [0, 0];
    split(npy('heldout.npy')).forEach((data, i) => {
      const [given] = runInTflite(bytes, { shape: [1, ...image], data });
      const float = channelsLast({
        shape: [1, ...expected.shape.slice(1)],
        data: split(expected)[i]!,
      });
      differences.add(float.data, given!.data);
      const met = agreement(float.data, given!.data, float.shape.at(-1)!);
      [same, places] = [same + met.same, places + met.places];
    });
    expect(differences.closeness.sqnrDb).toBeGreaterThan(best - 0.5);
    expect(same / places).toBeGreaterThanOrEqual(agreeing);
  });

  const networks = globSync('foreign/*/*.onnx', { cwd: golden }).sort();
  it.each(networks)('%s, the same in both runtimes', async (name) => {
    const graph = readOnnx(readFileSync(path.join(golden, name)), name, { batchSize: 1 });
    const image = graph.inputs[0]!.shape.slice(1).map((size) => size ?? 32);
    const count = image.reduce((product, size) => product * size, 1);
    const pictures = [1, 2, 3].map((seed) => pictureOf(count, name, seed));
    const { tflite, litert } = await inBoth(graph, image, pictures);
    expect(tflite).toBeGreaterThan(15);
    expect(Math.abs(tflite - litert)).toBeLessThan(4);
  });

  it.each([
    ['inverted residuals with squeeze-and-excite', mobileNetwork()],
    ['detection with shared heads', detectionNetwork()],
  ])('%s', async (_, graph) => {
    const image = graph.inputs[0]!.shape.slice(1) as number[];
    const count = image.reduce((product, size) => product * size, 1);
    const pictures = [1, 2].map((seed) => pictureOf(count, 'int8', seed));
    const { tflite, litert, inFloat } = await inBoth(graph, image, pictures);
    expect(inFloat).toEqual([]);
    expect(tflite).toBeGreaterThan(15);
    expect(Math.abs(tflite - litert)).toBeLessThan(3);
  });

  it.each([
    [12, 3, 8, false],
    [12, 3, 24, true],
    [12, 6, 8, true],
  ])('pads %d x %d, %d channels, in the first convolution itself', async (size, from, to, pads) => {
    const sketch = new Sketch(1, [from, size, size]);
    const how = { strides: [2, 2], pads: [1, 1, 1, 1] } as const;
    const graph = sketch.graph([sketch.conv('first', 'image', [to, from, 3, 3], how)]);
    const pictures = [1, 2, 3].map((seed) => pictureOf(from * size * size, 'first', seed));
    const { operators } = int8Model(await prepareInt8(graph, pictures, options), 'float32').model;
    expect(operators.some(({ kind }) => kind === 'PAD')).toBe(pads);
    const { tflite, litert } = await inBoth(graph, [from, size, size], pictures);
    expect(tflite).toBeGreaterThan(35);
    expect(Math.abs(tflite - litert)).toBeLessThan(1);
  });

  it('slopes below zero along one of five axes', async () => {
    const sketch = new Sketch(1, [6, 8, 6]);
    const apart = sketch.node('Reshape', ['image'], { shape: [1, 2, 3, 8, 6] });
    const slopes = sketch.weights('slopes', [3, 1, 1]);
    const sloped = sketch.node('PRelu', [apart, slopes], {});
    const graph = sketch.graph([sketch.node('Reshape', [sloped], { shape: [1, 288] })]);
    const pictures = [1, 2, 3].map((seed) => pictureOf(288, 'slopes', seed));
    const { tflite, litert } = await inBoth(graph, [6, 8, 6], pictures);
    expect(tflite).toBeGreaterThan(40);
    expect(Math.abs(tflite - litert)).toBeLessThan(1);
  });

  it('refuses images on which a value is not finite, by its name', async () => {
    const graph = toDeployedForInt8(mobileNetwork());
    const picture = pictureOf(3 * 32 * 32, 'broken');
    picture[5] = Infinity;
    await expect(calibrate(graph, [picture], options)).rejects.toMatchObject({
      code: 'calibration-not-finite',
    });
    await expect(calibrate(graph, [], options)).rejects.toMatchObject({
      code: 'no-calibration-data',
    });
  });
});
