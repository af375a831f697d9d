/** Several batches at once: when, and that nobody can tell it from the scores. */
import { describe, expect, it, vi } from 'vitest';
import { builtVersion, loadAddon } from '../../../../main/engine/onednn/addon.ts';
import {
  planned,
  plannedAtOnce,
  plannedInTurn,
  type PlanTask,
} from '../../../../main/engine/onednn/planned.ts';
import { computeNativeStatistics } from '../../../../main/engine/onednn/statistics.ts';
import { nativeTask } from '../../../../main/engine/onednn/task.ts';
import { batchesAtOnce } from '../../../../main/engine/onednn/together.ts';
import { instructionsHere } from '../../../../main/engine/instructions.ts';
import { scoredLayers } from '../../../../main/engine/scored-layers.ts';
import { differentiate } from '../../../../main/graph/differentiate.ts';
import type { Graph } from '../../../../main/graph/graph.ts';
import { generatorFor } from '../../../../main/random.ts';
import { initialNetwork } from '../../../../main/space/initial-network.ts';
import { spaceNamed, withResolution } from '../../../../main/space/index.ts';
import { none } from '../../../support/operator-cases/case.ts';
import { randomBatches } from '../../../support/random-batches.ts';
import { Sketch } from '../../../support/sketch.ts';

vi.mock('../../../../main/graph/differentiate.ts', { spy: true });
vi.setConfig({ testTimeout: 120_000 }); // on a machine that may be busy

const mebibyte = 2 ** 20;

describe('how many batches are computed at once', () => {
  it('is all of them where their values find room in a cache', () => {
    expect(batchesAtOnce({ batches: 4, values: 8 * mebibyte, weights: 1e5 })).toBe(4);
  });

  it('is all of them where the weights outnumber the values', () => {
    expect(batchesAtOnce({ batches: 4, values: 400 * mebibyte, weights: 5e7 })).toBe(4);
  });

  it('is as many as find room otherwise, and divides their number', () => {
    expect(batchesAtOnce({ batches: 6, values: 42 * mebibyte, weights: 1e5 })).toBe(3);
    expect(batchesAtOnce({ batches: 4, values: 4000 * mebibyte, weights: 1e5 })).toBe(1);
  });
});

const smallImages = [3, 8, 8] as const;
const [batches, batchSize] = [4, 2];
const set = randomBatches({ batches, batchSize, inputShape: smallImages });

function taskOf(
  network: Graph,
  data = set,
): { task: PlanTask; planBatches: () => readonly never[] } {
  const { graph, planBatches } = nativeTask(network, data);
  const weights = scoredLayers(graph).map(({ weight }) => weight);
  const counts = { batches: data.batches.length, batchSize: data.batchSize };
  return { task: { graph, weights, ...counts }, planBatches: planBatches as never };
}

/** A normalised convolution, and whatever `rest` does with its N x 8 x 8 x 8. */
function networkOf(rest: (sketch: Sketch, x: string) => string): Graph {
  const sketch = new Sketch(batchSize, smallImages);
  const normalised = sketch.norm('norm', sketch.conv('conv', 'image', [8, 3, 1, 1]));
  const x = rest(sketch, sketch.node('Relu', [normalised], none));
  return sketch.graph([sketch.classifier(x, 10)]);
}

