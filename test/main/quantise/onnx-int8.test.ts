/** int8 for ONNX Runtime, against the float network and against what onnxruntime's own quantisation reaches. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { usualRanges } from '../../../main/common/quantising.ts';
import { createSession } from '../../../main/engine/onnxruntime/session.ts';
import { Differences } from '../../../main/export/convert/report.ts';
import { bindImage } from '../../../main/graph/bind.ts';
import type { Graph } from '../../../main/graph/graph.ts';
import { decodeModel } from '../../../main/graph/onnx/decode.ts';
import { readOnnx } from '../../../main/graph/onnx/read.ts';
import { writeDeployableOnnx } from '../../../main/graph/onnx/write.ts';
import { prepareInt8 } from '../../../main/quantise/calibrate.ts';
import { slices } from '../../../main/quantise/images.ts';
import { writeInt8Onnx } from '../../../main/quantise/onnx-int8.ts';
import { parseNpy } from '../../../main/task/npy.ts';
import { detectionNetwork, mobileNetwork } from '../../support/deployable-networks.ts';
import { sameConv, Sketch } from '../../support/sketch.ts';
import { pictureOf } from '../../support/tflite.ts';

const golden = path.join(import.meta.dirname, '../../golden');
const options = { ...usualRanges, threads: 1 } as const;

function images(name: string, file: string) {
  const at = path.join(golden, 'int8', name, file);
  const { shape, data } = parseNpy(readFileSync(at), at);
  const image = shape.slice(1) as [number, number, number];
  const length = image.reduce((product, n) => product * n, 1);
  return { image, all: slices(data as Float32Array, length) };
}

/** Decibels on the pictures, and what is in the file. */
async function quantised(
  graph: Graph,
  calibrating: readonly Float32Array[],
  pictures: readonly Float32Array[],
) {
  const { bytes, inFloat } = writeInt8Onnx(await prepareInt8(graph, calibrating, options), 'test');
  const input = graph.inputs[0]!;
  const shape = [1, ...input.shape.slice(1)] as number[];
  const float = await createSession(writeDeployableOnnx(graph, 1, ''), 1);
  const int8 = await createSession(bytes, 1);
  const differences = new Differences();
  for (const picture of pictures) {
    const feeds = { [input.name]: new Tensor('float32', picture, shape) };
    const [expected, given] = [await float.run(feeds), await int8.run(feeds)];
    for (const name of graph.outputs) {
      differences.add(expected[name]!.data as Float32Array, given[name]!.data as Float32Array);
    }
  }
  await Promise.all([float.release(), int8.release()]);
  return { decibels: differences.closeness.sqnrDb ?? 100, inFloat, bytes };
}

