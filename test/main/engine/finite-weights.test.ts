/** Weights that are no numbers, and weights that make none: refused by both engines, never scored as 0. */
import { describe, expect, it } from 'vitest';
import { builtVersion } from '../../../main/engine/onednn/addon.ts';
import { computeNativeStatistics } from '../../../main/engine/onednn/statistics.ts';
import { computeStatistics } from '../../../main/engine/onnxruntime/statistics.ts';
import { GraphBuilder } from '../../../main/graph/builder.ts';
import type { Graph, Initializer } from '../../../main/graph/graph.ts';
import { materialise, withInitialWeights } from '../../../main/graph/weights.ts';
import { randomBatches } from '../../support/random-batches.ts';

const batches = randomBatches({ batchSize: 4, inputShape: [3, 12, 12] });

const engines: [string, (graph: Graph) => Promise<unknown>][] = [
  ['onnxruntime', (graph) => computeStatistics(graph, batches, 100, 1)],
];
if (builtVersion() !== null) {
  engines.push(['onednn', (graph) => computeNativeStatistics(graph, batches, 100, 1)]);
}

/** Two convolutions with what is behind them, and a classifier. */
function network(normalised: boolean, pooled: boolean): Graph {
  const net = new GraphBuilder();
  let x = net.image('input', [3, 12, 12]);
  for (const [i, inChannels] of [3, 8].entries()) {
    x = net.conv(`conv${i}`, x, { inChannels, outChannels: 8, kernel: 3 });
    if (normalised) x = net.batchNormalization(`norm${i}`, x, 8);
    x = net.relu(x);
    if (pooled) x = net.maxPool(x, 3, 2, 1);
  }
  const logits = net.linear('head', net.flatten(net.globalAveragePool(x)), 8, 10);
  return withInitialWeights(net.build('net', [logits]), 'pytorch-default', 1);
}

/** With some of a weight's numbers changed. */
function changed(graph: Graph, name: string, change: (value: number, i: number) => number): Graph {
  const initializer = graph.initializers.get(name) as Initializer;
  const data = Float32Array.from(materialise(initializer), change);
  const values = { kind: 'data', data } as const;
  const initializers = new Map(graph.initializers).set(name, { ...initializer, values });
  return { ...graph, initializers };
}

describe.each(engines)('%s', (_name, score) => {
  const graphs: [string, Graph][] = [
    ['plain', network(false, false)],
    ['pooled', network(false, true)],
    ['normalised', network(true, false)],
    ['both', network(true, true)],
  ];

  it.each(graphs)('scores a network of numbers: %s', async (_kind, graph) => {
    await expect(score(changed(graph, 'conv0.weight', (w) => w))).resolves.toBeDefined();
  });

  describe.each(graphs)('refuses in a network that is %s', (_kind, graph) => {
    it.each([
      ['conv0.weight', NaN],
      ['conv1.weight', NaN],
      ['head.weight', NaN],
      ['conv1.weight', Infinity],
      ['conv0.weight', -Infinity],
      ['head.bias', NaN],
    ])('%s with %d, by name and place', async (weight, value) => {
      const bad = changed(graph, weight, (w, i) => (i === 3 ? value : w));
      await expect(score(bad)).rejects.toMatchObject({
        code: 'weights-not-finite',
        message: expect.stringContaining(
          `"${weight}" of "net" hold ${value} (value 4 of`,
        ) as string,
      });
    });

    it('numbers so large that layers overflow', async () => {
      // The sign changes, so that sums are what is no number, which a Relu must not take for zero.
      const large = (w: number, i: number) => (w < 0 ? -1 : 1) * (3e38 - (i % 7) * 1e37);
      const bad = changed(changed(graph, 'conv0.weight', large), 'conv1.weight', large);
      await expect(score(bad)).rejects.toMatchObject({ code: 'gradient-not-finite' });
    });
  });

  it('does not mind running statistics that are none: a score does not depend on them', async () => {
    const graph = network(true, false);
    const numbers = async (scored: Graph) => {
      const { layers, losses } = (await score(scored)) as { layers: unknown; losses: unknown };
      return { layers, losses };
    };
    const without = changed(graph, 'norm0.running_var', () => NaN);
    expect(await numbers(without)).toEqual(await numbers(graph));
  });
});
