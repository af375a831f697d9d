/** The kinds of data in words, for whoever lists them; what reads them is another process's business. */
import type { Task } from './batches.ts';

export interface KindDescription {
  readonly name: string;
  readonly tasks: readonly Task[];
  readonly title: string;
  /** What a file or folder of this kind looks like. */
  readonly layout: string;
  /** Never chosen by itself: it reads another kind's files in another way. */
  readonly onlyByName?: boolean;
}

const vocLayout =
  'a folder with Annotations/*.xml and JPEGImages (or images), or .xml files beside their images; classes.txt may fix the order of the classes';

/** By name, in the order in which a folder is tried: the particular before the general. */
export const described = {
  cifar10: {
    name: 'cifar10',
    tasks: ['classification'],
    title: 'CIFAR-10, binary version',
    layout: 'a .bin file of 3073-byte records, or a folder with such files',
  },
  cifar100: {
    name: 'cifar100',
    tasks: ['classification'],
    title: 'CIFAR-100, binary version',
    layout:
      'a .bin file of 3074-byte records, or a folder with such files; the fine labels are used',
  },
  npy: {
    name: 'npy',
    tasks: ['classification', 'segmentation'],
    title: '.npy pair',
    layout:
      'a folder with inputs.npy and targets.npy (or images/labels, images/masks, x/y), or one of the two: N x C x H x W float32 used as they are, or uint8; int64, int32 or uint8 targets N or N x H x W',
  },
  cityscapes: {
    name: 'cityscapes',
    tasks: ['segmentation'],
    title: 'Cityscapes layout',
    layout:
      'a folder with leftImg8bit/SPLIT/CITY/*_leftImg8bit.png and gtFine/SPLIT/CITY/*_gtFine_labelIds.png (mapped to the 19 trained classes) or *_labelTrainIds.png (taken as they are)',
  },
  camvid: {
    name: 'camvid',
    tasks: ['segmentation'],
    title: 'CamVid layout',
    layout:
      'a folder with images_prepped_train/ and annotations_prepped_train/ (or train/ and trainannot/), likewise for val and test; PNG masks of class ids named like their images',
  },
  voc: {
    name: 'voc',
    tasks: ['detection'],
    title: 'Pascal VOC, boxes as XML',
    layout: vocLayout,
  },
  coco: {
    name: 'coco',
    tasks: ['detection'],
    title: 'COCO, boxes as JSON',
    layout:
      'a .json file of COCO annotations with its images beside it or in images/, or a folder with one (also in annotations/)',
  },
  imageMasks: {
    name: 'image-masks',
    tasks: ['segmentation'],
    title: 'images and id masks',
    layout:
      'a folder with images/ and masks/ (or labels/, annotations/, SegmentationClass/): PNG masks of class ids, named like their images; 255 is ignored; classes.txt may name the classes',
  },
  classFolders: {
    name: 'class-folders',
    tasks: ['classification'],
    title: 'a folder per class',
    layout: 'a folder with one subfolder for each class, JPEG or PNG images directly inside',
  },
  vocEllipses: {
    name: 'voc-ellipses',
    tasks: ['segmentation'],
    title: 'Pascal VOC, boxes filled as ellipses',
    layout: vocLayout,
    onlyByName: true,
  },
} as const satisfies Record<string, KindDescription>;

export const kindDescriptions: readonly KindDescription[] = Object.values(described);
