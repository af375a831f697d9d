import { describe, expect, it } from 'vitest';
import { ignoredClass } from '../../../../main/task/batches.ts';
import { assertSameImages, drawForNetworks } from '../../../../main/task/draw-for-networks.ts';
import { embeddedData } from '../../../../main/task/embedded.ts';
import { openDataset } from '../../../../main/task/open-dataset.ts';
import { classColour, hexOf } from '../../../../main/task/shown/class-colours.ts';
import { shownBatch } from '../../../../main/task/shown/shown-batch.ts';
import { toningOf } from '../../../../main/task/shown/toning.ts';
import { syntheticDataset } from '../../../../main/task/synthetic.ts';
import type { Task } from '../../../../main/task/batches.ts';
import { assetsFolder } from '../../../support/data.ts';
import { code } from '../folder.ts';

const draw = { batches: 2, batchSize: 3, seed: 5 };

async function drawn(
  task: Task,
  scoringShape: readonly [number, number, number],
  classes = task === 'classification' ? 10 : 8,
) {
  const dataset = await openDataset(embeddedData(task, assetsFolder));
  const takers = { title: 'A space', scoringShape, classes };
  const set = await drawForNetworks(dataset, takers, draw);
  const { classNames } = dataset;
  return { dataset, set, classNames, toning: toningOf(dataset, set), notes: [] };
}

