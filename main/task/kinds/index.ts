/** All kinds of data, in the order in which a folder is tried. */
import { cifar100Kind, cifar10Kind } from './cifar.ts';
import { cifarPickles } from './cifar-pickles.ts';
import { cityscapes } from './cityscapes.ts';
import { classFolders } from './class-folders.ts';
import { coco } from './coco.ts';
import { idx } from './idx.ts';
import { camvid, imageMasks } from './image-masks.ts';
import type { DataKind } from './kind.ts';
import { npyPair } from './npy-pair.ts';
import { voc, vocEllipses } from './voc.ts';
import { yolo } from './yolo.ts';

/**
 * In the order of kind-descriptions.ts, since the kind with a folder per class would also take images and masks
 * for two classes.
 */
export const dataKinds: readonly DataKind[] = [
  cifar10Kind,
  cifar100Kind,
  cifarPickles,
  idx,
  npyPair,
  cityscapes,
  camvid,
  voc,
  coco,
  yolo,
  imageMasks,
  classFolders,
  vocEllipses,
];
