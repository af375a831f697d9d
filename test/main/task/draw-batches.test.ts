import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClassificationDataset } from '../../../main/task/dataset.ts';
import { drawBatches } from '../../../main/task/draw-batches.ts';
import { openImages } from '../../../main/task/embedded.ts';
import { openDataset } from '../../../main/task/open-dataset.ts';

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
        for (const image of batch.inputs) counts[Math.round(image)]!++;
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

describe('an image that cannot be used', () => {
  /** As `numbered`, but those of `broken` cannot be read. */
  function damaged(count: number, broken: readonly number[]): ClassificationDataset {
    const whole = numbered(count);
    return {
      ...whole,
      read: async (indices) =>
        (await whole.read(indices)).map((image, k) =>
          broken.includes(indices[k]!)
            ? { problem: { file: `${indices[k]}.jpg`, reason: 'is empty' } }
            : image,
        ),
    };
  }
  const drawn = (set: { batches: readonly { inputs: Float32Array }[] }) =>
    set.batches.flatMap(({ inputs }) => Array.from(inputs, Math.round));

  it('is left out with a warning, and the next of the same order takes its place', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat({ max: 39 }), { maxLength: 20 }),
        fc.nat({ max: 0xffff_ffff }),
        async (broken, seed) => {
          const all = await drawBatches(numbered(40), { batches: 2, batchSize: 20, seed });
          const set = await drawBatches(damaged(40, broken), { batches: 2, batchSize: 10, seed });
          const sound = drawn(all).filter((i) => !broken.includes(i));
          expect(drawn(set)).toEqual(sound.slice(0, 20));
          expect(set.notes?.map(({ code, count }) => [code, count]) ?? []).toEqual(
            set.warnings?.length ? [['images-redrawn', set.warnings.length]] : [],
          );
          const skipped = (set.warnings ?? []).map(({ file }) => Number.parseInt(file));
          const reached = drawn(all).indexOf(drawn(set)[19]!);
          const wanted = drawn(all).filter((i, k) => k <= reached && broken.includes(i));
          expect(skipped).toEqual(wanted);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is named in the description that is stored with the run, before the digest', async () => {
    const broken = Array.from({ length: 12 }, (_, i) => i);
    const request = { batches: 2, batchSize: 10, seed: 0 };
    const set = await drawBatches(damaged(40, broken), request);
    expect(set.description).toMatch(
      /; \d+ images? left out \(\d+\.jpg: is empty.*\); digest [0-9a-f]{16}$/,
    );
  });

  it('may be one too many', async () => {
    const broken = Array.from({ length: 21 }, (_, i) => i);
    const drawing = drawBatches(damaged(40, broken), { batches: 2, batchSize: 10, seed: 0 });
    await expect(drawing).rejects.toThrow(code('too-few-images'));
    await expect(drawing).rejects.toThrow(/only 19 of 40 can be used \(.*; \d+\.jpg: /);
  });
});

describe('batches of the other tasks', () => {
  const bccd = path.join(import.meta.dirname, '../../../main/assets/bccd');
  const request = { batches: 2, batchSize: 3, seed: 5, size: [96, 128] as const };

  it('are boxes of each image for detection', async () => {
    const set = await drawBatches(await openDataset({ path: bccd }), request);
    if (set.task !== 'detection') throw new Error(set.task);
    expect(set).toMatchObject({ inputShape: [3, 96, 128], classes: 3, batchSize: 3, warnings: [] });
    for (const { inputs, targets } of set.batches) {
      expect(inputs).toHaveLength(3 * 3 * 96 * 128);
      expect(targets).toHaveLength(3);
      for (const { boxes, classes } of targets) expect(boxes).toHaveLength(4 * classes.length);
    }
    expect(set.description).toContain(
      'fit into 96 x 128 at the top left, the rest the mean colour',
    );
  });

  it('are masks of the size of the input for segmentation', async () => {
    const dataset = await openDataset({ path: bccd, kind: 'voc-ellipses' });
    const set = await drawBatches(dataset, request);
    if (set.task !== 'segmentation') throw new Error(set.task);
    expect(set.maskShape).toEqual([96, 128]);
    for (const { targets } of set.batches) {
      expect(targets).toHaveLength(3 * 96 * 128);
      expect([...new Set(targets)].every((id) => id < 4)).toBe(true);
    }
    expect(await drawBatches(dataset, request)).toEqual(set);
  });

  it('hold photographs that are normalised: nearly mean 0 and deviation 1', async () => {
    const set = await drawBatches(await openDataset({ path: bccd }), { ...request, batchSize: 10 });
    const values = set.batches.flatMap(({ inputs }) => [...inputs]);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    // Blood is brighter than the average photograph.
    expect(mean).toBeGreaterThan(-1);
    expect(mean).toBeLessThan(2);
  });
});
