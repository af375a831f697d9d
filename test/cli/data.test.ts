import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Inspection } from '../../main/task/inspect-dataset.ts';
import { assetsFolder, plainPng } from '../support/data.ts';
import { testFolder } from '../main/task/folder.ts';
import { run } from './fake-workbench.ts';

const folder = testFolder();
const bccd = path.join(assetsFolder, 'bccd');

describe('zico data inspect', () => {
  it('says what was recognised: kind, task, images, classes, size, problems', async () => {
    const { code, stdout, stderr } = await run(['data', 'inspect', bccd, '--check', '2', '--json']);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'voc',
      task: 'detection',
      images: 40,
      classes: ['RBC', 'WBC', 'Platelets'],
      classCounts: [687, 43, 54],
      imageSize: { width: 640, height: 480, varies: false },
      checked: 2,
      problems: [],
    });
  });

  it('names file and reason of the first problems', async () => {
    const broken = await folder.put('a/1.png', 'broken');
    await folder.put('a/2.png', plainPng(4, 4));
    const { stdout } = await run(['data', 'inspect', folder.path, '--json']);
    expect((JSON.parse(stdout) as Inspection).problems).toEqual([
      {
        file: broken,
        reason: 'is not a picture that can be read (JPEG, PNG, WebP, AVIF, TIFF and BMP are read)',
      },
    ]);
    const readable = await run(['data', 'inspect', folder.path]);
    expect(readable.stdout).toContain('1 problem found; 2 images looked at');
    expect(readable.stdout).toContain(
      `  ${broken}: is not a picture that can be read (JPEG, PNG, WebP, AVIF, TIFF and BMP are read)`,
    );
  });

  it('has exit code 3 where it is asked to be strict and something is wrong', async () => {
    await folder.put('a/1.png', plainPng(4, 4));
    const strict = ['data', 'inspect', folder.path, '--strict'];
    expect((await run(strict)).code).toBe(0);
    await folder.put('a/2.png', 'broken');
    const { code, stdout, stderr } = await run(strict);
    expect([code, stderr]).toEqual([3, '']);
    expect(stdout).toContain('1 problem found');
    expect((await run(strict.slice(0, -1))).code).toBe(0);
  });

  it('counts many problems by kind, with examples', async () => {
    for (let i = 0; i < 60; i++) await folder.put(`a/${i}.png`, i < 55 ? 'broken' : '');
    const { stdout } = await run(['data', 'inspect', folder.path, '--json']);
    const { problemKinds, problemCount } = JSON.parse(stdout) as Inspection;
    expect(problemCount).toBe(60);
    expect(problemKinds.map(({ count, examples }) => [count, examples.length])).toEqual([
      [55, 3],
      [5, 3],
    ]);
    const readable = await run(['data', 'inspect', folder.path]);
    expect(readable.stdout).toContain('  5 x is empty, such as');
  });

  it('shows a table of classes to a person', async () => {
    const { stdout } = await run(['data', 'inspect', bccd, '--check', '1']);
    expect(stdout).toMatch(/task detection, 40 images, 3 classes, image size 640 x 480/);
    expect(stdout).toMatch(/^Platelets +54$/m);
    expect(stdout).toContain('no problem found; 1 image looked at');
  });

  it('takes the data for what it is told', async () => {
    const { stdout } = await run(['data', 'inspect', bccd, '--kind', 'voc-ellipses', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'voc-ellipses', task: 'segmentation' });
  });

  it('refuses what it does not know, with exit code 2', async () => {
    await folder.put('notes.txt', '');
    const { code, stdout } = await run(['data', 'inspect', folder.path, '--json']);
    expect(code).toBe(2);
    const hint = expect.stringMatching(/^Arrange the data .* --kind names one\.$/) as string;
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'data-not-recognised', hint } });
  });
});

describe('zico data kinds', () => {
  it('lists the kinds with their tasks and layouts', async () => {
    const { stdout } = await run(['data', 'kinds', '--json']);
    const kinds = JSON.parse(stdout) as { name: string }[];
    expect(kinds.map(({ name }) => name)).toContain('cityscapes');
    expect((await run(['data', 'kinds'])).stdout).toMatch(
      /^coco: COCO, boxes as JSON, for detection$/m,
    );
  });
});
