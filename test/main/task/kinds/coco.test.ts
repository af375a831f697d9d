import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DetectionDataset } from '../../../../main/task/dataset.ts';
import { scanJsonElements, type JsonElement } from '../../../../main/task/kinds/json-elements.ts';
import { openDataset } from '../../../../main/task/open-dataset.ts';
import { images, plainJpeg, reasons } from '../../../support/data.ts';
import { code, testFolder } from '../folder.ts';

const folder = testFolder();
const open = async (name = '') =>
  (await openDataset({ path: path.join(folder.path, name) })) as DetectionDataset;

interface Annotation {
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox?: readonly number[];
  readonly iscrowd?: number;
}

const document = (annotations: readonly Annotation[], names: readonly string[] = ['a.jpg']) => ({
  info: { images: ['a decoy: not the images'] },
  images: names.map((file_name, id) => ({ file_name, id, width: 20, height: 10 })),
  annotations: annotations.map((annotation, id) => ({
    segmentation: [[1.5, 2, 3, 4]],
    ...annotation,
    id,
  })),
  categories: [
    { id: 44, name: 'bottle' },
    { id: 17, name: 'cat' },
  ],
});
const put = (value: unknown, name = 'instances.json') =>
  folder.put(name, JSON.stringify(value, null, 1));

