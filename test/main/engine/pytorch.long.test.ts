/** Gradient norms of random networks on real images, held against PyTorch's. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OnnxRuntimeEngine } from '../../../main/engine/onnxruntime/engine.ts';
import type { Graph, Node } from '../../../main/graph/graph.ts';
import { layersOf } from '../../../main/graph/layers.ts';
import { generatorFor } from '../../../main/random.ts';
import { materialise } from '../../../main/graph/weights.ts';
import { initialNetwork } from '../../../main/space/initial-network.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import type { BatchSet } from '../../../main/task/batches.ts';
import { drawBatches } from '../../../main/task/draw-batches.ts';
import { openImages } from '../../../main/task/embedded.ts';
import { openEngine } from '../../support/engines.ts';

const python = process.env['ZICO_PYTHON'] ?? '/usr/bin/python3';
const script = path.join(import.meta.dirname, 'pytorch_gradient_norms.py');
const assets = path.join(import.meta.dirname, '../../../main/assets');
const space = spaceNamed('nats-sss');

interface PyTorchResult {
  readonly losses: readonly number[];
  readonly norms: Readonly<Record<string, readonly number[]>>;
}

function pytorch(graph: Graph, { batches, batchSize }: BatchSet, relu: boolean): PyTorchResult {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'zico-pytorch-'));
  try {
    let offset = 0;
    const arrays: Float32Array[] = [];
    const weights = layersOf(graph).map(({ name, weight }) => {
      const initializer = graph.initializers.get(weight);
      if (!initializer) throw new RangeError(`no weights ${weight}`);
      const data = materialise(initializer);
      arrays.push(data);
      offset += data.length;
      return { name, shape: initializer.shape, offset: offset - data.length };
    });
    const write = (file: string, parts: readonly ArrayBufferView[]) =>
      writeFileSync(
        path.join(folder, file),
        Buffer.concat(parts.map((p) => Buffer.from(p.buffer, p.byteOffset, p.byteLength))),
      );
    write('weights.f32', arrays);
    write(
      'inputs.f32',
      batches.map(({ inputs }) => inputs),
    );
    write(
      'targets.i32',
      batches.map(({ targets }) => targets as Int32Array),
    );
    const manifest = JSON.stringify({ batchSize, relu, weights });
    writeFileSync(path.join(folder, 'manifest.json'), manifest);
    const output = execFileSync(python, [script, folder], { encoding: 'utf8' });
    return JSON.parse(output) as PyTorchResult;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const linear = (graph: Graph): Graph => ({
  ...graph,
  nodes: graph.nodes.map((node): Node =>
    node.kind === 'Relu' ? { ...node, kind: 'Identity' } : node,
  ),
});

describe('over random networks of the NATS size space, PyTorch and the engine agree', () => {
  const random = generatorFor('pytorch test', 2);
  const genotypes = Array.from({ length: 6 }, () => space.sample(random));
  let engine: OnnxRuntimeEngine;
  let batches: BatchSet;

  beforeAll(async () => {
    engine = openEngine(2);
    const images = await openImages(null, assets);
    batches = await drawBatches(images, { batches: 2, batchSize: 32, seed: 3 });
    await engine.useBatches(batches);
  });
  afterAll(() => engine.close());

  /** Relative deviations of every layer's norm in every batch, and the largest one of a loss. */
  async function deviations(relu: boolean): Promise<{ norms: number[]; loss: number }> {
    const norms: number[] = [];
    let loss = 0;
    for (const genotype of genotypes) {
      const network = initialNetwork(space, genotype, 'pytorch-default', 1);
      const graph = relu ? network : linear(network);
      const expected = pytorch(graph, batches, relu);
      const actual = await engine.statistics({ graph, termCap: 1000 });
      actual.losses.forEach((value, b) => {
        loss = Math.max(loss, Math.abs(value / expected.losses[b]! - 1));
      });
      for (const layer of actual.layers) {
        layer.gradientNorms.forEach((value, b) =>
          norms.push(Math.abs(value / expected.norms[layer.name]![b]! - 1)),
        );
      }
    }
    return { loss, norms: norms.sort((a, b) => a - b) };
  }
  const share = (sorted: readonly number[], part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];

  it('in gradient norms: to 1e-4 in the median, to 1e-3 in 95 % of the layers', async () => {
    const { norms, loss } = await deviations(true);
    console.log(`median ${share(norms, 0.5)}, 95 % ${share(norms, 0.95)}, all ${share(norms, 1)}`);
    expect(norms.length).toBeGreaterThan(200);
    expect(loss).toBeLessThan(1e-4);
    expect(share(norms, 0.5)).toBeLessThan(1e-4);
    expect(share(norms, 0.95)).toBeLessThan(1e-3);
  });

  it('in every gradient norm to 1e-4 once there is no Relu whose mask rounding could flip', async () => {
    const { norms, loss } = await deviations(false);
    console.log(`without Relu: median ${share(norms, 0.5)}, all ${share(norms, 1)}`);
    expect(loss).toBeLessThan(1e-4);
    expect(share(norms, 1)).toBeLessThan(1e-4);
  });
});