describe('int8 for ONNX Runtime', { timeout: 120_000 }, () => {
  // onnxruntime's quantize_static on the same images (test/golden/int8/README.md); for segmentation with its own
  // preparation, and half a decibel less.
  it.each([
    ['nats', 29.32, 174_583],
    ['segmentation', 22.94, 84_152],
  ])('%s is closer than by onnxruntime itself', async (name, best, most) => {
    const file = path.join(golden, 'int8', name, 'model.onnx');
    const calibration = images(name, 'calibration.npy');
    const { image } = calibration;
    const graph = bindImage(readOnnx(readFileSync(file), name, { batchSize: 1 }), image);
    const made = await quantised(graph, calibration.all, images(name, 'heldout.npy').all);
    expect(made.inFloat).toEqual([]);
    expect(made.decibels).toBeGreaterThan(best);
    expect(made.bytes.length).toBeLessThan(1.1 * most);
  });

  it.each([
    ['inverted residuals with squeeze-and-excite', mobileNetwork()],
    ['detection with shared heads', detectionNetwork()],
  ])('%s', async (_, graph) => {
    const image = graph.inputs[0]!.shape.slice(1) as number[];
    const count = image.reduce((product, size) => product * size, 1);
    const pictures = [1, 2].map((seed) => pictureOf(count, 'int8', seed));
    const { decibels } = await quantised(graph, pictures, pictures);
    expect(decibels).toBeGreaterThan(15);
  });

  const networks = globSync('foreign/*/*.onnx', { cwd: golden }).sort();
  it.each(networks)('%s', async (name) => {
    const graph = readOnnx(readFileSync(path.join(golden, name)), name, { batchSize: 1 });
    const image = graph.inputs[0]!.shape.slice(1).map((size) => size ?? 32);
    const bound = bindImage(graph, image as [number, number, number]);
    const count = image.reduce((product, size) => product * size, 1);
    const pictures = [1, 2, 3].map((seed) => pictureOf(count, name, seed));
    const { decibels } = await quantised(bound, pictures, pictures);
    expect(decibels).toBeGreaterThan(15);
  });

  it('rounds nothing between a layer and the activation behind it', async () => {
    const picture = pictureOf(3 * 32 * 32, 'odd');
    const { bytes } = await quantised(mobileNetwork(), [picture], [picture]);
    const nodes = decodeModel(bytes, 'mobile').graph!.node!;
    const makers = new Map(nodes.flatMap((node) => node.output!.map((name) => [name, node])));
    const activations = nodes.filter(({ opType }) => opType === 'Relu' || opType === 'Clip');
    const before = activations.map(({ input }) => makers.get(input![0]!)?.opType);
    expect(before.length).toBeGreaterThan(2);
    expect(before.filter((kind) => kind === 'DequantizeLinear')).toEqual([]);
  });

  it('adds up large numbers, whose products in pairs exceed 16 bits', async () => {
    const sketch = new Sketch(1, [16, 4, 4]);
    const weight = sketch.weights('weight', [8, 16, 3, 3], new Float32Array(8 * 16 * 9).fill(1));
    const graph = sketch.graph([sketch.node('Conv', ['image', weight], sameConv)]);
    const bright = pictureOf(16 * 16, 'bright').map((value) => 1 + value / 100);
    const { decibels } = await quantised(graph, [bright], [bright]);
    expect(decibels).toBeGreaterThan(40);
  });

  it('keeps operators without a form of integers in float, and counts them', async () => {
    const graph = mobileNetwork();
    const odd: Graph = {
      ...graph,
      nodes: [
        ...graph.nodes,
        {
          ...{ kind: 'Softplus', name: 'smooth', inputs: graph.outputs },
          ...{ outputs: ['smoothed'], attributes: {} },
        },
      ],
      outputs: ['smoothed'],
    };
    const picture = pictureOf(3 * 32 * 32, 'odd');
    const { inFloat, bytes, decibels } = await quantised(odd, [picture], [picture]);
    expect(inFloat).toEqual([{ node: 'smooth', kind: 'Softplus' }]);
    expect(decibels).toBeGreaterThan(15);
    const kinds = decodeModel(bytes, 'odd').graph!.node!.map(({ opType }) => opType);
    expect(kinds.at(-1)).toBe('Softplus');
  });

  it.each([
    [[2, 3], true],
    [[-1, -2], false],
  ])('takes the means of channels in integers, over axes %j', async (axes, keepDims) => {
    const sketch = new Sketch(1, [8, 9, 9]);
    const mean = sketch.node('ReduceMean', [sketch.conv('a', 'image', [12, 8, 1, 1])], {
      ...{ axes, keepDims },
    });
    const last = keepDims
      ? sketch.conv('b', mean, [5, 12, 1, 1])
      : sketch.node('MatMul', [mean, sketch.weights('b', [12, 5])], {});
    const pictures = [1, 2, 3, 4].map((seed) => pictureOf(8 * 81, 'means', seed));
    const { decibels, inFloat } = await quantised(sketch.graph([last]), pictures, pictures);
    expect(inFloat).toEqual([]);
    expect(decibels).toBeGreaterThan(30);
  });
});
