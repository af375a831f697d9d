import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DetectionDataset, SegmentationDataset } from '../../../../main/task/dataset.ts';
import { parseVocAnnotation } from '../../../../main/task/kinds/voc-annotation.ts';
import { openDataset } from '../../../../main/task/open-dataset.ts';
import { assetsFolder, images, plainJpeg, reasons, vocXml } from '../../../support/data.ts';
import { code, testFolder } from '../folder.ts';

const folder = testFolder();
const open = async () => (await openDataset({ path: folder.path })) as DetectionDataset;

describe('a Pascal VOC annotation', () => {
  it('counts pixels from 1, the last one included: edges lie one before the first', () => {
    const xml = vocXml(20, 10, [{ name: 'cat', box: [1, 1, 20, 10] }]);
    expect(parseVocAnnotation(xml, 'a.xml')).toEqual({
      width: 20,
      height: 10,
      objects: [{ name: 'cat', x1: 0, y1: 0, x2: 20, y2: 10, line: 4 }],
    });
  });

  it('ignores the names and boxes of parts of an object', () => {
    const xml = `<annotation><object><name>person</name>
      <bndbox><xmin>2</xmin><ymin>3</ymin><xmax>8</xmax><ymax>9</ymax></bndbox>
      <part><name>head</name><bndbox><xmin>4</xmin><ymin>4</ymin><xmax>5</xmax><ymax>5</ymax></bndbox></part>
      </object></annotation>`;
    expect(parseVocAnnotation(xml, 'a.xml').objects).toEqual([
      { name: 'person', x1: 1, y1: 2, x2: 8, y2: 9, line: 1 },
    ]);
  });

  it.each([
    ['a tag left open', '<annotation>\n<size>\n</annotation>', /line 3: unexpected close tag/],
    ['an end too early', '<annotation>\n<object>\n', /line 3: unclosed tag/],
    ['no XML', 'boxes: none', /line 1: /],
    ['another document', '<html></html>', /line 1: begins with <html>, not <annotation>/],
    [
      'an object without a name',
      '<annotation>\n\n<object></object></annotation>',
      /line 3: the object has no <name>/,
    ],
    [
      'an object without an edge',
      '<annotation>\n<object><name>a</name><bndbox><xmin>1</xmin></bndbox></object></annotation>',
      /line 2: the object has no <ymin>/,
    ],
    [
      'an edge in words',
      '<annotation><object><name>a</name><bndbox><xmin>left</xmin></bndbox></object></annotation>',
      /line 1: <xmin> is "left", not a number/,
    ],
  ])('with %s is refused, naming the line', (_, xml, reason) => {
    expect(() => parseVocAnnotation(xml, 'bad.xml')).toThrow(reason);
    expect(() => parseVocAnnotation(xml, 'bad.xml')).toThrow(/^bad\.xml: /);
  });
});

