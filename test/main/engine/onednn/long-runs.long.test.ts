/** What only shows over many networks: agreement of both engines, memory, and the number of threads. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { builtVersion, loadAddon } from '../../../../main/engine/onednn/addon.ts';
import { computeNativeStatistics } from '../../../../main/engine/onednn/statistics.ts';
import { generatorFor } from '../../../../main/random.ts';
import { initialNetwork } from '../../../../main/space/initial-network.ts';
import { spaceNamed } from '../../../../main/space/index.ts';
import {
  agreementOn,
  agreementSettings,
  share,
  together,
  type Agreement,
  type Comparison,
} from '../../../support/engine-agreement.ts';
import { randomBatches } from '../../../support/random-batches.ts';

vi.setConfig({ testTimeout: 1_800_000 });

/** `npm run bench -- agreement` compares more; docs/validation.md has its figures. */
const networks: Readonly<Record<string, number>> = {
  'nats-sss': 8,
  'efficientnet-wide': 3,
  'efficientdet-d0-wide': 2,
  'ffnet-48': 3,
  'segmentation-macro': 3,
};

async function agreement(name: string, comparison: Comparison): Promise<Agreement> {
  const found: Agreement[] = [];
  for (let i = 0; i < networks[name]!; i++) {
    found.push(await agreementOn(name, i, { comparison }));
  }
  return together(found);
}

const space = spaceNamed('nats-sss');

describe.skipIf(builtVersion() === null)('over random networks onednn', () => {
  it.each(Object.keys(agreementSettings))(
    'agrees with onnxruntime in every gradient norm once nothing compares: %s',
    async (name) => {
      const found = await agreement(name, 'maskless');
      expect(found.norms.length).toBeGreaterThan(20 * networks[name]!);
      expect(found.loss).toBeLessThan(1e-4);
      expect(share(found, 1)).toBeLessThan(1e-4);
    },
  );

  it.each(['nats-sss', 'efficientnet-wide', 'efficientdet-d0-wide'])(
    'agrees with onnxruntime in nearly every gradient norm: %s',
    async (name) => {
      const found = await agreement(name, 'engines');
      expect(found.norms.length).toBeGreaterThan(20 * networks[name]!);
      expect(share(found, 0.5)).toBeLessThan(1e-4);
      expect(share(found, 0.95)).toBeLessThan(1e-3);
    },
  );

  it('gives capped sums within 0.1 % with one, two and three threads', async () => {
    const batches = randomBatches({ batchSize: 8 });
    const random = generatorFor('threads');
    for (let i = 0; i < 5; i++) {
      const network = initialNetwork(space, space.sample(random), 'pytorch-default', i);
      const totals: number[] = [];
      for (const threads of [1, 2, 3]) {
        const { layers } = await computeNativeStatistics(network, batches, 100, threads);
        totals.push(layers.reduce((sum, { sumCapped }) => sum + Math.log(sumCapped), 0));
      }
      for (const total of totals) expect(Math.abs(total / totals[0]! - 1)).toBeLessThan(1e-3);
    }
  });

  it('keeps its memory over 500 networks in one process, some of them cancelled half-way', async () => {
    const batches = randomBatches({ batchSize: 8 });
    const random = generatorFor('500 networks');
    const largest = space.parse('64:64:64:64:64');
    const score = async (genotype: typeof largest) =>
      computeNativeStatistics(
        initialNetwork(space, genotype, 'pytorch-default', 1),
        batches,
        100,
        1,
      );
    const first = await score(largest); // the arena never has to grow again
    const resident: number[] = [];
    let cancelled = 0;
    for (let i = 1; i <= 500; i++) {
      if (i % 50 === 0) {
        const running = score(largest);
        const timer = setInterval(() => loadAddon().cancel(), 5);
        onTestFinished(() => clearInterval(timer));
        await running.catch((error: unknown) => {
          expect(String(error)).toContain('cancelled');
          cancelled++;
        });
        clearInterval(timer);
      } else {
        await score(space.sample(random));
      }
      if (i % 100 === 0) {
        globalThis.gc?.();
        resident.push(process.memoryUsage.rss() / 2 ** 20);
      }
    }
    console.log(`resident MiB after each 100: ${resident.map((m) => m.toFixed(0)).join(', ')}`);
    expect(cancelled).toBe(10);
    // The first hundred fill the caches of the add-on, of oneDNN and of JavaScript.
    expect(resident[4]! - resident[1]!).toBeLessThan(40);
    expect((await score(largest)).layers).toEqual(first.layers);
  });
});
