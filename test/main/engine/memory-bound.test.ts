import { describe, expect, it } from 'vitest';
import { computeStatistics } from '../../../main/engine/onnxruntime/statistics.ts';
import { leastMemory } from '../../../main/engine/memory-bound.ts';
import { withTaskLoss } from '../../../main/engine/task-loss.ts';
import { differentiate } from '../../../main/graph/differentiate.ts';
import { layersOf } from '../../../main/graph/layers.ts';
import { initialNetwork } from '../../../main/space/initial-network.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import { openEngine } from '../../support/engines.ts';
import { randomBatches } from '../../support/random-batches.ts';

const space = spaceNamed('nats-sss');
const graph = initialNetwork(space, space.parse('64:64:64:64:64'), 'pytorch-default', 0);

function least(batchSize: number): number {
  const { graph: scored } = withTaskLoss(graph, randomBatches({ batchSize }));
  const weights = layersOf(scored).map(({ weight }) => weight);
  return leastMemory(differentiate(scored, batchSize, weights), scored);
}

describe('the least memory a network needs', () => {
  it('is less than what scoring takes, and most of what another batch adds', async () => {
    const peak = async (batchSize: number) => {
      const engine = openEngine(1);
      await engine.useBatches(randomBatches({ batchSize }));
      const { peakMemoryBytes } = await engine.statistics({ graph, termCap: 1 });
      await engine.close();
      return peakMemoryBytes;
    };
    const [few, many] = [await peak(8), await peak(48)];
    expect(least(48)).toBeLessThan(many);
    const growth = (least(48) - least(8)) / (many - few);
    expect(growth).toBeLessThan(1);
    expect(growth).toBeGreaterThan(0.4);
  }, 60_000);

  it('refuses a network before a session exists, saying both figures', async () => {
    const batches = randomBatches({ batchSize: 48 });
    await expect(computeStatistics(graph, batches, 1, 1, 64 * 2 ** 20)).rejects.toMatchObject({
      code: 'memory-lower-bound',
      message: expect.stringMatching(/at least \d+ MiB.* 64 MiB are allowed/) as string,
    });
  });
});
