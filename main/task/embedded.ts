/** The images that ship with the product (main/assets/README.md says which, and under what terms). */
import path from 'node:path';
import { openCifar10 } from './cifar10.ts';
import type { ImageDataset } from './dataset.ts';

export const embeddedImagesFile = 'cifar10-test-256.bin';

/** One line about the embedded images, for help texts and the window. */
export const embeddedDataDescription =
  '256 class-balanced images of the CIFAR-10 test set, shipped with the product';

/**
 * The data set of a run: `data` names a CIFAR-10 file or folder, null the embedded images.
 * `assetsFolder` is where the product's files lie; only the entry points know it.
 */
export function openImages(data: string | null, assetsFolder: string): Promise<ImageDataset> {
  return openCifar10(data ?? path.join(assetsFolder, embeddedImagesFile));
}