describe('a folder of Pascal VOC', () => {
  it('gives boxes in pixels of the input, letterboxed with the image', async () => {
    await folder.put('JPEGImages/a.jpg', await plainJpeg(20, 10));
    await folder.put(
      'Annotations/a.xml',
      vocXml(20, 10, [
        { name: 'dog', box: [1, 1, 10, 10] },
        { name: 'cat', box: [11, 6, 20, 10] },
      ]),
    );
    const data = await open();
    expect(data).toMatchObject({
      kind: 'voc',
      task: 'detection',
      classNames: ['cat', 'dog'],
      classCounts: [1, 1],
    });
    // 20 x 10 becomes 40 x 20: everything doubles, and the lower half of the input stays empty.
    const { boxes, classes, pixels } = images(await data.read([0], [40, 40]))[0]!;
    expect([...boxes]).toEqual([0, 0, 20, 20, 20, 10, 40, 20]);
    expect([...classes]).toEqual([1, 0]);
    expect([pixels[0], pixels[19 * 40], pixels[20 * 40]]).toEqual([10, 10, 124]);
  });

  it('takes the order of the classes from classes.txt', async () => {
    await folder.put('a.jpg', await plainJpeg(8, 8));
    await folder.put('a.xml', vocXml(8, 8, [{ name: 'cat', box: [1, 1, 4, 4] }]));
    await folder.put('classes.txt', 'dog\ncat\n');
    expect(await open()).toMatchObject({ classNames: ['dog', 'cat'], classCounts: [0, 1] });
  });

  it('cuts boxes at the border, and leaves out one of which nothing is left, with a warning', async () => {
    await folder.put('a.jpg', await plainJpeg(10, 10));
    await folder.put(
      'a.xml',
      vocXml(10, 10, [
        { name: 'cat', box: [0, -5, 99, 5] },
        { name: 'cat', box: [12, 1, 20, 5] },
        { name: 'cat', box: [5, 6, 4, 7] },
      ]),
    );
    const { boxes, warnings } = images(await (await open()).read([0], [10, 10]))[0]!;
    expect([...boxes]).toEqual([0, 0, 10, 5]);
    expect(warnings?.map(({ reason }) => reason)).toEqual([
      'line 5: the box has no area inside the image; left out',
      'line 6: the box has no area inside the image; left out',
    ]);
  });

  it('names images and annotations that stand alone', async () => {
    await folder.put('a.jpg', await plainJpeg(8, 8));
    await folder.put('a.xml', vocXml(8, 8, [{ name: 'cat', box: [1, 1, 4, 4] }]));
    await folder.put('b.jpg', await plainJpeg(8, 8));
    await folder.put('c.xml', vocXml(8, 8, []));
    const { count, problems } = await open();
    expect(count).toBe(1);
    expect(problems.map(({ file }) => path.basename(file))).toEqual(['c.xml', 'b.jpg']);
  });

  it('leaves out an image whose annotation is damaged, of another size, or of an unknown class', async () => {
    await folder.put('classes.txt', 'cat');
    const xmls = [
      '<annotation>\n<object>',
      vocXml(9, 8, [{ name: 'cat', box: [1, 1, 4, 4] }]),
      vocXml(8, 8, [{ name: 'unicorn', box: [1, 1, 4, 4] }]),
    ];
    for (const [i, xml] of xmls.entries()) {
      await folder.put(`${i}.jpg`, await plainJpeg(8, 8));
      await folder.put(`${i}.xml`, xml);
    }
    const read = await (await open()).read([0, 1, 2]);
    expect(reasons(read)).toEqual([
      expect.stringMatching(/^0\.xml: line 2: unclosed tag/),
      '1.xml: says that its image has 9 x 8 pixels, but 1.jpg has 8 x 8',
      '2.xml: line 4: the class "unicorn" is not among the classes known (cat)',
    ]);
  });

  it('without any image, or any object, is refused', async () => {
    await folder.put('Annotations/a.xml', vocXml(8, 8, []));
    await folder.put('JPEGImages/readme.txt', '');
    await expect(open()).rejects.toThrow(code('no-images'));
    await folder.put('JPEGImages/a.jpg', await plainJpeg(8, 8));
    await expect(open()).rejects.toThrow(/annotations without a single object/);
  });
});

describe('the blood cells that ship with the product', () => {
  const bccd = path.join(assetsFolder, 'bccd');

  it('are 40 photographs with boxes, all of them sound', async () => {
    const data = (await openDataset({ path: bccd })) as DetectionDataset;
    expect(data).toMatchObject({
      count: 40,
      classNames: ['RBC', 'WBC', 'Platelets'],
      classCounts: [687, 43, 54],
      problemCount: 0,
    });
    const read = images(await data.read([0, 13, 39]));
    expect(read.every(({ boxes, classes }) => boxes.length === 4 * classes.length)).toBe(true);
    // The first annotation begins with the white cell at 260, 177 to 491, 376 of 640 x 480.
    const scale = 512 / 640;
    expect(read[0]!.classes[0]).toBe(1);
    [259, 176, 491, 376].forEach((edge, i) =>
      expect(read[0]!.boxes[i]).toBeCloseTo(edge * scale, 3),
    );
  });

  it('give masks by name: boxes filled as ellipses on a background, which the description says', async () => {
    const data = (await openDataset({ path: bccd, kind: 'voc-ellipses' })) as SegmentationDataset;
    expect(data.classNames).toEqual(['background', 'RBC', 'WBC', 'Platelets']);
    expect(data.description).toContain('filled as an ellipse');
    const { mask } = images(await data.read([0], [480, 640]))[0]!;
    const at = (x: number, y: number) => mask[y * 640 + x];
    // The middle of the white cell; a corner of its box, which the ellipse leaves free.
    expect(at(375, 276)).toBe(2);
    expect(at(261, 178)).not.toBe(2);
    expect(new Set(mask).has(255)).toBe(false);
  });
});
