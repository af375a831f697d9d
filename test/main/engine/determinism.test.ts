import { describe, expect, it, onTestFinished } from 'vitest';
import type { Statistics } from '../../../main/engine/engine.ts';
import type { Graph } from '../../../main/graph/graph.ts';
import { initialNetwork } from '../../../main/space/initial-network.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import type { BatchSet } from '../../../main/task/batches.ts';
import { openEngine } from '../../support/engines.ts';
import { readGolden } from '../../support/golden.ts';
import { randomBatches } from '../../support/random-batches.ts';

const space = spaceNamed('nats-sss');
const natsSss = (genotype: string): Graph =>
  initialNetwork(space, space.parse(genotype), 'pytorch-default', 7);

/** What a score is made of, to the last bit; time and memory are not. */
function numbers({ layers, losses }: Statistics) {
  return { layers, losses };
}

function opened(threads: number) {
  const engine = openEngine(threads);
  onTestFinished(() => engine.close());
  return engine;
}

async function scoredWith(threads: number, graph: Graph, batches: BatchSet) {
  const engine = opened(threads);
  await engine.useBatches(batches);
  const statistics = await engine.statistics({ graph, termCap: 1000 });
  expect(statistics.engine).toMatchObject({ name: 'onnxruntime', threads });
  return numbers(statistics);
}

describe('sums, norms and losses are the same to the last bit', () => {
  it('with one, two and three threads, for a large network of the NATS size space', async () => {
    const graph = natsSss('64:56:64:64:48');
    const batches = randomBatches({ batchSize: 16 });
    const one = await scoredWith(1, graph, batches);
    expect(one.layers.length).toBeGreaterThan(20);
    expect(one.layers.every(({ sum }) => sum > 0)).toBe(true);
    expect(await scoredWith(2, graph, batches)).toEqual(one);
    expect(await scoredWith(3, graph, batches)).toEqual(one);
  }, 60_000);

  it('with one, two and three threads, for inverted residuals', async () => {
    const { graph, batches } = readGolden('mbconv');
    const one = await scoredWith(1, graph, batches);
    expect(await scoredWith(2, graph, batches)).toEqual(one);
    expect(await scoredWith(3, graph, batches)).toEqual(one);
  }, 60_000);

  it('whatever was scored before, and after a restart', async () => {
    const engine = opened(2);
    const [graph, other] = [natsSss('16:8:24:8:16'), natsSss('32:8:8:8:8')];
    const score = async (scored: Graph, signal?: AbortSignal) =>
      numbers(await engine.statistics({ graph: scored, termCap: 100 }, signal));
    await engine.useBatches(randomBatches({ batchSize: 8 }));
    const first = await score(graph);
    expect(await score(other)).not.toEqual(first);
    expect(await score(graph)).toEqual(first);
    // An abort kills the process; the next request starts another one.
    const stop = new AbortController();
    const stopped = score(natsSss('64:64:64:64:64'), stop.signal);
    setTimeout(() => stop.abort(), 20);
    await expect(stopped).rejects.toMatchObject({ code: 'scoring-aborted' });
    expect(await score(graph)).toEqual(first);
  }, 60_000);

  it('unless the batches or the seed of the weights are others', async () => {
    const engine = opened(1);
    const score = async (scored: Graph) =>
      numbers(await engine.statistics({ graph: scored, termCap: 100 }));
    await engine.useBatches(randomBatches({ batchSize: 8 }));
    const first = await score(natsSss('8:8:8:8:8'));
    const genotype = space.parse('8:8:8:8:8');
    expect(await score(initialNetwork(space, genotype, 'pytorch-default', 8))).not.toEqual(first);
    await engine.useBatches(randomBatches({ batchSize: 8, seed: 1 }));
    expect(await score(natsSss('8:8:8:8:8'))).not.toEqual(first);
  });
});

describe('the term cap', () => {
  it('moves capped sums alone', async () => {
    const engine = opened(1);
    await engine.useBatches(randomBatches({ batchSize: 8 }));
    const graph = natsSss('8:8:8:8:8');
    const [low, high] = [
      await engine.statistics({ graph, termCap: 2 }),
      await engine.statistics({ graph, termCap: Infinity }),
    ];
    expect(low.layers.map(({ sum }) => sum)).toEqual(high.layers.map(({ sum }) => sum));
    for (const [i, layer] of low.layers.entries()) {
      expect(layer.sumCapped).toBeLessThanOrEqual(2 * layer.weights);
      expect(high.layers[i]!.sumCapped).toBe(layer.sum);
    }
    expect([low.termCap, high.termCap]).toEqual([2, Infinity]);
  });
});
