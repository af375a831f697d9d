/** The images that ship with the product (main/assets/README.md says which, and under what terms). */
import path from 'node:path';
import { embeddedImages } from '../common/tasks.ts';
import type { Task } from './batches.ts';
import type { ClassificationDataset, Dataset } from './dataset.ts';
import { cifar10, openCifar } from './kinds/cifar.ts';
import type { OpenRequest } from './protocol.ts';

export const embeddedImagesFile = 'cifar10-test-256.bin';
export const embeddedBoxesFolder = 'bccd';

/** One line about the embedded images for classification, for help texts and the window. */
export const embeddedDataDescription = `${embeddedImages.classification} class-balanced images of the CIFAR-10 test set, shipped with the product`;

/** The embedded data for each task, in one line. */
export const embeddedDescriptions: Readonly<Record<Task, string>> = {
  classification: embeddedDataDescription,
  segmentation: `${embeddedImages.segmentation} photographs of blood cells (BCCD), their boxes filled as ellipses, shipped with the product`,
  detection: `${embeddedImages.detection} photographs of blood cells (BCCD) with their boxes, shipped with the product`,
};

/** `assetsFolder` is where the product's files lie; only the entry points know it. */
export function embeddedData(task: Task, assetsFolder: string): OpenRequest {
  const bccd = path.join(assetsFolder, embeddedBoxesFolder);
  switch (task) {
    case 'classification':
      return { path: path.join(assetsFolder, embeddedImagesFile), kind: 'cifar10' };
    case 'segmentation':
      return { path: bccd, kind: 'voc-ellipses' };
    case 'detection':
      return { path: bccd, kind: 'voc' };
  }
}

/** The embedded CIFAR-10 images need no decoder, and no child. */
export function openEmbeddedInProcess(
  { data, task }: { readonly data: string | null; readonly task: Task | null },
  assetsFolder: string,
): Promise<Dataset> | null {
  if (data !== null || (task !== null && task !== 'classification')) return null;
  return openCifar(cifar10, path.join(assetsFolder, embeddedImagesFile));
}

/** CIFAR-10 images for spaces that take nothing else: `data` names a file or folder, null the embedded ones. */
export function openImages(
  data: string | null,
  assetsFolder: string,
): Promise<ClassificationDataset> {
  return openCifar(cifar10, data ?? path.join(assetsFolder, embeddedImagesFile));
}
