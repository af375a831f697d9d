/** Folders as well-known data sets are given away: what each is taken for, or why it is not. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../../main/errors.ts';
import { describeDataset } from '../../../main/task/data-source.ts';
import { inspectDataset } from '../../../main/task/inspect-dataset.ts';
import { openDataset } from '../../../main/task/open-dataset.ts';
import { maskPng, plainJpeg, vocXml } from '../../support/data.ts';
import { npyBytes } from '../../support/array-files.ts';
import { testFolder } from './folder.ts';

const folder = testFolder();
const jpeg = await plainJpeg(8, 6);
const mask = maskPng(8, 6, (x) => x % 3);

/** Content by how a file is called. */
function contentOf(name: string): Uint8Array | string {
  if (/\.(jpe?g)$/.test(name)) return jpeg;
  if (name.endsWith('.png')) return mask;
  if (name.endsWith('.xml')) return vocXml(8, 6, [{ name: 'cat', box: [1, 1, 5, 5] }]);
  return 'one two\n';
}

interface Expected {
  readonly kind: string;
  readonly images: number;
  readonly classes?: readonly string[];
  /** Each is part of a kind of problem, the most frequent first. */
  readonly problems?: readonly string[];
}
/** Files, some with a content of their own, and what has to come of them; an error's code where it is refused. */
type Case = readonly [
  what: string,
  files: readonly string[],
  expected: Expected | string,
  own?: Readonly<Record<string, string | Uint8Array>>,
];

const three = ['class 0', 'class 1', 'class 2'];
const cats = (folders: readonly string[]) =>
  folders.flatMap((at) => [`${at}/a.jpg`, `${at}/b.jpg`]);

