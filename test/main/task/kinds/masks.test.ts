import path from 'node:path';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import type { MaskedImage, SegmentationDataset } from '../../../../main/task/dataset.ts';
import { trainIdOf } from '../../../../main/task/kinds/cityscapes.ts';
import { openDataset } from '../../../../main/task/open-dataset.ts';
import {
  images,
  maskPng,
  palettePng,
  plainJpeg,
  plainPng,
  reasons,
} from '../../../support/data.ts';
import { code, testFolder } from '../folder.ts';
import type { Known } from '../../../../main/common/known.ts';

const folder = testFolder();
const open = async () => (await openDataset({ path: folder.path })) as SegmentationDataset;
/** Halves of class 0 and 1, a border of "ignore" on top. */
const halves = (width: number, height: number) =>
  maskPng(width, height, (x, y) => (y === 0 ? 255 : x < width / 2 ? 0 : 1));

describe('images and masks side by side', () => {
  it('belong together by their names; 255 is ignored, and so is what the image does not cover', async () => {
    await folder.put('images/a.jpg', await plainJpeg(4, 2));
    await folder.put('masks/a.png', halves(4, 2));
    const data = await open();
    expect(data).toMatchObject({
      kind: 'image-masks',
      task: 'segmentation',
      classes: 2,
      fit: 'letterbox',
    });
    const { mask, pixels } = images(await data.read([0], [4, 4]))[0]!;
    expect([...mask]).toEqual([255, 255, 255, 255, 0, 0, 1, 1, ...new Array<number>(8).fill(255)]);
    expect([pixels[4], pixels[8]]).toEqual([10, 124]);
  });

  it('know their classes from classes.txt, else from some of the masks, which they say', async () => {
    await folder.put('images/a.png', plainPng(4, 4));
    await folder.put(
      'labels/a.png',
      maskPng(4, 4, (x) => x * 2),
    );
    expect((await open()).classNames).toHaveLength(7);
    expect((await open()).description).toContain('classes as found in 1 of its masks');
    await folder.put('classes.txt', 'sky\nroad\n\ncar\r\n');
    expect((await open()).classNames).toEqual(['sky', 'road', 'car']);
    expect(reasons(await (await open()).read([0]))).toEqual([
      'a.png: has the id 4 at column 2, row 0, but there are 3 classes',
    ]);
  });

  it.each([1, 2, 4, 8] as const)(
    'may be palettes of %d bits: what counts is the number stored, not its colour',
    async (depth) => {
      const id = (x: number, y: number) => (3 * x + y) % Math.min(2 ** depth, 100);
      await folder.put('images/a.png', plainPng(7, 5));
      await folder.put('masks/a.png', palettePng(7, 5, depth, id));
      const { mask } = images(await (await open()).read([0], [5, 7]))[0]!;
      mask.forEach((found, i) => expect(found).toBe(id(i % 7, Math.floor(i / 7))));
    },
  );

  it('may have 16 bits, as long as their ids need only 8', async () => {
    await folder.put('images/a.png', plainPng(4, 2));
    await folder.put(
      'masks/a.png',
      maskPng(4, 2, (x) => x, 16),
    );
    const { mask } = images(await (await open()).read([0], [2, 4]))[0]!;
    expect([...mask]).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
    await folder.put('images/b.png', plainPng(4, 2));
    await folder.put(
      'masks/b.png',
      maskPng(4, 2, () => 300, 16),
    );
    expect(reasons(await (await open()).read([1]))).toEqual([
      'b.png: has the class id 300 (at most 255)',
    ]);
  });

  it('may have 65535, which is -1 in 16 bits, where pixels are to be ignored', async () => {
    await folder.put('images/a.png', plainPng(4, 2));
    const at = (x: number) => (x === 3 ? 65_535 : x);
    await folder.put('masks/a.png', maskPng(4, 2, at, 16));
    const { mask } = images(await (await open()).read([0], [2, 4]))[0]!;
    expect([...mask]).toEqual([0, 1, 2, 255, 0, 1, 2, 255]);
  });

  it('may have transparency beside their ids', async () => {
    await folder.put('images/a.png', plainPng(3, 1));
    const data = Uint8Array.of(0, 255, 1, 255, 2, 0);
    await folder.put('masks/a.png', encode({ width: 3, height: 1, channels: 2, depth: 8, data }));
    const { mask } = images(await (await open()).read([0], [1, 3]))[0]!;
    expect([...mask]).toEqual([0, 1, 2]);
  });

  it('say why none of them can be used', async () => {
    await folder.put('images/a.png', plainPng(4, 2));
    const at = (x: number) => 1000 * x;
    await folder.put('masks/a.png', maskPng(4, 2, at, 16));
    await expect(open()).rejects.toThrow(
      /None of the masks of .* can be used \(a\.png has the class id 1000 \(at most 255\)\)\./,
    );
  });

  it('are levels of grey where these are spread evenly from black to white', async () => {
    await folder.put('images/a.png', plainPng(3, 1));
    for (const middle of [127, 128]) {
      const at = (x: number) => [0, middle, 255][x]!;
      await folder.put('masks/a.png', maskPng(3, 1, at));
      const data = await open();
      expect(data.classNames).toEqual(['grey 0', `grey ${middle}`, 'grey 255']);
      expect([...images(await data.read([0], [1, 3]))[0]!.mask]).toEqual([0, 1, 2]);
    }
  });

  it('say so where most of their classes do not occur', async () => {
    await folder.put('images/a.png', plainPng(3, 1));
    const at = (x: number) => [0, 1, 200][x]!;
    await folder.put('masks/a.png', maskPng(3, 1, at));
    expect((await open()).description).toContain('in which 3 of the 201 occur');
  });

  it('name what stands alone', async () => {
    for (const name of ['a', 'b']) await folder.put(`images/${name}.png`, plainPng(4, 4));
    for (const name of ['b', 'c']) await folder.put(`masks/${name}.png`, halves(4, 4));
    const { count, problems } = await open();
    expect(count).toBe(1);
    expect(problems.map(({ file }) => path.relative(folder.path, file))).toEqual([
      path.join('images', 'a.png'),
      path.join('masks', 'c.png'),
    ]);
  });

  it('leave out an image whose mask has another size, is coloured, damaged or no PNG', async () => {
    const good = halves(4, 4);
    const flipped = Uint8Array.from(good, (byte, i) => (i === good.length - 20 ? byte ^ 1 : byte));
    const masks = [good, halves(5, 4), plainPng(4, 4), flipped, good.subarray(0, 50), 'none'];
    for (const [i, mask] of masks.entries()) {
      await folder.put(`images/${i}.png`, plainPng(4, 4));
      await folder.put(`masks/${i}.png`, mask);
    }
    const read = await (await open()).read([1, 2, 3, 4, 5]);
    expect(reasons(read)).toEqual([
      '1.png: is a mask of 5 x 4 pixels, but its image has 4 x 4',
      '2.png: has colours, where other masks hold class ids',
      expect.stringMatching(/^3\.png: cannot be decoded: /),
      expect.stringMatching(/^4\.png: cannot be decoded: /),
      '5.png: is no PNG',
    ]);
  });

  it('of one class only are refused', async () => {
    await folder.put('images/a.png', plainPng(4, 4));
    await folder.put(
      'masks/a.png',
      maskPng(4, 4, () => 0),
    );
    await expect(open()).rejects.toThrow(code('too-few-classes'));
  });

  it('without a single pair are refused', async () => {
    await folder.put('images/a.png', plainPng(4, 4));
    await folder.put('masks/b.png', halves(4, 4));
    await expect(open()).rejects.toThrow(code('no-images'));
  });
});

