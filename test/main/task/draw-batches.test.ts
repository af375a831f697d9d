import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClassificationDataset } from '../../../main/task/dataset.ts';
import { drawBatches } from '../../../main/task/draw-batches.ts';
import { openImages } from '../../../main/task/embedded.ts';

/** Image i has the one pixel i and the label i modulo 3. */
function numbered(count: number, changed?: number): ClassificationDataset {
  return {
    kind: 'numbered',
    task: 'classification',
    storedSize: [1, 1],
    fit: 'cover',
    classNames: ['a', 'b', 'c'],
    classCounts: null,
    problems: [],
    problemCount: 0,
    description: `${count} numbered images`,
    count,
    inputShape: [1, 1, 1],
    classes: 3,
    normalisation: { mean: [0], std: [1 / 255] },
    read: async (indices) =>
      indices.map((i) => ({ label: i % 3, pixels: Uint8Array.of(i === changed ? 255 : i) })),
  };
}
const code = (value: string): unknown => expect.objectContaining({ code: value });

describe('drawing batches', () => {
  it('repeats no image, fills every batch, and keeps images with their labels', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 5 }),
        fc.integer({ min: 1, max: 10 }),
        fc.nat({ max: 0xffff_ffff }),
        async (batches, batchSize, seed) => {
          const set = await drawBatches(numbered(60), { batches, batchSize, seed });
          expect(set.batches.map((batch) => batch.targets.length)).toEqual(
            Array<number>(batches).fill(batchSize),
          );
          const drawn = set.batches.flatMap((batch) => Array.from(batch.inputs, Math.round));
          expect(new Set(drawn).size).toBe(batches * batchSize);
          expect(set.batches.flatMap((batch) => [...batch.targets])).toEqual(
            drawn.map((i) => i % 3),
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is a function of the seed', async () => {
    const draw = (seed: number) => drawBatches(numbered(200), { batches: 2, batchSize: 8, seed });
    expect(await draw(1)).toEqual(await draw(1));
    expect((await draw(1)).batches).not.toEqual((await draw(2)).batches);
  });

  it('draws every image equally often', async () => {
    const counts = new Array<number>(10).fill(0);
    const seeds = 2000;
    for (let seed = 0; seed < seeds; seed++) {
      const set = await drawBatches(numbered(10), { batches: 2, batchSize: 2, seed });
      for (const batch of set.batches)
        for (const image of batch.inputs) counts[Math.round(image)]++;
    }
    const expected = (seeds * 4) / 10;
    // Four of ten without repetition: the variance of a count is seeds * 0.4 * 0.6.
    for (const count of counts) {
      expect(Math.abs(count - expected)).toBeLessThan(4.5 * Math.sqrt(seeds * 0.24));
    }
  });

  it('normalises with the constants of CIFAR-10, and says so', async () => {
    const assets = path.join(import.meta.dirname, '../../../main/assets');
    const dataset = await openImages(null, assets);
    const set = await drawBatches(dataset, { batches: 2, batchSize: 128, seed: 0 });
    expect(set).toMatchObject({ inputShape: [3, 32, 32], classes: 10 });
    for (const c of [0, 1, 2]) {
      const values = set.batches.flatMap(({ inputs }) =>
        Array.from(inputs).filter((_, i) => Math.floor(i / 1024) % 3 === c),
      );
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const std = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
      expect(Math.abs(mean)).toBeLessThan(0.1);
      expect(Math.abs(std - 1)).toBeLessThan(0.1);
    }
    expect(set.description).toMatch(
      /^256 CIFAR-10 images from cifar10-test-256\.bin: 2 batches of 128 drawn without repetition with seed 0, scaled to 0\.\.1 and normalised with mean 0\.4914, 0\.4822, 0\.4465 and standard deviation 0\.247, 0\.2435, 0\.2616; digest [0-9a-f]{16}$/,
    );
  });

  it('tells by its description when an image changed', async () => {
    const request = { batches: 2, batchSize: 5, seed: 3 };
    const before = await drawBatches(numbered(10), request);
    const after = await drawBatches(numbered(10, 4), request);
    expect(after.description).not.toBe(before.description);
  });

  it('refuses when the images do not last, and when there is one batch only', async () => {
    await expect(drawBatches(numbered(10), { batches: 2, batchSize: 6, seed: 0 })).rejects.toThrow(
      code('too-few-images'),
    );
    await expect(drawBatches(numbered(10), { batches: 1, batchSize: 6, seed: 0 })).rejects.toThrow(
      code('one-batch-only'),
    );
    await expect(
      drawBatches(numbered(10), { batches: 2, batchSize: 5, seed: 0 }),
    ).resolves.toBeDefined();
  });
});