describe.skipIf(builtVersion() === null)('batches at once', () => {
  const nats = spaceNamed('nats-sss');
  const efficientnet = withResolution(spaceNamed('efficientnet-wide'), { scoring: [32, 32] });
  const random = generatorFor('together');
  const sizes = Array.from({ length: 100 }, () => efficientnet.sample(random))
    .map((genotype) => ({ genotype, ...efficientnet.counts(genotype) }))
    .sort((a, b) => a.parameters - b.parameters);
  const smallest = sizes[0]!.genotype;
  const networks = {
    'of nats-sss': {
      network: initialNetwork(nats, nats.parse('24:16:40:8:64'), 'pytorch-default', 3),
      data: randomBatches({ batches, batchSize }),
    },
    'of efficientnet': {
      network: initialNetwork(efficientnet, smallest, 'pytorch-default', 3, 'scoring'),
      data: randomBatches({ batches, batchSize, inputShape: efficientnet.scoringShape }),
    },
    'with gates over channels': {
      network: networkOf((sketch, x) => {
        const squeezed = sketch.node('GlobalAveragePool', [x], none);
        const gate = sketch.node('Sigmoid', [sketch.conv('gate', squeezed, [8, 8, 1, 1])], none);
        return sketch.node('Mul', [x, gate], none);
      }),
      data: set,
    },
  };

  it.each(Object.entries(networks))('come to the same bits: %s', async (_name, given) => {
    const { task, planBatches } = taskOf(given.network, given.data);
    const atOnce = plannedAtOnce(task);
    expect(atOnce?.together).toBe(batches);
    const run = async ({ plan, together }: NonNullable<typeof atOnce>, threads: number) => {
      const request = { ...plan, together, batches: planBatches(), termCap: 100, threads };
      const { layers, losses } = await loadAddon().run({ ...request, winograd: true }, false);
      return { layers, losses };
    };
    for (const threads of [1, 2]) {
      expect(await run(atOnce!, threads)).toEqual(await run(plannedInTurn(task), threads));
    }
  });

  it('are derived once, as batches in turn are', () => {
    const derived = vi.mocked(differentiate);
    const { network, data } = networks['of nats-sss'];
    const { task } = taskOf(network, data);
    for (const [images, together] of [
      [2, batches],
      [64, 1],
    ] as const) {
      derived.mockClear();
      expect(planned({ ...task, batchSize: images }).together).toBe(together);
      expect(derived).toHaveBeenCalledTimes(1);
    }
  });

  it('may be some of all, one lot after the other', async () => {
    const { task, planBatches } = taskOf(
      networks['of nats-sss'].network,
      networks['of nats-sss'].data,
    );
    const half = plannedAtOnce({ ...task, batches: 2 })!;
    const run = async (planned: typeof half) => {
      const { plan, together } = planned;
      const request = { ...plan, together, batches: planBatches(), termCap: 100, threads: 1 };
      const { layers, losses } = await loadAddon().run({ ...request, winograd: true }, false);
      return { layers, losses };
    };
    expect(half.together).toBe(2);
    expect(await run(half)).toEqual(await run(plannedInTurn(task)));
  });

  it('are not where the network mixes images or was made for one number of them', () => {
    const mixing = networkOf((sketch, x) => {
      const mean = sketch.node('ReduceMean', [x], { axes: [0], keepDims: true });
      return sketch.node('Sub', [x, mean], none);
    });
    expect(plannedAtOnce(taskOf(mixing).task)).toBeNull();
    const fixed = networkOf((sketch, x) =>
      sketch.node('Reshape', [x], { shape: [batchSize, 8, 8, 8] }),
    );
    expect(plannedAtOnce(taskOf(fixed).task)).toBeNull();
  });

  it.skipIf(instructionsHere() === 'scalar')(
    'give way to one after the other where these fit alone, with the same score',
    async () => {
      const { network, data } = networks['of nats-sss'];
      const score = (memoryBytes?: number) =>
        computeNativeStatistics(
          ...[network, data, 100, 1, false, 'float32-winograd' as const, memoryBytes],
        );
      const free = await score();
      const { task } = taskOf(network, data);
      const request = { ...plannedInTurn(task).plan, batches: taskOf(network, data).planBatches() };
      const inTurn = await loadAddon().run(
        { ...request, termCap: 100, threads: 1, winograd: true },
        false,
      );
      expect(inTurn.arenaBytes).toBeLessThan(free.native.arenaBytes);
      const tight = await score(1.2 * inTurn.arenaBytes);
      expect(tight.native.arenaBytes).toBe(inTurn.arenaBytes);
      expect({ ...tight, native: null }).toEqual({ ...free, native: null });
    },
  );
});
