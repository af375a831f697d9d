/** Folders as people have them: what each is taken for, how much it holds, and what is wrong with it. */
import { execFileSync } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { encode } from 'fast-png';
import { Transformer } from '@napi-rs/image';
import { describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../../main/errors.ts';
import type {
  BoxedImage,
  Dataset,
  LabelledImage,
  MaskedImage,
} from '../../../main/task/dataset.ts';
import { inspectDataset } from '../../../main/task/inspect-dataset.ts';
import { openDataset } from '../../../main/task/open-dataset.ts';
import {
  images,
  maskPng,
  palettePng,
  plainJpeg,
  plainPng,
  png,
  vocXml,
  type Colour,
} from '../../support/data.ts';
import { idxBytes, npyBytes, pickledBatch, zipOf } from '../../support/array-files.ts';
import { testFolder } from './folder.ts';

const folder = testFolder();
const put = (name: string, content: Uint8Array | string) => folder.put(name, content);

interface Expected {
  readonly kind: string;
  readonly images: number;
  readonly classes: readonly string[];
  readonly counts?: readonly number[] | null;
  /** Each has to be part of a problem, and there are no others. */
  readonly problems?: readonly string[];
  readonly description?: string;
}

/** Fills the folder and says what has to come of it; an error's code where it is refused. */
type Case = readonly [what: string, fill: () => Promise<Expected | string>];

const rgba = (width: number, height: number, [r, g, b]: Colour) => {
  const pixels = new Uint8Array(4 * width * height);
  for (let i = 0; i < pixels.length; i += 4) pixels.set([r, g, b, 255], i);
  return Transformer.fromRgbaPixels(pixels, width, height);
};

/** An Exif segment that says how the camera was held, behind the first two bytes of a JPEG. */
function turned(jpeg: Uint8Array, orientation: number): Uint8Array {
  const tiff = Buffer.from('4d4d002a00000008000101120003000000010000000000000000', 'hex');
  tiff.writeUInt16BE(orientation, 18);
  const segment = Buffer.concat([Buffer.from('ffe10000', 'hex'), Buffer.from('Exif\0\0'), tiff]);
  segment.writeUInt16BE(segment.length - 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}

const coco = (
  names: readonly object[],
  annotations: readonly object[],
  categories: readonly object[] = [{ id: 1, name: 'cell' }],
) => JSON.stringify({ images: names, annotations, categories });

async function pairs(
  imagesIn: string,
  masksIn: string,
  mask: (i: number) => Uint8Array,
  names = (i: number) => `${i}.png`,
) {
  for (let i = 0; i < 3; i++) {
    await put(`${imagesIn}/${i}.jpg`, await plainJpeg(8, 6));
    await put(`${masksIn}/${names(i)}`, mask(i));
  }
}
const ids = (i: number) => maskPng(8, 6, (x) => (x + i) % 3);
const colourMask = (colours: readonly Colour[]) => () =>
  png(8, 6, (x) => colours[x % colours.length]!);
const black: Colour = [0, 0, 0];
const red: Colour = [128, 0, 0];
const green: Colour = [0, 128, 0];

const segmentation = { kind: 'image-masks', images: 3 } as const;

const masks: readonly Case[] = [
  [
    'id masks',
    async () => {
      await pairs('images', 'masks', ids);
      return { ...segmentation, classes: ['class 0', 'class 1', 'class 2'] };
    },
  ],
  [
    'binary masks of 0 and 255',
    async () => {
      await pairs('images', 'masks', () => maskPng(8, 6, (x) => (x < 4 ? 0 : 255)));
      return { ...segmentation, classes: ['background', 'foreground'], description: '0 and 255' };
    },
  ],
  [
    'colour masks',
    async () => {
      await pairs('images', 'masks', colourMask([black, red, green]));
      return { ...segmentation, classes: ['#000000', '#008000', '#800000'] };
    },
  ],
  [
    'colour masks with their list of colours',
    async () => {
      await pairs('images', 'masks', colourMask([black, red]));
      await put('class_dict.csv', 'name,r,g,b\nVoid,0,0,0\nTree, 0, 128, 0\nCar,128,0,0\n');
      return {
        ...segmentation,
        classes: ['Void', 'Tree', 'Car'],
        description: 'colours as listed',
      };
    },
  ],
  [
    'ids saved as red, green and blue',
    async () => {
      await pairs('images', 'masks', () => png(8, 6, (x) => [x % 2, x % 2, x % 2]));
      return { ...segmentation, classes: ['class 0', 'class 1'] };
    },
  ],
  [
    'ids multiplied to be seen',
    async () => {
      await pairs('images', 'masks', () =>
        png(8, 6, (x) => [(x % 4) * 50, (x % 4) * 50, (x % 4) * 50]),
      );
      return { ...segmentation, classes: ['grey 0', 'grey 50', 'grey 100', 'grey 150'] };
    },
  ],
  [
    'two classes of many, as ids',
    async () => {
      await pairs('images', 'masks', () => maskPng(8, 6, (x) => (x % 2) * 15));
      const classes = Array.from({ length: 16 }, (_unused, i) => `class ${i}`);
      return { ...segmentation, classes };
    },
  ],
  [
    'a palette',
    async () => {
      await pairs('images', 'masks', () => palettePng(8, 6, 2, (x) => x % 3));
      return { ...segmentation, classes: ['class 0', 'class 1', 'class 2'] };
    },
  ],
  [
    'a colour that no other mask has',
    async () => {
      await pairs('images', 'masks', colourMask([black, red]));
      await put('class_dict.csv', 'name,r,g,b\nVoid,0,0,0\nCar,128,0,0\n');
      await put('images/9.jpg', await plainJpeg(8, 6));
      await put('masks/9.png', colourMask([[1, 2, 3]])());
      return {
        kind: 'image-masks',
        images: 3,
        classes: ['Void', 'Car'],
        problems: ['has the colour #010203'],
      };
    },
  ],
  [
    'masks that were smoothed',
    async () => {
      await pairs('images', 'masks', () => png(40, 40, (x, y) => [x * 6, y * 6, 7]));
      return 'masks-not-classes';
    },
  ],
  [
    'JPEG masks',
    async () => {
      await pairs('images', 'masks', ids, (i) => `${i}.jpg`);
      return 'masks-not-png';
    },
  ],
  [
    'train and train_labels, masks named with _L',
    async () => {
      await pairs('train', 'train_labels', colourMask([black, red]), (i) => `${i}_L.png`);
      await put('class_dict.csv', 'name,r,g,b\nVoid,0,0,0\nCar,128,0,0\n');
      return { kind: 'camvid', images: 3, classes: ['Void', 'Car'] };
    },
  ],
  [
    'CamVid as its authors gave it away',
    async () => {
      await pairs(
        '701_StillsRaw_full',
        'LabeledApproved_full',
        colourMask([black, red]),
        (i) => `${i}_L.png`,
      );
      await put('label_colors.txt', '0 0 0\t\tVoid\n128 0 0\t\tCar\n');
      return { kind: 'camvid', images: 3, classes: ['Void', 'Car'] };
    },
  ],
  [
    'ADE20K',
    async () => {
      await pairs('images/training', 'annotations/training', ids);
      await pairs('images/validation', 'annotations/validation', ids);
      return { kind: 'image-masks', images: 6, classes: ['class 0', 'class 1', 'class 2'] };
    },
  ],
  [
    'masks named _mask, umlauts and spaces',
    async () => {
      await put('Bilder von früher/images/Über uns 1.jpg', await plainJpeg(8, 6));
      await put('Bilder von früher/masks/Über uns 1_mask.png', ids(0));
      return { kind: 'image-masks', images: 1, classes: ['class 0', 'class 1', 'class 2'] };
    },
  ],
  [
    'an image without a mask and a mask without an image',
    async () => {
      await pairs('images', 'masks', ids);
      await put('images/lonely.jpg', await plainJpeg(8, 6));
      await put('masks/orphan.png', ids(0));
      return {
        ...segmentation,
        classes: ['class 0', 'class 1', 'class 2'],
        problems: ['has no mask of the same name', 'has no image of the same name'],
      };
    },
  ],
  [
    'images and masks of which none belong together',
    async () => {
      await put('images/a.jpg', await plainJpeg(8, 6));
      await put('masks/b.png', ids(0));
      return 'no-images';
    },
  ],
  [
    'images and an empty folder of masks',
    async () => {
      await put('images/a.jpg', await plainJpeg(8, 6));
      await mkdir(path.join(folder.path, 'masks'));
      return 'data-not-recognised';
    },
  ],
];

const twoClasses = { kind: 'class-folders', classes: ['cat', 'dog'] } as const;

const classes: readonly Case[] = [
  [
    'pictures of every format that is read',
    async () => {
      const picture = rgba(8, 6, [10, 200, 30]);
      await put('cat/a.jpg', await plainJpeg(8, 6));
      await put('cat/b.PNG', plainPng(8, 6));
      await put('cat/c.webp', await rgba(8, 6, red).webp(90));
      await put('dog/d.avif', await picture.avif());
      await put('dog/e.bmp', await rgba(8, 6, red).bmp());
      await put('dog/f.tif', await rgba(8, 6, red).tiff());
      return { ...twoClasses, images: 6, counts: [3, 3] };
    },
  ],
  [
    'formats that are not read, by ending',
    async () => {
      await put('cat/a.jpg', await plainJpeg(8, 6));
      await put('dog/b.jpg', await plainJpeg(8, 6));
      for (const name of ['a.gif', 'b.GIF', 'c.heic']) await put(`dog/${name}`, 'GIF89a');
      return {
        ...twoClasses,
        images: 2,
        problems: [
          'holds 2 .gif files, which are not read',
          'holds a .heic file, which is not read',
        ],
      };
    },
  ],
  [
    'a GIF under another name',
    async () => {
      await put('cat/a.jpg', 'GIF89a');
      await put('dog/b.jpg', await plainJpeg(8, 6));
      return { ...twoClasses, images: 1, counts: [0, 1], problems: ['is GIF; JPEG, PNG'] };
    },
  ],
  [
    'folders within classes, as torchvision reads them',
    async () => {
      await put('cat/2020/a.jpg', await plainJpeg(8, 6));
      await put('cat/2021/05/b.jpg', await plainJpeg(8, 6));
      await put('dog/c.jpg', await plainJpeg(8, 6));
      return { ...twoClasses, images: 3, counts: [2, 1] };
    },
  ],
  [
    'a link that leads in a circle',
    async () => {
      await put('cat/a.jpg', await plainJpeg(8, 6));
      await symlink('..', path.join(folder.path, 'cat/round'));
      await put('dog/b.jpg', await plainJpeg(8, 6));
      return { ...twoClasses, images: 2, problems: ['is a link that leads in a circle'] };
    },
  ],
  [
    'an empty class, stray files, spaces in names',
    async () => {
      await put('black cat/my picture (1).jpg', await plainJpeg(8, 6));
      await put('black cat/Thumbs.db', '');
      await put('black cat/.DS_Store', '');
      await put('readme.txt', 'mine');
      await mkdir(path.join(folder.path, 'white cat'));
      return {
        ...{
          kind: 'class-folders',
          images: 1,
          classes: ['black cat', 'white cat'],
          counts: [1, 0],
        },
        problems: ['the class stays empty'],
      };
    },
  ],
  [
    'a camera that was turned',
    async () => {
      await put('cat/a.jpg', turned(await plainJpeg(8, 6), 6));
      await put('dog/b.jpg', turned(await plainJpeg(8, 6), 1));
      return { ...twoClasses, images: 2, problems: ['Exif orientation 6'] };
    },
  ],
  [
    'train and val, each with the classes',
    async () => {
      for (const split of ['train', 'val']) await put(`${split}/cat/a.jpg`, await plainJpeg(8, 6));
      return 'data-not-recognised';
    },
  ],
  [
    'nothing but text',
    async () => {
      await put('notes.txt', 'nothing');
      return 'data-not-recognised';
    },
  ],
  [
    'a pipe among the pictures',
    async () => {
      await put('cat/a.jpg', await plainJpeg(8, 6));
      await put('dog/b.jpg', await plainJpeg(8, 6));
      execFileSync('mkfifo', [path.join(folder.path, 'dog/c.jpg')]);
      return { ...twoClasses, images: 2, problems: ['is a named pipe, not a file'] };
    },
  ],
];

const box = { kind: 'yolo', images: 2 } as const;

const boxes: readonly Case[] = [
  [
    'YOLO with data.yaml',
    async () => {
      for (const name of ['a', 'b']) {
        await put(`images/${name}.jpg`, await plainJpeg(20, 10));
        await put(`labels/${name}.txt`, '0 0.5 0.5 0.5 0.5\n1 0.25 0.25 0.1 0.1\n');
      }
      await put('data.yaml', 'train: images\nnc: 2\nnames: [\'cat\', "big, dog"]\n');
      return { ...box, classes: ['cat', 'big, dog'], counts: [2, 2] };
    },
  ],
  [
    'YOLO with a map of names, splits within, an image without labels',
    async () => {
      await put('images/train/a.jpg', await plainJpeg(20, 10));
      await put('images/train/b.jpg', await plainJpeg(20, 10));
      await put('labels/train/a.txt', '1 0.5 0.5 0.5 0.5 0.9\n');
      await put('dataset.yaml', 'names:\n  0: cat # the animal\n  1: dog\n');
      return {
        ...box,
        classes: ['cat', 'dog'],
        counts: [0, 1],
        description: '1 without a label file',
      };
    },
  ],
  [
    'YOLO outlines, label files beside their images',
    async () => {
      await put('a.jpg', await plainJpeg(20, 10));
      await put('a.txt', '0 0.1 0.1 0.5 0.1 0.5 0.6\n');
      await put('classes.txt', 'cell\n');
      return { kind: 'yolo', images: 1, classes: ['cell'], counts: [1] };
    },
  ],
  [
    'YOLO with lines that are none, and a box outside',
    async () => {
      await put('images/a.jpg', await plainJpeg(20, 10));
      await put('images/b.jpg', await plainJpeg(20, 10));
      await put('labels/a.txt', '0 0.5 0.5 0.5 0.5\n0 1.5 0.5 0.1 0.1\n');
      await put('labels/b.txt', '0 0.5 0.5 0.5 0.5\n0 0.5 0.5\n');
      return {
        ...box,
        images: 1,
        classes: ['class 0'],
        counts: [1],
        problems: ['has no area inside', 'line 2: it has 2 numbers'],
      };
    },
  ],
  [
    'YOLO with a picture that is broken',
    async () => {
      await put('images/a.jpg', await plainJpeg(20, 10));
      await put('images/b.jpg', 'broken');
      for (const name of ['a', 'b']) {
        await put(`labels/${name}.txt`, '0 0.5 0.5 0.5 0.5\n1 0.5 0.5 0.5 0.5\n');
      }
      return {
        ...box,
        images: 1,
        classes: ['class 0', 'class 1'],
        counts: [1, 1],
        description: '1 images with the boxes of 2 classes',
        problems: ['is not a picture'],
      };
    },
  ],
  [
    'VOC with a picture that is broken',
    async () => {
      await put('JPEGImages/a.jpg', await plainJpeg(20, 10));
      await put('JPEGImages/b.jpg', 'broken');
      for (const name of ['a', 'b']) {
        await put(`Annotations/${name}.xml`, vocXml(20, 10, [{ name: 'cell', box: [1, 1, 9, 9] }]));
      }
      return {
        kind: 'voc',
        images: 1,
        classes: ['cell'],
        counts: [1],
        problems: ['is not a picture'],
      };
    },
  ],
  [
    'COCO with a picture that is broken',
    async () => {
      await put('a.jpg', await plainJpeg(20, 10));
      await put('b.jpg', 'broken');
      await put(
        'boxes.json',
        coco(
          [
            { id: 1, file_name: 'a.jpg' },
            { id: 2, file_name: 'b.jpg' },
          ],
          [1, 2].map((id) => ({ id, image_id: id, category_id: 1, bbox: [1, 1, 5, 4] })),
        ),
      );
      return {
        kind: 'coco',
        images: 1,
        classes: ['cell'],
        counts: [1],
        problems: ['is not a picture'],
      };
    },
  ],
  [
    'VOC whose sizes are those of the turned picture',
    async () => {
      await put('JPEGImages/a.jpg', turned(await plainJpeg(20, 10), 6));
      await put('Annotations/a.xml', vocXml(10, 20, [{ name: 'cell', box: [1, 1, 9, 19] }]));
      return { kind: 'voc', images: 1, classes: ['cell'] };
    },
  ],
  [
    'VOC whose sizes are those of another picture',
    async () => {
      await put('JPEGImages/a.jpg', await plainJpeg(20, 10));
      await put('Annotations/a.xml', vocXml(10, 20, [{ name: 'cell', box: [1, 1, 9, 19] }]));
      return {
        kind: 'voc',
        images: 0,
        classes: ['cell'],
        counts: [0],
        problems: ['says that its image has 10 x 20'],
      };
    },
  ],
  [
    'COCO of Roboflow: a root category without annotations',
    async () => {
      await put('a.jpg', await plainJpeg(20, 10));
      await put(
        '_annotations.coco.json',
        coco(
          [{ id: 0, file_name: 'a.jpg' }],
          [{ id: 0, image_id: 0, category_id: 1, bbox: [1, 1, 5, 5] }],
          [
            { id: 0, name: 'cells', supercategory: 'none' },
            { id: 1, name: 'RBC', supercategory: 'cells' },
            { id: 2, name: 'WBC', supercategory: 'cells' },
          ],
        ),
      );
      return { kind: 'coco', images: 1, classes: ['RBC', 'WBC'], counts: [1, 0] };
    },
  ],
  [
    'COCO of LVIS: coco_url without file_name',
    async () => {
      await put('val2017/7.jpg', await plainJpeg(20, 10));
      await put(
        'lvis.json',
        coco(
          [{ id: 7, coco_url: 'http://images/val2017/7.jpg' }],
          [{ id: 1, image_id: 7, category_id: 1, bbox: [1, 1, 5, 5] }],
        ),
      );
      return { kind: 'coco', images: 1, classes: ['cell'], counts: [1] };
    },
  ],
  [
    'COCO with backslashes in its names',
    async () => {
      await put('sub/a.jpg', await plainJpeg(20, 10));
      await put(
        'boxes.json',
        coco(
          [{ id: 1, file_name: 'sub\\a.jpg' }],
          [{ id: 1, image_id: 1, category_id: 1, bbox: [1, 1, 5, 5] }],
        ),
      );
      return { kind: 'coco', images: 1, classes: ['cell'], counts: [1] };
    },
  ],
  [
    'COCO whose sizes are those of the turned picture',
    async () => {
      await put('a.jpg', turned(await plainJpeg(20, 10), 8));
      await put(
        'boxes.json',
        coco(
          [{ id: 1, file_name: 'a.jpg', width: 10, height: 20 }],
          [{ id: 1, image_id: 1, category_id: 1, bbox: [1, 15, 5, 4] }],
        ),
      );
      return { kind: 'coco', images: 1, classes: ['cell'] };
    },
  ],
  [
    'splits of Roboflow',
    async () => {
      for (const split of ['train', 'valid', 'test']) {
        await put(`${split}/a.jpg`, await plainJpeg(20, 10));
        await put(`${split}/_annotations.coco.json`, coco([{ id: 1, file_name: 'a.jpg' }], []));
      }
      return 'data-not-recognised';
    },
  ],
];

const [n, h, w] = [4, 6, 5];
const pixel = (i: number) => i % 251;
const targets = () => npyBytes('<i8', [n], (i) => i % 3);
const three = ['class 0', 'class 1', 'class 2'];

const arrays: readonly Case[] = [
  [
    'float64 images',
    async () => {
      await put('inputs.npy', npyBytes('<f8', [n, 3, h, w], pixel));
      await put('targets.npy', targets());
      return { kind: 'npy', images: n, classes: three };
    },
  ],
  [
    'big-endian numbers',
    async () => {
      await put('x.npy', npyBytes('>f4', [n, 3, h, w], pixel));
      await put(
        'y.npy',
        npyBytes('>i2', [n], (i) => i % 3),
      );
      return { kind: 'npy', images: n, classes: three };
    },
  ],
  [
    'Fortran order',
    async () => {
      await put('x.npy', npyBytes('<f4', [n, 3, h, w], pixel, true));
      await put('y.npy', targets());
      return { kind: 'npy', images: n, classes: three };
    },
  ],
  [
    'an .npz archive of Keras: bytes, channels last, classes as a column',
    async () => {
      await put(
        'data.npz',
        zipOf(
          {
            'x_train.npy': npyBytes('|u1', [n, 8, 8, 3], pixel),
            'y_train.npy': npyBytes('|u1', [n, 1], (i) => i % 3),
          },
          true,
        ),
      );
      return { kind: 'npy', images: n, classes: three };
    },
  ],
  [
    'an .npz archive without compression, grey',
    async () => {
      await put(
        'data.npz',
        zipOf(
          {
            'train_images.npy': npyBytes('|u1', [n, 8, 8], pixel),
            'train_labels.npy': targets(),
          },
          false,
        ),
      );
      return { kind: 'npy', images: n, classes: three };
    },
  ],
  [
    'an .npz archive of who knows what',
    async () => {
      await put('data.npz', zipOf({ 'weights.npy': targets() }, false));
      return 'npz-without-pair';
    },
  ],
  [
    'an .npz archive that is cut short',
    async () => {
      await put(
        'data.npz',
        zipOf({ 'x.npy': targets(), 'y.npy': targets() }, false).subarray(0, 100),
      );
      return 'npz-malformed';
    },
  ],
  [
    'MNIST, one of the files gzipped',
    async () => {
      await put('train-images-idx3-ubyte.gz', gzipSync(idxBytes([n, 8, 8], pixel)));
      await put(
        'train-labels-idx1-ubyte',
        idxBytes([n], (i) => i % 3),
      );
      await put('t10k-images-idx3-ubyte', idxBytes([2, 8, 8], pixel));
      await put(
        't10k-labels-idx1-ubyte',
        idxBytes([2], (i) => i),
      );
      return { kind: 'idx', images: n, classes: three, counts: [2, 1, 1], description: 't10k' };
    },
  ],
  [
    'MNIST without its classes',
    async () => {
      await put('train-images-idx3-ubyte', idxBytes([n, 8, 8], pixel));
      return 'no-labels';
    },
  ],
  [
    'CIFAR-10 as Python 2 pickled it',
    async () => {
      await put(
        'data_batch_1',
        pickledBatch(n, (i) => i % 10, 'labels'),
      );
      await put(
        'data_batch_2',
        pickledBatch(n, (i) => i % 10, 'labels'),
      );
      await put(
        'test_batch',
        pickledBatch(n, (i) => i % 10, 'labels'),
      );
      const counts = [2, 2, 2, 2, 0, 0, 0, 0, 0, 0];
      return { kind: 'cifar-pickles', images: 2 * n, classes: [], counts };
    },
  ],
  [
    'a pickle that runs something',
    async () => {
      await put(
        'data_batch_1',
        Buffer.from('\x80\x02cposix\nsystem\nU\x09touch /x\x85R.', 'latin1'),
      );
      return 'pickle-malformed';
    },
  ],
];

async function opened(): Promise<Dataset | WorkbenchError> {
  return openDataset({ path: folder.path }).catch((error: unknown) => {
    if (error instanceof WorkbenchError) return error;
    throw error;
  });
}

describe.each([
  ['masks', masks],
  ['classes', classes],
  ['boxes', boxes],
  ['arrays', arrays],
] as const)('a folder of %s', (_, cases) => {
  it.each(cases)('with %s', async (_what, fill) => {
    const expected = await fill();
    const found = await opened();
    if (typeof expected === 'string') {
      expect(found).toBeInstanceOf(WorkbenchError);
      expect(found).toMatchObject({ code: expected });
      return;
    }
    if (found instanceof WorkbenchError) throw found;
    const inspection = await inspectDataset(found, 100);
    const { problems = [], counts, classes: names, description = '', kind } = expected;
    expect(inspection.problems.map(({ reason }) => reason)).toEqual(
      problems.map((reason) => expect.stringContaining(reason) as string),
    );
    expect(inspection.problemCount).toBe(problems.length);
    expect(inspection).toMatchObject({
      ...{ kind, images: expected.images },
      ...(names.length > 0 && { classes: names }),
      ...(counts !== undefined && { classCounts: counts }),
      description: expect.stringContaining(description) as string,
    });
    // What is offered can be drawn, but for what has a problem of its own.
    const read = await found.read(Array.from({ length: found.count }, (_unused, i) => i));
    if (problems.length === 0) expect(images<object>(read)).toHaveLength(found.count);
  });
});

describe('splits', () => {
  it('are offered by name where a folder holds nothing else', async () => {
    for (const split of ['valid', 'train']) await put(`${split}/cat/a.jpg`, await plainJpeg(8, 6));
    await expect(openDataset({ path: folder.path })).rejects.toMatchObject({
      hint: expect.stringContaining(
        `${path.join(folder.path, 'train')} (there are train, valid)`,
      ) as string,
    });
  });
});

describe('what is read', () => {
  it('of arrays in any order and layout is the same picture', async () => {
    const value = (index: number) => index % 97;
    const read = async (inputs: Uint8Array) => {
      await put('x.npy', inputs);
      await put('y.npy', targets());
      const data = await openDataset({ path: folder.path });
      return [...images<LabelledImage>((await data.read([2])) as never)[0]!.pixels];
    };
    const plain = await read(npyBytes('<f4', [n, 3, h, w], value));
    expect(await read(npyBytes('<f8', [n, 3, h, w], value))).toEqual(plain);
    expect(await read(npyBytes('>f4', [n, 3, h, w], value))).toEqual(plain);
    expect(await read(npyBytes('<f4', [n, 3, h, w], value, true))).toEqual(plain);
    const interleaved = (index: number) => {
      const [image, rest] = [Math.floor(index / (3 * h * w)), index % (3 * h * w)];
      const [at, c] = [Math.floor(rest / 3), rest % 3];
      return value(image * 3 * h * w + c * h * w + at);
    };
    expect(await read(npyBytes('<f4', [n, h, w, 3], interleaved))).toEqual(plain);
  });

  it('of a picture that its annotation says is turned, is turned', async () => {
    const upright = png(20, 10, (x) => (x < 10 ? [250, 0, 0] : [0, 0, 250]));
    const jpeg = await new Transformer(upright).jpeg(100);
    await put('JPEGImages/a.jpg', turned(jpeg, 6));
    await put('Annotations/a.xml', vocXml(10, 20, [{ name: 'cell', box: [1, 1, 9, 19] }]));
    const data = await openDataset({ path: folder.path });
    const { pixels } = images<BoxedImage>((await data.read([0], [20, 10])) as never)[0]!;
    // Turned clockwise by a quarter, what was left is above.
    expect(pixels[0]).toBeGreaterThan(200);
    expect(pixels[19 * 10]).toBeLessThan(50);
  });

  it('of a mask of 16 bits or of several channels keeps its ids', async () => {
    await pairs('images', 'masks', () =>
      encode({
        width: 8,
        height: 6,
        channels: 1,
        depth: 16,
        data: new Uint16Array(48).map((_x, i) => i % 3),
      }),
    );
    const data = await openDataset({ path: folder.path, task: 'segmentation' });
    const image = images<MaskedImage>((await data.read([0], [6, 8])) as never)[0]!;
    expect(new Set(image.mask)).toEqual(new Set([0, 1, 2]));
  });
});
