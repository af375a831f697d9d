import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ClassificationDataset } from '../../../../main/task/dataset.ts';
import { openDataset } from '../../../../main/task/open-dataset.ts';
import { images, plainJpeg, plainPng, reasons } from '../../../support/data.ts';
import { code, testFolder } from '../folder.ts';

const folder = testFolder();
const open = async () => (await openDataset({ path: folder.path })) as ClassificationDataset;

describe('a folder per class', () => {
  it('takes the names of its folders for classes, in code-unit order', async () => {
    await folder.put('dog/b.png', plainPng(4, 4));
    await folder.put('Cat/a.jpg', await plainJpeg(4, 4));
    await folder.put('dog/a.JPEG', await plainJpeg(4, 4));
    await folder.put('dog/notes.txt', 'no image');
    await folder.put('dog/.hidden.png', 'no image either');
    const data = await open();
    expect(data).toMatchObject({
      kind: 'class-folders',
      task: 'classification',
      count: 3,
      classes: 2,
      classNames: ['Cat', 'dog'],
      classCounts: [1, 2],
      problems: [],
    });
    const read = images(await data.read([2, 0, 1], [4, 4]));
    expect(read.map(({ label }) => label)).toEqual([1, 0, 1]);
  });

  it('gives planes of red, green and blue in the size asked for', async () => {
    await folder.put('a/1.png', plainPng(31, 17, [200, 100, 50]));
    const { pixels } = images(await (await open()).read([0], [8, 6]))[0]!;
    expect([...pixels]).toEqual([
      ...new Array<number>(48).fill(200),
      ...new Array<number>(48).fill(100),
      ...new Array<number>(48).fill(50),
    ]);
  });

  it('opens without looking into any image, and reads none but those asked for', async () => {
    await folder.put('a/1.png', 'not a picture');
    await folder.put('a/2.png', plainPng(2, 2));
    const data = await open();
    expect(data.count).toBe(2);
    expect(images(await data.read([1], [2, 2]))).toHaveLength(1);
  });

  it('names an image that is cut short, empty, or something else, and goes on', async () => {
    const jpeg = await plainJpeg(64, 64);
    await folder.put('a/1.jpg', jpeg.subarray(0, jpeg.length - 40));
    await folder.put('a/2.jpg', '');
    await folder.put('a/3.png', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    await folder.put('a/4.png', plainPng(64, 64).subarray(0, 60));
    const read = await (await open()).read([0, 1, 2, 3]);
    expect(reasons(read)).toEqual([
      '1.jpg: is cut short: the JPEG has no end',
      '2.jpg: is empty',
      '3.png: is not a picture that can be read (JPEG, PNG, WebP, AVIF, TIFF and BMP are read)',
      expect.stringMatching(/^4\.png: cannot be decoded/),
    ]);
  });

  it('takes a JPEG under the name of a PNG, and grey and transparent pictures', async () => {
    await folder.put('a/1.png', await plainJpeg(8, 8, [90, 90, 90]));
    const { pixels } = images(await (await open()).read([0], [1, 1]))[0]!;
    expect([...pixels]).toEqual([90, 90, 90]);
  });

  it('keeps a class whose folder is empty, and says so', async () => {
    await folder.put('a/1.png', plainPng(2, 2));
    await folder.put('b/readme.txt', '');
    const data = await open();
    expect(data).toMatchObject({ classes: 2, classCounts: [1, 0], problemCount: 1 });
    expect(data.problems[0]).toEqual({
      file: path.join(folder.path, 'b'),
      reason: 'has no picture: the class stays empty',
    });
  });

  it('is not recognised where the classes lie below splits, and the hint says which to pass', async () => {
    await folder.put('train/a/1.png', plainPng(2, 2));
    await folder.put('val/a/1.png', plainPng(2, 2));
    await expect(open()).rejects.toThrow(code('data-not-recognised'));
    await expect(open()).rejects.toMatchObject({
      hint: expect.stringContaining(path.join(folder.path, 'train')) as string,
    });
  });

  it.skipIf(process.platform === 'win32')('reads regular files only, and says so', async () => {
    await folder.put('a/1.png', plainPng(2, 2));
    execFileSync('mkfifo', [path.join(folder.path, 'a/2.png')]);
    await symlink('/dev/zero', path.join(folder.path, 'a/3.png'));
    await symlink('1.png', path.join(folder.path, 'a/4.png'));
    await symlink('nowhere.png', path.join(folder.path, 'a/5.png'));
    const data = await open();
    expect(data.count).toBe(3);
    expect(data.problems.map(({ file, reason }) => `${path.basename(file)} ${reason}`)).toEqual(
      expect.arrayContaining([
        '2.png is a named pipe, not a file',
        '3.png is a device, not a file',
      ]),
    );
    const read = await data.read([0, 1, 2], [2, 2]);
    expect(reasons(read.slice(2))).toEqual(['5.png: does not exist']);
  });

  it.skipIf(process.platform === 'win32')('refuses a pipe or a device for data', async () => {
    execFileSync('mkfifo', [path.join(folder.path, 'pipe.json')]);
    for (const file of [path.join(folder.path, 'pipe.json'), '/dev/zero']) {
      const opening = openDataset({ path: file });
      await expect(opening).rejects.toMatchObject({ code: 'data-not-readable' });
    }
  });
});
