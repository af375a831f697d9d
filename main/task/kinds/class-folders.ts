/**
 * A folder for each class, its images inside, at any depth: the layout of ImageNet and of torchvision's
 * ImageFolder.
 */
import path from 'node:path';
import type { ClassificationDataset } from '../dataset.ts';
import { photographNormalisation } from '../dataset.ts';
import { Groups } from '../groups.ts';
import { described } from '../kind-descriptions.ts';
import { hasFile, isPicture, listDeep, listFolder, splitsOf, type Place } from '../listing.ts';
import { mapSome, readPicture } from '../pictures/read.ts';
import { noImages, ProblemList, usable } from '../problems.ts';
import { imageAndMaskFolders } from './image-masks.ts';
import type { DataKind } from './kind.ts';

interface ClassFolder {
  readonly folder: string;
  readonly files: readonly string[];
  readonly count: number;
}

export const classFolders: DataKind = {
  ...described.classFolders,
  async open(place) {
    // Two folders of images and their masks are no two classes, whatever stands against using them.
    if (!place.isFolder || imageAndMaskFolders(place) !== null) return null;
    // Nor are the parts of a data set, of which one has to be chosen.
    if (splitsOf(place).length > 0 || !(await hasClassFolder(place))) return null;
    return openClassFolders(place);
  },
};

/** Pictures further down make classes of several folders only: archives unpack into one. */
async function hasClassFolder(place: Place): Promise<boolean> {
  const deeper = place.folders.length > 1 ? 2 : 0;
  for (const name of place.folders) {
    // A folder that cannot be looked into is named when the classes are listed.
    if (await hasPicture(path.join(place.path, name), deeper).catch(() => false)) return true;
  }
  return false;
}

/** In the folder itself, or in some below it. */
async function hasPicture(folder: string, deeper: number): Promise<boolean> {
  if (await hasFile(folder, isPicture)) return true;
  if (deeper === 0) return false;
  const { folders } = await listFolder(folder, () => false);
  for (const name of folders)
    if (await hasPicture(path.join(folder, name), deeper - 1)) return true;
  return false;
}

async function openClassFolders(place: Place): Promise<ClassificationDataset> {
  const problems = new ProblemList();
  const folders: ClassFolder[] = [];
  for (const name of place.folders) {
    const folder = path.join(place.path, name);
    const files = await listDeep(folder, isPicture, problems);
    if (files.length === 0) problems.add(folder, 'has no picture: the class stays empty');
    folders.push({ folder, files, count: files.length });
  }
  const images = new Groups(folders);
  if (images.count === 0) {
    throw noImages(place.path, 'has class folders without images', 'Put images into them.');
  }
  return {
    kind: classFolders.name,
    task: 'classification',
    description: `${images.count} images of ${folders.length} classes from ${path.basename(place.path)}, a folder per class`,
    count: images.count,
    inputShape: [3, 224, 224],
    storedSize: null,
    fit: 'cover',
    classes: folders.length,
    classNames: place.folders,
    classCounts: folders.map(({ count }) => count),
    normalisation: photographNormalisation,
    problems: problems.problems,
    problemCount: problems.problemCount,
    problemKinds: problems.kinds,
    read: (indices, size = [224, 224]) =>
      mapSome(indices, (index) =>
        usable(async () => {
          const { group, number: label, at } = images.locate(index);
          const file = path.join(group.folder, group.files[at]!);
          const { pixels, stored, notes } = await readPicture(file, size, 'cover');
          return { label, pixels, stored, notes };
        }),
      ),
  };
}
