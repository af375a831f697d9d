/** The kinds of data in words, for lists; another process reads them. */
import type { Task } from './batches.ts';

export interface KindDescription {
  readonly name: string;
  readonly tasks: readonly Task[];
  readonly title: string;
  /** What a file or folder of this kind looks like. */
  readonly layout: string;
  /** Only taken when asked for by name: it reads another kind's files in a different way. */
  readonly onlyByName?: boolean;
}

const vocLayout =
  'a folder with Annotations/*.xml and JPEGImages (or images), or .xml files beside their images; classes.txt may fix the order of the classes';

/** By name, in the order in which a folder is tried: specific kinds before general ones. */
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
  cifarPickles: {
    name: 'cifar-pickles',
    tasks: ['classification'],
    title: "CIFAR-10 or CIFAR-100, Python's version",
    layout: 'a folder with data_batch_1 and so on, or with train and meta, or one of these files',
  },
  idx: {
    name: 'idx',
    tasks: ['classification'],
    title: 'MNIST and its like, idx files',
    layout:
      'a folder with train-images-idx3-ubyte and train-labels-idx1-ubyte (also .gz), or one such file of images with its labels beside it',
  },
  npy: {
    name: 'npy',
    tasks: ['classification', 'segmentation'],
    title: '.npy pair or .npz archive',
    layout:
      'a folder with inputs.npy and targets.npy (or images/labels, images/masks, x/y), or one of the two: N x C x H x W (or N x H x W x C, N x H x W) float32 or float64 used as they are, or uint8; whole targets N or N x H x W; or an .npz archive of two arrays so named, or x_train and y_train, train_images and train_labels, arr_0 and arr_1',
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
      'a folder with images_prepped_train/ and annotations_prepped_train/ (or train/ and trainannot/ or train_labels/), likewise for val and test, or 701_StillsRaw_full/ and LabeledApproved_full/; PNG masks of class ids or colours named like their images; class_dict.csv or label_colors.txt may name the classes of colours',
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
  yolo: {
    name: 'yolo',
    tasks: ['detection'],
    title: 'YOLO, boxes as text',
    layout:
      'a folder with images/ and labels/ (or .txt files beside their images): a line "class x y width height" for each object, in shares of the picture, or an outline; data.yaml or classes.txt may name the classes',
  },
  imageMasks: {
    name: 'image-masks',
    tasks: ['segmentation'],
    title: 'images and masks',
    layout:
      'a folder with images/ and masks/ (or labels/, annotations/, SegmentationClass/, gt/), or with folders named alike in both; or in one folder, with an ending such as _mask: PNG masks named like their images, of class ids (255 is ignored; only 0 and 255 are background and foreground) or of colours; classes.txt may name the classes, class_dict.csv or label_colors.txt their colours',
  },
  classFolders: {
    name: 'class-folders',
    tasks: ['classification'],
    title: 'a folder per class',
    layout:
      'a folder with one subfolder for each class, its JPEG, PNG, WebP, AVIF, TIFF or BMP pictures inside, at any depth',
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
