import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { nodeProcesses } from '../../../../main/child/node-process.ts';
import { builtVersion, loadAddon } from '../../../../main/engine/onednn/addon.ts';
import { OneDnnEngine } from '../../../../main/engine/onednn/engine.ts';
import { computeNativeStatistics } from '../../../../main/engine/onednn/statistics.ts';
import type { Graph, Node } from '../../../../main/graph/graph.ts';
import { scoreOf } from '../../../../main/proxy/zico.ts';
import { initialNetwork } from '../../../../main/space/initial-network.ts';
import { spaceNamed } from '../../../../main/space/index.ts';
import { engineEntry, generousLimits } from '../../../support/engines.ts';
import { readGolden } from '../../../support/golden.ts';
import { randomBatches } from '../../../support/random-batches.ts';

vi.setConfig({ testTimeout: 60_000 }); // whole networks, on a machine that may be busy

const space = spaceNamed('nats-sss');
const natsSss = (genotype: string): Graph =>
  initialNetwork(space, space.parse(genotype), 'pytorch-default', 7);

function opened(threads: number, otherwise: 'onnxruntime' | null = 'onnxruntime'): OneDnnEngine {
  const engine = new OneDnnEngine({
    processes: nodeProcesses,
    entry: path.resolve(engineEntry),
    threads,
    limits: generousLimits,
    version: builtVersion() ?? '',
    otherwise,
  });
  onTestFinished(() => engine.close());
  return engine;
}

const deviation = (actual: number, expected: number) => Math.abs(actual / expected - 1);

// The engine is optional: without a compiler or oneDNN there is nothing to test.
describe.skipIf(builtVersion() === null)('the onednn engine', () => {
  it.each(['plain', 'group', 'mbconv', 'three-batches', 'nats-sss-16-24-8-32-40'] as const)(
    'agrees with PyTorch on %s',
    async (name) => {
      const { graph, batches, expected } = readGolden(name);
      const { layers, losses } = await computeNativeStatistics(graph, batches, 1000, 2);
      expect(losses).toHaveLength(expected.losses.length);
      losses.forEach((loss, i) => expect(deviation(loss, expected.losses[i]!)).toBeLessThan(1e-5));
      // A value within rounding of zero passes a Relu on one processor and not on the other, which moves the few
      // layers before it in that batch.
      let moved = 0;
      layers.forEach((layer, i) => {
        const wanted = expected.layers[i]!;
        expect(layer).toMatchObject({ name: wanted.name, weights: wanted.weights });
        const apart = layer.gradientNorms.map((norm, batch) =>
          deviation(norm, wanted.gradientNorms[batch]!),
        );
        const most = Math.max(...apart);
        expect(most).toBeLessThan(2e-3);
        if (most >= 1e-5) moved += 1;
        else expect(deviation(layer.sumCapped, wanted.sumCappedAt1000)).toBeLessThan(3e-3);
      });
      expect(moved).toBeLessThanOrEqual(layers.length / 5);
      const score = scoreOf(layers);
      expect(deviation(score.zicoCapped, expected.zicoCappedAt1000)).toBeLessThan(1e-3);
      expect(deviation(score.zico, expected.zico)).toBeLessThan(3e-3);
    },
  );

  it.each([1, 2])(
    'gives the same bits again with %i threads, whatever came between',
    async (threads) => {
      const batches = randomBatches({ batchSize: 8 });
      const score = async (genotype: string) => {
        const { layers } = await computeNativeStatistics(natsSss(genotype), batches, 100, threads);
        return layers;
      };
      const first = await score('16:8:24:8:16');
      expect(await score('40:8:8:8:8')).not.toEqual(first);
      expect(await score('16:8:24:8:16')).toEqual(first);
    },
  );

  it('names itself in a score, and onnxruntime where an operator is not its own', async () => {
    const engine = opened(1);
    await engine.useBatches(randomBatches({ batchSize: 4 }));
    const graph = natsSss('8:8:8:8:8');
    const request = { graph, termCap: 100 };
    expect((await engine.statistics(request)).engine).toEqual(engine.identity);
    const norm = graph.nodes.filter(({ kind }) => kind === 'BatchNormalization')[0]!;
    const scale: Node = {
      kind: 'Identity',
      name: 'computed scale',
      inputs: [norm.inputs[1]!],
      outputs: ['computed'],
      attributes: {},
    };
    const [x, , ...rest] = norm.inputs;
    const changed = { ...norm, inputs: [x, 'computed', ...rest] } as Node;
    const foreign: Graph = {
      ...graph,
      nodes: [scale, ...graph.nodes.map((node) => (node === norm ? changed : node))],
    };
    const { engine: other } = await engine.statistics({ graph: foreign, termCap: 100 });
    expect(other).toMatchObject({ name: 'onnxruntime', threads: 1 });
    await expect(
      computeNativeStatistics(foreign, randomBatches({ batchSize: 4 }), 100, 1),
    ).rejects.toMatchObject({ code: 'operator-not-native', message: /BatchNormalization/ });
  }, 60_000);

  it('leaves the event loop free and stops when it is cancelled', async () => {
    const batches = randomBatches({ batchSize: 64 });
    const running = computeNativeStatistics(natsSss('64:64:64:64:64'), batches, 100, 1);
    const timer = setInterval(() => loadAddon().cancel(), 20);
    onTestFinished(() => clearInterval(timer));
    await expect(running).rejects.toThrow('cancelled');
  });
});
