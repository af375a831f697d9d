import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OnnxRuntimeEngine } from '../../../main/engine/onnxruntime/engine.ts';
import type { Graph } from '../../../main/graph/graph.ts';
import { initialNetwork } from '../../../main/space/initial-network.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import type { ClassificationBatches } from '../../../main/task/batches.ts';
import { openEngine } from '../../support/engines.ts';
import { randomBatches } from '../../support/random-batches.ts';
import { Sketch } from '../../support/sketch.ts';
import type { Known } from '../../../main/common/known.ts';

const space = spaceNamed('nats-sss');
const natsSss = (genotype: string): Graph =>
  initialNetwork(space, space.parse(genotype), 'pytorch-default', 7);
const small = natsSss('8:8:8:8:8');
const good = randomBatches({ batchSize: 4 });

let engine: OnnxRuntimeEngine;
beforeAll(() => {
  engine = openEngine(1);
});
afterAll(() => engine.close());

const score = async (graph: Graph, batches: ClassificationBatches) => {
  await engine.useBatches(batches);
  return engine.statistics({ graph, termCap: 1000 });
};

/** Runs after every refusal: the engine has to be none the worse for it. */
const stillWorks = async () =>
  expect((await score(small, good)).losses.every(Number.isFinite)).toBe(true);

describe('the engine refuses, and goes on with the next network after', () => {
  it('images with NaN, naming layer and batch', async () => {
    const [first, second] = good.batches as Known<(typeof good.batches)[number]>;
    const inputs = second.inputs.slice();
    inputs[17] = NaN;
    const bad = { ...good, batches: [first, { ...second, inputs }] };
    await expect(score(small, bad)).rejects.toMatchObject({
      code: 'gradient-not-finite',
      message: expect.stringMatching(/"stem\.[a-z]+".* batch 2 /) as string,
    });
    await stillWorks();
  });

  it('weights so large that the gradients overflow', async () => {
    const huge = new Map(small.initializers);
    for (const [name, { shape }] of huge) {
      if (name.endsWith('.weight') && shape.length === 2) {
        huge.set(name, { shape, values: { kind: 'constant', value: 3e38 } });
      }
    }
    await expect(score({ ...small, initializers: huge }, good)).rejects.toMatchObject({
      code: 'gradient-not-finite',
    });
    await stillWorks();
  });

  it('images of another size than the network takes, naming both', async () => {
    const batches = randomBatches({ batchSize: 4, inputShape: [3, 16, 16] });
    await expect(score(small, batches)).rejects.toMatchObject({
      code: 'shape-mismatch',
      message: 'The network takes images of N x 3 x 32 x 32, but the data are N x 3 x 16 x 16.',
    });
    await stillWorks();
  });

  it('data with more classes than the network tells apart', async () => {
    const batches = randomBatches({ batchSize: 4, classes: 11 });
    await expect(score(small, batches)).rejects.toMatchObject({
      code: 'shape-mismatch',
      message: expect.stringContaining('11 classes') as string,
    });
    await stillWorks();
  });

  it('a network without layers', async () => {
    const sketch = new Sketch(4, [10, 1, 1]);
    const graph = sketch.graph([sketch.node('Flatten', ['image'], { axis: 1 })]);
    const batches = randomBatches({ batchSize: 4, inputShape: [10, 1, 1] });
    await expect(score(graph, batches)).rejects.toMatchObject({ code: 'no-layers' });
    await stillWorks();
  });

  it('not a network with a layer that its output does not depend on: it gets no gradient', async () => {
    const sketch = new Sketch(4, [3, 4, 4]);
    sketch.conv('unused.weight', 'image', [2, 3, 1, 1]);
    const graph = sketch.graph([sketch.classifier('image', 10)]);
    const batches = randomBatches({ batchSize: 4, inputShape: [3, 4, 4] });
    const { layers } = await score(graph, batches);
    expect(
      layers.map(({ sum, gradientNorms }) => sum > 0 && gradientNorms.every((n) => n > 0)),
    ).toEqual([false, true]);
    expect(layers[0]).toMatchObject({ sum: 0, sumCapped: 0, channels: 2 });
    await stillWorks();
  });

  it('a network none of whose layers reaches its output, naming the weights', async () => {
    const sketch = new Sketch(4, [10, 1, 1]);
    sketch.conv('unused.weight', 'image', [2, 10, 1, 1]);
    const graph = sketch.graph([sketch.node('Flatten', ['image'], { axis: 1 })]);
    const batches = randomBatches({ batchSize: 4, inputShape: [10, 1, 1] });
    await expect(score(graph, batches)).rejects.toMatchObject({
      code: 'no-gradient',
      message: expect.stringContaining('"unused.weight"') as string,
    });
    await stillWorks();
  });

  it('a network that the batch cannot fill: a batch size frozen in a Reshape', async () => {
    const sketch = new Sketch(4, [3, 4, 4]);
    const x = sketch.conv('a', 'image', [3, 3, 1, 1]);
    const graph = sketch.graph([
      sketch.classifier(sketch.node('Reshape', [x], { shape: [4, 48] }), 10),
    ]);
    const batches = randomBatches({ batchSize: 8, inputShape: [3, 4, 4] });
    await expect(score(graph, batches)).rejects.toMatchObject({
      code: 'shape-mismatch',
      message: expect.stringContaining('Reshape node') as string,
    });
    await stillWorks();
  });
});

describe('the limits of one candidate', () => {
  it('in time end it by the name scoring-timeout', async () => {
    const hasty = openEngine(1, { timeoutMs: 50, memoryBytes: Infinity });
    await expect(hasty.statistics({ graph: small, termCap: 1 })).rejects.toMatchObject({
      code: 'scoring-timeout',
    });
    await hasty.close();
  });

  it('in memory end it by the name memory-ceiling', async () => {
    const poor = openEngine(1, { timeoutMs: 60_000, memoryBytes: 250 * 2 ** 20 });
    await poor.useBatches(randomBatches({ batchSize: 32 }));
    const graph = natsSss('64:64:64:64:64');
    await expect(poor.statistics({ graph, termCap: 1 })).rejects.toMatchObject({
      code: 'memory-ceiling',
    });
    await poor.close();
  });

  it('in memory refuse it untried where it needs more for certain', async () => {
    const poor = openEngine(1, { timeoutMs: 60_000, memoryBytes: 250 * 2 ** 20 });
    await poor.useBatches(randomBatches({ batchSize: 128 }));
    const graph = natsSss('64:64:64:64:64');
    await expect(poor.statistics({ graph, termCap: 1 })).rejects.toMatchObject({
      code: 'memory-lower-bound',
    });
    await poor.close();
  });

  it('batches have to come first', async () => {
    const empty = openEngine(1);
    await expect(empty.statistics({ graph: small, termCap: 1 })).rejects.toMatchObject({
      code: 'no-batches',
    });
    await empty.close();
  });
});