describe('a batch as a person sees it', () => {
  it('has the very pixels and classes of the images that are scored', async () => {
    const { dataset, ...part } = await drawn('classification', [3, 32, 32]);
    const shown = shownBatch({ ...part, batch: 1, first: 0 });
    expect(shown).toMatchObject({ batches: 2, batchSize: 3, height: 32, width: 32, notes: [] });
    expect(shown.images).toHaveLength(3);
    // Whichever image of the data set it is: the bytes that were stored are shown.
    const all = await dataset.read(Array.from({ length: dataset.count }, (_, i) => i));
    for (const [i, { pixels, label }] of shown.images.entries()) {
      const planes = [0, 1, 2].map((c) =>
        Uint8Array.from({ length: 1024 }, (_, at) => pixels[4 * at + c]!),
      );
      const stored = all.find(
        (one) =>
          'pixels' in one &&
          planes.every((plane, c) => plane.every((v, at) => v === one.pixels[1024 * c + at])),
      );
      expect(stored).toMatchObject({ label });
      expect(part.set.batches[1]!.targets).toHaveProperty(String(i), label);
    }
    expect(shown.classes.reduce((sum, { count }) => sum + count, 0)).toBe(3);
    expect(shown.classes.every(({ name }) => dataset.classNames.includes(name))).toBe(true);
  });

  it('has the boxes of detection in pixels of the image', async () => {
    const { dataset, ...part } = await drawn('detection', [3, 96, 128]);
    const shown = shownBatch({ ...part, batch: 0, first: 1 });
    expect(shown.images).toHaveLength(2);
    const { boxes, classes } = part.set.batches[0]!.targets[1] as {
      boxes: Float32Array;
      classes: Int32Array;
    };
    expect(shown.images[0]!.boxes).toHaveLength(classes.length);
    expect(shown.images[0]!.boxes.flatMap(({ edges }) => edges)).toEqual([...boxes]);
    expect(shown.images[0]!.boxes.map((box) => box.class)).toEqual([...classes]);
    expect(dataset.classNames).toContain(shown.classes[0]!.name);
  });

  it('has masks in the colours of its classes, and leaves clear what the loss ignores', async () => {
    const part = await drawn('segmentation', [3, 48, 48]);
    const targets = part.set.batches[0]!.targets as Uint8Array;
    targets[0] = ignoredClass;
    const shown = shownBatch({ ...part, batch: 0, first: 0 });
    const mask = shown.images[0]!.mask!;
    expect([...mask.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
    for (let at = 1; at < 48 * 48; at += 97) {
      const expected =
        targets[at] === ignoredClass ? [0, 0, 0, 0] : [...classColour(targets[at]!), 255];
      expect([...mask.subarray(4 * at, 4 * at + 4)]).toEqual(expected);
    }
    expect(shown.ignoredShare).toBeGreaterThan(0);
    const pixels = shown.classes.reduce((sum, { count }) => sum + count, 0);
    expect(pixels / (3 * 48 * 48) + shown.ignoredShare!).toBeCloseTo(1, 9);
    expect(shown.classes[0]!.colour).toBe(hexOf(classColour(shown.classes[0]!.index)));
  });

  it('is grey where networks take grey, a white pixel white and a black one black', async () => {
    const { dataset, ...part } = await drawn('classification', [1, 32, 32]);
    for (const byte of [0, 128, 255]) {
      const grey = [0.299, 0.587, 0.114].reduce(
        (sum, weight, c) =>
          sum +
          (weight * (byte / 255 - dataset.normalisation!.mean[c]!)) /
            dataset.normalisation!.std[c]!,
        0,
      );
      expect(part.toning.scale[0]! * grey + part.toning.offset[0]!).toBeCloseTo(byte, 6);
    }
    const { pixels } = shownBatch({ ...part, batch: 0, first: 0 }).images[0]!;
    expect(pixels[0]).toBe(pixels[1]);
    expect(pixels[3]).toBe(255);
  });

  it('stretches values that are used as they are, and says between what', async () => {
    const dataset = syntheticDataset({
      ...{ task: 'classification', inputShape: [5, 4, 4], classes: 2, seed: 1 },
    });
    const takers = { title: 'A space', scoringShape: [5, 4, 4] as const, classes: 2 };
    const set = await drawForNetworks(dataset, takers, draw);
    const shown = shownBatch({
      ...{ set, classNames: dataset.classNames, toning: toningOf(dataset, set) },
      ...{ batch: 0, first: 0, notes: ['more'] },
    });
    expect(shown.notes).toEqual([
      expect.stringMatching(
        /^These values are used as they are; -\d.* is shown black, \d.* white\.$/,
      ),
      'The first three of 5 channels are shown as red, green and blue.',
      'more',
    ]);
    const bytes = set.batches.flatMap(({ inputs }) =>
      Array.from(
        inputs,
        (value) => value * toningOf(dataset, set).scale[0]! + toningOf(dataset, set).offset[0]!,
      ),
    );
    expect(Math.min(...bytes)).toBeCloseTo(0, 3);
    expect(Math.max(...bytes)).toBeCloseTo(255, 3);
  });

  it('comes in parts where images are large', async () => {
    const part = await drawn('detection', [3, 640, 640]);
    const sizes = [0, 2].map((first) => shownBatch({ ...part, batch: 0, first }).images.length);
    expect(sizes).toEqual([2, 1]);
  });

  it('cuts names of classes that nobody could read', async () => {
    const part = await drawn('classification', [3, 32, 32]);
    const classNames = part.classNames.map((name) => name.repeat(5000));
    const shown = shownBatch({ ...part, classNames, batch: 0, first: 0 });
    expect(Math.max(...shown.classes.map(({ name }) => name.length))).toBeLessThan(130);
  });
});

describe('images for networks', () => {
  it('are refused where their classes or channels do not fit', async () => {
    await expect(drawn('classification', [3, 32, 32], 9)).rejects.toEqual(code('data-do-not-fit'));
    await expect(drawn('classification', [4, 32, 32])).rejects.toEqual(code('data-do-not-fit'));
  });

  it('are the same by the digest at the end of their description, wherever they lie', () => {
    expect(() => assertSameImages('a; digest 01', 'b; digest 01', null)).not.toThrow();
    expect(() => assertSameImages('a; digest 01', 'a; digest 02', '/images')).toThrow(
      'The images in /images are not those',
    );
  });
});

describe('colours of classes', () => {
  it('tell neighbours apart', () => {
    const distance = (one: number, other: number): number =>
      Math.hypot(...classColour(one).map((byte, c) => byte - classColour(other)[c]!));
    for (let i = 0; i < 30; i++) {
      for (let j = i + 1; j < Math.min(30, i + 4); j++) expect(distance(i, j)).toBeGreaterThan(60);
    }
    expect(hexOf(classColour(0))).toMatch(/^#[0-9a-f]{6}$/);
  });
});