const cases: readonly Case[] = [
  [
    'Food-101: images beside lists',
    [...cats(['images/apple pie', 'images/waffles']), 'meta/classes.txt', 'meta/train.txt'],
    { kind: 'class-folders', images: 4, classes: ['apple pie', 'waffles'] },
  ],
  [
    'Caltech 101: objects beside annotations of another program',
    [...cats(['101_ObjectCategories/ant', '101_ObjectCategories/bass']), 'Annotations/ant/1.mat'],
    { kind: 'class-folders', images: 4, classes: ['ant', 'bass'] },
  ],
  [
    'DTD: images of classes beside lists called labels',
    [...cats(['images/banded', 'images/dotted']), 'labels/train1.txt', 'imdb/imdb.mat'],
    { kind: 'class-folders', images: 4, classes: ['banded', 'dotted'] },
  ],
  [
    'ImageNet: data, annotations and lists, the splits within',
    [...cats(['Data/train/n01', 'Data/train/n02', 'Data/val/n01']), 'ImageSets/train.txt'],
    'data-not-recognised',
  ],
  [
    'KITTI: pictures beside labels and calibrations',
    ['training/image_2/0.png', 'training/label_2/0.txt', 'training/calib/0.txt'],
    'data-not-recognised',
  ],
  [
    'Kaggle: train_images and test_images beside a table',
    [...cats(['train_images', 'test_images']), 'train.csv'],
    'data-not-recognised',
  ],
  [
    'Intel scenes: seg_train, seg_test, seg_pred',
    cats(['seg_train/sea', 'seg_test/sea', 'seg_pred']),
    'data-not-recognised',
  ],
  [
    'face masks: classes that are named after masks',
    cats(['with_mask', 'without_mask', 'mask_weared_incorrect']),
    {
      kind: 'class-folders',
      images: 6,
      classes: ['mask_weared_incorrect', 'with_mask', 'without_mask'],
    },
  ],
  [
    'BUSI: classes whose masks lie beside their pictures',
    [
      ...cats(['benign', 'normal']),
      'benign/a_mask.png',
      'benign/a_mask_1.png',
      'normal/a_mask.png',
    ],
    {
      kind: 'class-folders',
      images: 4,
      classes: ['benign', 'normal'],
      problems: ['masks of its pictures, which are left out'],
    },
  ],
  [
    'semantic drone: original_images and label_images_semantic',
    [
      'original_images/0.jpg',
      'original_images/1.jpg',
      'label_images_semantic/0.png',
      'label_images_semantic/1.png',
    ],
    { kind: 'image-masks', images: 2, classes: three },
  ],
  [
    'Lyft: CameraRGB and CameraSeg',
    ['dataA/CameraRGB/0.png', 'dataA/CameraSeg/0.png'],
    { kind: 'image-masks', images: 1, classes: three },
  ],
  [
    'CVC: Original and Ground Truth',
    ['Original/1.jpg', 'Ground Truth/1.png', 'metadata.csv'],
    { kind: 'image-masks', images: 1, classes: three },
  ],
  [
    'ISIC: Training_Input and Training_GroundTruth',
    [
      'ISIC2018_Task1_Training_Input/ISIC_1.jpg',
      'ISIC2018_Task1_Training_GroundTruth/ISIC_1_segmentation.png',
      'ISIC2018_Task1_Validation_Input/ISIC_2.jpg',
    ],
    { kind: 'image-masks', images: 1, classes: three },
  ],
  [
    'Roboflow masks: a picture and its mask side by side',
    ['a_jpg.rf.1f2e.jpg', 'a_jpg.rf.1f2e_mask.png', 'b_jpg.rf.9a.jpg', 'b_jpg.rf.9a_mask.png'],
    { kind: 'image-masks', images: 2, classes: ['background', 'leaf', 'stem'] },
    { '_classes.csv': 'Pixel Value, Class\n0, background\n1, leaf\n2, stem\n' },
  ],
  [
    'Oxford pets: annotations of two kinds in folders of their own',
    [
      'images/cat_1.jpg',
      'images/dog_2.jpg',
      'annotations/xmls/cat_1.xml',
      'annotations/trimaps/cat_1.png',
      'annotations/trimaps/dog_2.png',
      'annotations/list.txt',
    ],
    { kind: 'voc', images: 1, classes: ['cat'], problems: ['has no annotation of the same name'] },
  ],
  [
    'VOC with its pictures beside the folder of annotations',
    ['a.jpg', 'Annotations/a.xml'],
    { kind: 'voc', images: 1, classes: ['cat'] },
  ],
  [
    'YOLO with its pictures beside the folder of labels',
    ['a.jpg', 'labels/a.txt'],
    { kind: 'yolo', images: 1, classes: ['class 0'] },
    { 'labels/a.txt': '0 0.5 0.5 0.2 0.2\n' },
  ],
  [
    'YOLO of CVAT: obj_train_data and obj.names',
    ['obj_train_data/a.jpg', 'train.txt', 'obj.data'],
    { kind: 'yolo', images: 1, classes: ['cat', 'dog'] },
    { 'obj_train_data/a.txt': '1 0.5 0.5 0.2 0.2\n', 'obj.names': 'cat\ndog\n' },
  ],
  [
    'COCO of FiftyOne: labels.json and data',
    ['data/a.jpg'],
    { kind: 'coco', images: 1, classes: ['cat'] },
    {
      'labels.json': JSON.stringify({
        images: [{ id: 1, file_name: 'a.jpg' }],
        annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [1, 1, 2, 2] }],
        categories: [{ id: 1, name: 'cat' }],
      }),
    },
  ],
  ['LabelMe: a JSON file for each image', ['a.jpg', 'a.json', 'b.jpg', 'b.json'], 'json-per-image'],
  [
    'Cityscapes: both archives unpacked into folders of their own',
    [
      'leftImg8bit_trainvaltest/leftImg8bit/train/aachen/a_leftImg8bit.png',
      'gtFine_trainvaltest/gtFine/train/aachen/a_gtFine_labelTrainIds.png',
    ],
    { kind: 'cityscapes', images: 1 },
  ],
  [
    'arrays in files of their own, X_train and y_train',
    [],
    { kind: 'npy', images: 2, classes: ['class 0', 'class 1'] },
    {
      'X_train.npy': npyBytes('<f4', [2, 3, 4, 4], (i) => i),
      'y_train.npy': npyBytes('<i8', [2], (i) => i),
    },
  ],
  [
    'classes of which one holds pictures of a format that is not read',
    [...cats(['cat']), 'dog/a.gif', 'dog/b.dcm'],
    {
      kind: 'class-folders',
      images: 2,
      classes: ['cat', 'dog'],
      problems: ['holds a .dcm file', 'holds a .gif file', 'the class stays empty'],
    },
  ],
  [
    'Pascal Context: masks in a folder of a longer name, beside lists',
    [
      ...['JPEGImages/1.jpg', 'SegmentationClassContext/1.png'],
      'ImageSets/SegmentationContext/train.txt',
    ],
    { kind: 'image-masks', images: 1, classes: three },
  ],
  [
    'Penn-Fudan: PNGImages, PedMasks and annotations of a format of its own',
    ['PNGImages/a.png', 'PedMasks/a_mask.png', 'Annotation/a.txt', 'readme.txt'],
    { kind: 'image-masks', images: 1, classes: three },
  ],
  [
    'LoveDA: parts, each with folders of images and of masks',
    ['Rural/images_png/0.png', 'Rural/masks_png/0.png', 'Urban/images_png/1.png'].concat(
      'Urban/masks_png/1.png',
    ),
    { kind: 'image-masks', images: 2, classes: three },
  ],
  [
    'CUB-200: segmentations of the same names beside the data set',
    [
      ...['CUB_200_2011/images/001.Albatross/a.jpg', 'CUB_200_2011/images/002.Laysan/b.jpg'],
      ...['CUB_200_2011/classes.txt', 'segmentations/001.Albatross/a.png', 'attributes.txt'],
    ],
    { kind: 'class-folders', images: 2, classes: ['001.Albatross', '002.Laysan'] },
  ],
  ['Carvana: masks as GIF', ['train/a.jpg', 'train_masks/a_mask.gif'], 'masks-not-png'],
  [
    'Kvasir: masks as JPEG, beside a JSON file of boxes that is not COCO',
    ['images/a.jpg', 'masks/a.jpg'],
    'masks-not-png',
    { 'kavsir_bboxes.json': '{"a": {"height": 6, "width": 8, "bbox": []}}' },
  ],
  [
    'class folders beside a JSON file of their names',
    cats(['cat', 'dog']),
    { kind: 'class-folders', images: 4, classes: ['cat', 'dog'] },
    { 'cat_to_name.json': '{"1": "cat"}', 'class_list.json': '["cat", "dog"]' },
  ],
  ['flowers: pictures and lists as .mat', ['jpg/a.jpg', 'imagelabels.mat'], 'data-not-recognised'],
  ['CelebA: pictures and a table', ['img_align/a.jpg', 'list_attr.csv'], 'data-not-recognised'],
  ['Tiny ImageNet: val', ['images/a.jpg', 'val_annotations.txt'], 'data-not-recognised'],
  [
    'FiftyOne: data and labels.json of classes',
    ['data/a.jpg'],
    'data-not-recognised',
    { 'labels.json': '{"classes": ["cat"], "labels": {"a": 0}}' },
  ],
  [
    'Mapillary: images and v1.2',
    ['images/a.jpg', 'v1.2/labels/a.png', 'v1.2/instances/a.png'],
    'data-not-recognised',
  ],
  [
    'class folders on a file server, from a disk of another system',
    [
      ...cats(['cat', 'dog']),
      ...['$RECYCLE.BIN/x.jpg', '@eaDir/a.jpg/THUMB.jpg', 'cat/desktop.ini', 'lost+found/1.jpg'],
    ],
    { kind: 'class-folders', images: 4, classes: ['cat', 'dog'] },
  ],
  [
    'class folders of which some pictures are still on the server',
    [...cats(['cat']), 'cat/.c.jpg.icloud', 'dog/.a.jpg.icloud', 'dog/.b.jpg.icloud'],
    {
      kind: 'class-folders',
      images: 2,
      classes: ['cat', 'dog'],
      problems: ['holds a .icloud file', 'holds … .icloud files', 'the class stays empty'],
    },
  ],
  [
    'class folders that hold the whole set once more',
    [...cats(['healthy', 'blight']), 'PlantVillage/healthy/a.jpg'],
    {
      kind: 'class-folders',
      images: 5,
      classes: ['PlantVillage', 'blight', 'healthy'],
      problems: ['a second copy?'],
    },
  ],
  [
    'Cityscapes: test, whose masks are withheld',
    ['leftImg8bit/test/berlin/a_leftImg8bit.png'],
    { kind: 'cityscapes', images: 0, problems: ['has no pixel of any class'] },
    { 'gtFine/test/berlin/a_gtFine_labelIds.png': maskPng(8, 6, () => 3) },
  ],
];

