/** Folders and files of the size people have: opened in seconds, read a few images at a time. */
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ClassificationDataset, DetectionDataset } from '../../../main/task/dataset.ts';
import { openDataset } from '../../../main/task/open-dataset.ts';
import { images, plainJpeg } from '../../support/data.ts';
import { testFolder } from './folder.ts';

const folder = testFolder(300_000);
const seconds = (since: number) => (performance.now() - since) / 1000;

describe('a large data set', { timeout: 600_000 }, () => {
  it('of 200,000 images in 200 folders opens within 5 s, and one batch reads one batch', async () => {
    const picture = await plainJpeg(32, 32);
    for (let c = 0; c < 200; c++) {
      const inner = path.join(folder.path, `class${c}`);
      await mkdir(inner);
      // All but one image of a class are empty files: whoever read them would notice.
      for (let i = 0; i < 1000; i += 50) {
        const names = Array.from({ length: 50 }, (_, k) => path.join(inner, `${i + k}.jpg`));
        await Promise.all(
          names.map((name) => writeFile(name, name.endsWith('/0.jpg') ? picture : '')),
        );
      }
    }
    const start = performance.now();
    const data = (await openDataset({ path: folder.path })) as ClassificationDataset;
    const took = seconds(start);
    console.log(
      `200,000 images listed in ${took.toFixed(2)} s; a million at this pace: ${(5 * took).toFixed(1)} s`,
    );
    expect(data.count).toBe(200_000);
    expect(took).toBeLessThan(5);
    const read = images(await data.read([0, 1000, 2000], [32, 32]));
    expect(read).toHaveLength(3);
  });

  it('of 100,000 images and 700,000 boxes in one JSON opens within 20 s', async () => {
    await mkdir(path.join(folder.path, 'images'));
    await writeFile(path.join(folder.path, 'images/0.jpg'), await plainJpeg(640, 480));
    const file = path.join(folder.path, 'instances.json');
    const list = async (count: number, element: (i: number) => unknown) => {
      for (let i = 0; i < count; i += 10_000) {
        const part = Array.from({ length: Math.min(10_000, count - i) }, (_, k) =>
          JSON.stringify(element(i + k)),
        );
        await appendFile(file, `${i === 0 ? '' : ','}${part.join(',')}`);
      }
    };
    await writeFile(file, '{"categories":[{"id":1,"name":"thing"}],"images":[');
    await list(100_000, (id) => ({ id, file_name: `${id}.jpg`, width: 640, height: 480 }));
    await appendFile(file, '],"annotations":[');
    const outline = Array.from({ length: 40 }, (_, i) => ((i * 1337) % 50_000) / 100);
    await list(700_000, (id) => ({
      id,
      image_id: id % 100_000,
      category_id: 1,
      bbox: [1, 2, 30, 40],
      segmentation: [outline],
    }));
    await appendFile(file, ']}');
    const start = performance.now();
    const data = (await openDataset({ path: folder.path })) as DetectionDataset;
    const took = seconds(start);
    console.log(`100,000 images with 700,000 boxes indexed in ${took.toFixed(2)} s`);
    expect(data).toMatchObject({ kind: 'coco', count: 100_000, classCounts: [700_000] });
    expect(took).toBeLessThan(20);
    const [image] = images(await data.read([0]));
    expect(image.boxes).toHaveLength(28);
  });
});