describe('the layout of CamVid', () => {
  it.each([
    [
      'images_prepped_train',
      'annotations_prepped_train',
      'images_prepped_test',
      'annotations_prepped_test',
    ],
    ['train', 'trainannot', 'val', 'valannot'],
  ])('with %s and %s is read with all its parts', async (images1, masks1, images2, masks2) => {
    await folder.put(`${images1}/a.png`, plainPng(4, 4));
    await folder.put(`${masks1}/a.png`, halves(4, 4));
    await folder.put(`${images2}/b.png`, plainPng(4, 4));
    await folder.put(
      `${masks2}/b.png`,
      maskPng(4, 4, () => 11),
    );
    const data = await open();
    expect(data).toMatchObject({ kind: 'camvid', count: 2, classes: 12, problemCount: 0 });
    const read = images(await data.read([0, 1], [4, 4]));
    expect(new Set(read.flatMap(({ mask }) => [...mask]))).toEqual(new Set([0, 1, 11, 255]));
  });
});

describe('the layout of Cityscapes', () => {
  const put = async (split: string, city: string, mask: string, id: (x: number) => number) => {
    const name = `${city}_000000_000019`;
    await folder.put(`leftImg8bit/${split}/${city}/${name}_leftImg8bit.png`, plainPng(4, 2));
    await folder.put(`gtFine/${split}/${city}/${name}_gtFine_${mask}.png`, maskPng(4, 2, id));
    await folder.put(`gtFine/${split}/${city}/${name}_gtFine_color.png`, plainPng(4, 2));
  };

  it('maps its ids to the 19 trained classes, the rest to "ignore"', async () => {
    await put('train', 'aachen', 'labelIds', (x) => [7, 26, 0, 33][x]!);
    await put('val', 'bonn', 'labelIds', () => 23);
    await put('test', 'berlin', 'labelIds', () => 0);
    const data = await open();
    expect(data).toMatchObject({ kind: 'cityscapes', count: 2, classes: 19 });
    expect(data.description).toContain('(train, val), ids mapped to trainIds');
    const [{ mask }, { mask: sky }] = images(await data.read([0, 1], [2, 4])) as Known<MaskedImage>;
    expect([...mask]).toEqual([0, 13, 255, 18, 0, 13, 255, 18]);
    expect(data.classNames[sky[0]!]).toBe('sky');
  });

  it('has 34 ids, 19 of them trained', () => {
    expect(trainIdOf).toHaveLength(34);
    expect(trainIdOf.filter((id) => id !== 255).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 19 }, (_, i) => i),
    );
  });

  it('takes trainIds as they are, where they were made', async () => {
    await put('train', 'aachen', 'labelIds', () => 7);
    await put('train', 'aachen', 'labelTrainIds', (x) => [0, 18, 255, 13][x]!);
    const data = await open();
    expect(data.description).toContain('trainIds as they are');
    expect([...images(await data.read([0], [1, 4]))[0]!.mask]).toHaveLength(4);
  });

  it('leaves out a mask with an id that does not exist', async () => {
    await put('train', 'aachen', 'labelIds', () => 34);
    expect(reasons(await (await open()).read([0]))).toEqual([
      expect.stringMatching(
        /has the id 34 at column 0, row 0, but there are 19 classes and no place/,
      ),
    ]);
  });
});