describe('a folder as it is given away', () => {
  const named = cases.map(([what, ...rest]) => [what, rest] as const);
  it.each(named)('of %s', async (_what, [files, expected, own = {}]) => {
    for (const name of files) await folder.put(name, contentOf(name));
    for (const [name, content] of Object.entries(own)) await folder.put(name, content);
    const opening = openDataset({ path: folder.path });
    if (typeof expected === 'string') {
      await expect(opening).rejects.toBeInstanceOf(WorkbenchError);
      await expect(opening).rejects.toMatchObject({ code: expected });
      return;
    }
    const inspection = await inspectDataset(await opening, 100);
    const { problems = [], classes, ...rest } = expected;
    expect(inspection).toMatchObject({ ...rest, ...(classes && { classes }) });
    expect(inspection.problemKinds.map(({ kind }) => kind)).toEqual(
      problems.map((reason) => expect.stringContaining(reason) as string),
    );
  });

  it.each([
    ['images.zip', /Unpack the archive first/],
    ['train.parquet', /Files of this kind are not read/],
  ])('as the file %s is refused with what to do about it', async (name, hint) => {
    const file = await folder.put(name, 'PK');
    await expect(openDataset({ path: file })).rejects.toMatchObject({
      code: 'data-not-recognised',
      hint: expect.stringMatching(hint) as string,
    });
  });

  it.each([
    ['a table of labels', ['a.jpg', 'metadata.csv'], /not read from metadata\.csv/],
    ['a JSON file of CreateML', ['a.jpg', '_annotations.createml.json'], /_annotations\.createml/],
    ['labels of VisDrone', ['images/a.jpg', 'annotations/a.txt'], /annotations\/a\.txt/],
    ['labels of KITTI', ['training/image_2/0.png', 'training/label_2/0.txt'], /label_2\/0\.txt/],
    ['labels beside folders', ['val/a.jpg', 'solution.csv'], /not read from solution\.csv/],
    ['archives', ['train.zip', 'test.zip'], /Unpack test\.zip and the other archives/],
    ['MATLAB', ['train_32x32.mat'], /Files such as train_32x32\.mat are not read/],
    ['parquet', ['data/train-0.parquet', 'README.md'], /data\/train-0\.parquet/],
    ['STL-10', ['stl10_binary/train_X.bin', 'stl10_binary/train_y.bin'], /train_X\.bin/],
    [
      'pictures that are not read',
      ['GTSRB/Final/Images/0/a.ppm', 'GTSRB/Final/Images/1/b.ppm'],
      /Images\/0\/a\.ppm/,
    ],
    ['pictures without an ending', ['cat/a', 'dog/b'], /cat\/a has none/],
    ['pictures alone', ['a.jpg', 'b.jpg'], /those of each class into a folder/],
    ['masks elsewhere', ['images/a.jpg', 'v1/labels/a.png'], /Masks such as v1\/labels\/a\.png/],
    ['splits further in', cats(['set/train/cat', 'set/val/cat']), /there are train, val/],
    ['nothing', [], /empty/],
  ])('of %s is refused with what to do about it', async (_what, files, hint) => {
    for (const name of files) {
      await folder.put(name, name.endsWith('.json') ? '[{"image": "a.jpg"}]' : contentOf(name));
    }
    await expect(openDataset({ path: folder.path })).rejects.toMatchObject({
      code: 'data-not-recognised',
      hint: expect.stringMatching(hint) as string,
    });
  });

  it('of labels in pixels says so instead of finding no object', async () => {
    await folder.put('images/a.jpg', jpeg);
    await folder.put('labels/a.txt', '0 12 15 20 20\n');
    await expect(openDataset({ path: folder.path })).rejects.toMatchObject({
      code: 'no-images',
      message: expect.stringMatching(/a\.txt, line 1: its numbers are not fractions/) as string,
    });
  });

  it('of annotations of which none can be read says why', async () => {
    await folder.put('JPEGImages/a.jpg', jpeg);
    await folder.put('Annotations/a.xml', '<annotation><object>');
    await expect(openDataset({ path: folder.path })).rejects.toMatchObject({
      code: 'no-images',
      message: expect.stringMatching(
        /without a single object that can be read: a\.xml, /,
      ) as string,
    });
  });

  it('with links that lead round or out of it follows none of them', async () => {
    for (const name of cats(['cat', 'dog'])) await folder.put(name, jpeg);
    await symlink('..', path.join(folder.path, 'cat/up'));
    await symlink('.', path.join(folder.path, 'again'));
    await symlink('self', path.join(folder.path, 'self'));
    const data = await openDataset({ path: folder.path });
    expect(data).toMatchObject({ count: 4, classCounts: [0, 2, 2] });
    expect(data.problems.map(({ file }) => path.basename(file))).toEqual(['again', 'again', 'up']);
  });

  it.runIf(process.platform === 'linux')('names what is called in another encoding', async () => {
    for (const name of cats(['cat', 'dog'])) await folder.put(name, jpeg);
    const latin = (name: string) => Buffer.from(path.join(folder.path, name), 'latin1');
    await writeFile(latin('cat/l\xf6we.jpg'), jpeg);
    await mkdir(latin('k\xe4se'));
    const data = await openDataset({ path: folder.path });
    expect(data).toMatchObject({ count: 4, classes: 2, problemCount: 2 });
    for (const { reason } of data.problems) expect(reason).toMatch(/not UTF-8: rename it/);
  });

  it('with several splits offers them, however they are called', async () => {
    for (const split of ['asl_test', 'asl_train']) await folder.put(`${split}/A/1.jpg`, jpeg);
    await expect(openDataset({ path: folder.path })).rejects.toMatchObject({
      hint: expect.stringContaining('(there are asl_train, asl_test)') as string,
    });
  });

  it('with several kinds of problems is described with each of them', async () => {
    for (const name of [...cats(['cat']), 'cat/c.gif', 'dog/a.gif', 'dog/b.gif']) {
      await folder.put(name, contentOf(name));
    }
    expect(describeDataset(await openDataset({ path: folder.path }))).toMatchObject({
      images: 2,
      problems: [
        'cat: holds a .gif file, which is not read',
        'dog: holds 2 .gif files, which are not read',
        'dog: has no picture: the class stays empty',
      ],
    });
  });

  it('Oxford pets is read for segmentation, too', async () => {
    for (const name of ['images/a.jpg', 'annotations/xmls/a.xml', 'annotations/trimaps/a.png'])
      await folder.put(name, contentOf(name));
    const data = await openDataset({ path: folder.path, task: 'segmentation' });
    expect(data).toMatchObject({ kind: 'image-masks', count: 1 });
  });
});
