import { describe, expect, it } from 'vitest';
import { tasks } from '../../../main/common/tasks.ts';
import type { BoxedImage, LabelledImage, MaskedImage } from '../../../main/task/dataset.ts';
import { syntheticDataset, type SyntheticRequest } from '../../../main/task/synthetic.ts';

const request = { inputShape: [2, 40, 56], classes: 3, seed: 7 } as const;
const images = async <T>(task: SyntheticRequest['task'], seed = 7, count = 20) =>
  (await syntheticDataset({ ...request, task, seed }).read(
    Array.from({ length: count }, (_, i) => i),
  )) as unknown as readonly T[];

describe('synthetic images', () => {
  it.each(tasks)('for %s are a function of seed and number', async (task) => {
    expect(await images(task)).toEqual(await images(task));
    expect(await images(task, 8)).not.toEqual(await images(task));
  });

  it('are normally distributed', async () => {
    const values = (await images<LabelledImage>('classification')).flatMap(({ pixels }) => [
      ...pixels,
    ]);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(variance).toBeCloseTo(1, 1);
    expect(values).toHaveLength(20 * 2 * 40 * 56);
  });

  it('have every class, and no other', async () => {
    const labels = (await images<LabelledImage>('classification', 7, 60)).map(({ label }) => label);
    expect(new Set(labels)).toEqual(new Set([0, 1, 2]));
    for (const { mask } of await images<MaskedImage>('segmentation')) {
      expect(mask).toHaveLength(40 * 56);
      expect(Math.max(...mask)).toBeLessThan(3);
    }
  });

  it('have boxes that lie in them', async () => {
    for (const { boxes, classes } of await images<BoxedImage>('detection')) {
      expect(classes.length).toBeGreaterThan(0);
      expect(boxes).toHaveLength(4 * classes.length);
      for (let i = 0; i < classes.length; i++) {
        const [x1, y1, x2, y2] = boxes.subarray(4 * i, 4 * i + 4);
        expect([
          x1! >= 0,
          y1! >= 0,
          x2! > x1! + 3,
          y2! > y1! + 2,
          x2! <= 56,
          y2! <= 40,
        ]).not.toContain(false);
        expect(classes[i]).toBeLessThan(3);
      }
    }
  });
});
