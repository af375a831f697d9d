/** The arm64 runner computes what this computer computes: ten networks, real arm64 code under qemu. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Tensor } from 'onnxruntime-node';
import { createSession } from '../../../../main/engine/onnxruntime/session.ts';
import { GraphBuilder } from '../../../../main/graph/builder.ts';
import type { Graph } from '../../../../main/graph/graph.ts';
import { inferShapes } from '../../../../main/graph/infer-shapes.ts';
import { writeDeployableOnnx } from '../../../../main/graph/onnx/write.ts';
import { elements } from '../../../../main/graph/shape.ts';
import { ownRunner } from '../../../../main/phone/runners/own-runners.ts';
import type { DeployedRunner } from '../../../../main/phone/runners/runner.ts';
import { runnerInput } from '../../../../main/phone/runners/self-test.ts';
import { spaceNamed } from '../../../../main/space/index.ts';
import {
  detectionNetwork,
  mobileNetwork,
  segmentationNetwork,
} from '../../../support/deployable-networks.ts';
import { LocalDevice } from '../../../support/local-device.ts';

let device: LocalDevice;
let deployed: DeployedRunner;
let folder: string;
beforeAll(async () => {
  device = new LocalDevice();
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-agreement-'));
  deployed = await ownRunner('ort-glibc-cpu', 'float32').deploy(device);
});
afterAll(() => {
  device.remove();
  rmSync(folder, { recursive: true });
});

/** One convolution of a kind between two plain ones. */
function around(kernel: number, group: number, stride = 1): Graph {
  const builder = new GraphBuilder();
  const plain = { inChannels: 16, outChannels: 16, kernel: 1 };
  let x = builder.image('image', [3, 24, 20]);
  x = builder.relu(builder.conv('first', x, { inChannels: 3, outChannels: 16, kernel: 3 }));
  x = builder.relu(builder.conv('middle', x, { ...plain, kernel, group, stride, bias: true }));
  return builder.build(`${kernel} ${group} ${stride}`, [builder.conv('last', x, plain)]);
}

const sizes = spaceNamed('nats-sss');
const networks: readonly [string, Graph][] = [
  ['grouped convolution', around(3, 4)],
  ['grouped convolution, stride 2', around(5, 2, 2)],
  ['depthwise convolution', around(3, 16)],
  ['depthwise convolution, 5 x 5, stride 2', around(5, 16, 2)],
  ['plain convolution', around(3, 1)],
  ['the narrowest of the size space', sizes.decode(sizes.parse('8:8:8:8:8'))],
  ['a middling one', sizes.decode(sizes.parse('24:48:16:56:32'))],
  ['inverted residuals with squeeze-and-excite', mobileNetwork()],
  ['segmentation', segmentationNetwork()],
  ['detection, six outputs', detectionNetwork()],
];

it('has ten networks, no two alike', () => {
  expect(networks).toHaveLength(10);
  const digests = networks.map(([, graph]) => digest(writeDeployableOnnx(graph, 1, '')));
  expect(new Set(digests).size).toBe(10);
});

it.each(networks)(
  'agrees on the outputs of %s',
  async (_, graph) => {
    const bytes = writeDeployableOnnx(graph, 1, '');
    const model = { path: path.join(folder, 'model.onnx'), sha256: digest(bytes) };
    writeFileSync(model.path, bytes);
    await deployed.load(model);
    const asked = { warmUp: 0, runs: 1, threads: 1, mask: 0xc0, limitMs: 120_000 };
    const { outputSums } = await deployed.run({ model, ...asked });
    await deployed.unload(model);
    const here = await sumsHere(bytes, graph);
    expect(outputSums).toHaveLength(graph.outputs.length);
    for (const [i, { sum, magnitude }] of here.entries()) {
      // Relative to what was added up: a sum near zero says little by itself.
      expect(Math.abs((outputSums?.[i] ?? NaN) - sum) / Math.max(1, magnitude)).toBeLessThan(1e-4);
      expect(magnitude).toBeGreaterThan(0);
    }
  },
  240_000,
);

async function sumsHere(bytes: Uint8Array, graph: Graph) {
  const session = await createSession(bytes, 1);
  try {
    const input = graph.inputs[0]!;
    const shape = [1, ...(inferShapes(graph, 2).get(input.name) ?? []).slice(1)];
    const image = new Tensor('float32', runnerInput(elements(shape)), shape);
    const outputs = await session.run({ [input.name]: image });
    return graph.outputs.map((name) => {
      const data = outputs[name]!.data as Float32Array;
      return {
        sum: data.reduce((total, value) => total + value, 0),
        magnitude: data.reduce((total, value) => total + Math.abs(value), 0),
      };
    });
  } finally {
    await session.release();
  }
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