describe('COCO', () => {
  it('numbers its categories in the order of their ids, and places boxes with the image', async () => {
    await folder.put('a.jpg', await plainJpeg(20, 10));
    await put(
      document([
        { image_id: 0, category_id: 44, bbox: [0, 0, 10, 5] },
        { image_id: 0, category_id: 17, bbox: [5.5, 1, 2, 3] },
        { image_id: 0, category_id: 17, bbox: [0, 0, 20, 10], iscrowd: 1 },
      ]),
    );
    const data = await open();
    expect(data).toMatchObject({
      kind: 'coco',
      count: 1,
      classNames: ['cat', 'bottle'],
      classCounts: [1, 1],
      description: expect.stringContaining('; a crowd left out') as string,
      problemCount: 0,
    });
    const { boxes, classes } = images(await data.read([0], [20, 40]))[0]!;
    expect([...boxes]).toEqual([0, 0, 20, 10, 11, 2, 15, 8]);
    expect([...classes]).toEqual([1, 0]);
  });

  it('keeps images without a box', async () => {
    await folder.put('images/a.jpg', await plainJpeg(20, 10));
    await folder.put('images/b.jpg', await plainJpeg(20, 10));
    await put(document([{ image_id: 1, category_id: 17, bbox: [1, 1, 2, 2] }], ['a.jpg', 'b.jpg']));
    const read = images(await (await open()).read([0, 1], [10, 20]));
    expect(read.map(({ boxes }) => boxes.length)).toEqual([0, 4]);
  });

  it('is found as its own archive lies: annotations/ beside a folder of the same split', async () => {
    await folder.put('val2017/a.jpg', await plainJpeg(20, 10));
    const value = document([{ image_id: 0, category_id: 17, bbox: [1, 1, 2, 2] }]);
    await put(value, 'annotations/instances_val2017.json');
    await put({}, 'annotations/captions_val2017.json');
    expect((await open()).count).toBe(1);
    await put(value, 'annotations/instances_train2017.json');
    await expect(open()).rejects.toThrow(code('data-ambiguous'));
    expect((await open('annotations/instances_val2017.json')).count).toBe(1);
  });

  it('names what is wrong: an unknown category, a missing image, a box that is none', async () => {
    await folder.put('a.jpg', await plainJpeg(20, 10));
    await folder.put('c.jpg', await plainJpeg(20, 10));
    await put(
      document(
        [
          { image_id: 0, category_id: 99, bbox: [1, 1, 2, 2] },
          { image_id: 1, category_id: 17, bbox: [1, 1, 2, 2] },
          { image_id: 2, category_id: 17, bbox: [1, 1, 2] },
          { image_id: 7, category_id: 17, bbox: [1, 1, 2, 2] },
        ],
        ['a.jpg', 'missing.jpg', 'c.jpg'],
      ),
    );
    const data = await open();
    expect(data.problems.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^line \d+ \(image 0\): the annotation has category 99, which "cat/),
      expect.stringMatching(/^line \d+ \(image 2\): the annotation has no "bbox" of four/),
      expect.stringMatching(
        /^line \d+ \(image 7\): the annotation belongs to an image that is not/,
      ),
    ]);
    expect(data.classCounts).toEqual([1, 0]);
    expect(reasons(await data.read([0, 1, 2]))).toEqual([
      expect.stringMatching(
        /^instances\.json: line \d+ \(image 0\): the annotation has category 99/,
      ),
      'missing.jpg: image 1: does not exist',
      expect.stringMatching(/^instances\.json: line \d+ \(image 2\): the annotation has no "bbox"/),
    ]);
  });

  it('counts the boxes that can be used, and says of all others why not, without reading an image', async () => {
    await folder.put('a.jpg', await plainJpeg(20, 10));
    const beyond = [25, 1, 3, 3];
    const flat = [1, 1, 0, 5];
    const partly = [-3, -3, 5, 5];
    const boxes = [[1, 1, 2, 2], beyond, flat, partly];
    await put(document(boxes.map((bbox) => ({ image_id: 0, category_id: 17, bbox }))));
    const data = await open();
    expect(data.classCounts).toEqual([2, 0]);
    const withoutArea = /^line \d+ \(image 0\): the box has no area inside the image; left out$/;
    const expected = [expect.stringMatching(withoutArea), expect.stringMatching(withoutArea)];
    expect(data.problems.map(({ reason }) => reason)).toEqual(expected);
    const [image] = images(await data.read([0]));
    expect(image!.classes).toHaveLength(2);
    // What is met again when the image is read, is the same problem.
    expect(image!.warnings).toEqual(data.problems);
  });

  it('begins with a byte order mark where a program of Windows wrote it', async () => {
    await folder.put('a.jpg', await plainJpeg(20, 10));
    const text = JSON.stringify(document([{ image_id: 0, category_id: 17, bbox: [1, 1, 2, 2] }]));
    await folder.put('instances.json', `\ufeff${text}`);
    const [image] = images(await (await open()).read([0], [10, 20]));
    expect([...image!.boxes]).toEqual([1, 1, 3, 3]);
  });

  it('reads no image outside its folder', async () => {
    await folder.put('data/a.jpg', await plainJpeg(20, 10));
    await folder.put('secret.jpg', await plainJpeg(20, 10));
    const value = document(
      [{ image_id: 0, category_id: 17, bbox: [1, 1, 2, 2] }],
      ['a.jpg', '../secret.jpg'],
    );
    await put(value, 'data/boxes.json');
    expect(reasons(await (await open('data')).read([1]))).toEqual([
      expect.stringMatching(/image 1: it is named "\.\.\/secret\.jpg", which is outside of/),
    ]);
  });

  it.each([
    ['empty', '', 'json-malformed', /line 1: it is empty/],
    ['no JSON', 'images', 'json-malformed', /line 1: it does not begin with \{/],
    ['cut short', '{"images": [\n{"id": 1', 'json-malformed', /line 2: it ends too early/],
    ['wrongly closed', '{\n"images": [}', 'json-malformed', /line 2: there is a \} too many/],
    ['continued', '{}\n{}', 'json-malformed', /line 2: something follows the end/],
    [
      'something else',
      '{"images": [{"id": 1}]}',
      'not-coco',
      /line 1: the image has no "file_name"/,
    ],
    ['without annotations', '{"images": []}', 'not-coco', /it has no "images"/],
  ])('that is %s is refused, naming the line', async (_, text, expected, message) => {
    await folder.put('boxes.json', text);
    await expect(open()).rejects.toThrow(code(expected));
    await expect(open()).rejects.toThrow(message);
  });

  it('whose images are nowhere is refused, saying where they were looked for', async () => {
    await put(document([{ image_id: 0, category_id: 17, bbox: [1, 1, 2, 2] }]));
    await expect(open()).rejects.toThrow(code('no-images'));
    await expect(open()).rejects.toThrow(path.join(folder.path, 'images'));
  });
});

describe('the elements of a JSON file', () => {
  it('are those that JSON.parse finds, whatever else the file holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ id: fc.integer(), name: fc.string(), other: fc.jsonValue() })),
        fc.jsonValue(),
        fc.constantFrom(0, 2),
        async (elements, other, indent) => {
          const value = { other, wanted: elements, after: [other] };
          const text = JSON.stringify(value, null, indent);
          const file = await folder.put('any.json', text);
          const bytes = Buffer.from(text);
          const found: JsonElement[] = [];
          await scanJsonElements(file, {
            wanted: { fields: ['id', 'name'], take: (element) => found.push(element) },
          });
          const parsed = found.map(
            ({ start, end }) => JSON.parse(bytes.subarray(start, end).toString()) as unknown,
          );
          expect(parsed).toEqual(JSON.parse(JSON.stringify(elements)));
          found.forEach(({ fields, line, start }, i) => {
            expect(JSON.parse(fields.get('id') ?? '')).toBe(elements[i]!.id);
            expect(JSON.parse(fields.get('name') ?? '')).toBe(elements[i]!.name);
            expect(line).toBe(bytes.subarray(0, start).toString().split('\n').length);
          });
        },
      ),
      { numRuns: 100 },
    );
  });
});
