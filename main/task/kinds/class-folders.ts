/**
 * One folder per class with its images inside, at any depth: the layout of ImageNet and of torchvision's
 * ImageFolder.
 */
import path from 'node:path';
import type { ClassificationDataset } from '../dataset.ts';
import { photographNormalisation } from '../dataset.ts';
import { Groups } from '../groups.ts';
import { described } from '../kind-descriptions.ts';
import {
  hasFile,
  hasPicture,
  isAnyPicture,
  isPicture,
  listDeep,
  listFolder,
  splitsOf,
  stem,
  type Listing,
  type DataPlace,
} from '../listing.ts';
import { mapSome, readPicture } from '../pictures/read.ts';
import { noImages, ProblemList, orUnusable } from '../problems.ts';
import { imageAndMaskFolders, namesImages, namesMasks, partsWithin } from './image-masks.ts';
import type { DataKind } from './kind.ts';

interface ClassFolder {
  readonly folder: string;
  readonly files: readonly string[];
  readonly count: number;
}

export const classFolders: DataKind = {
  ...described.classFolders,
  async open(place) {
    // A folder of images and one of their masks are not two classes, even where they cannot be used as masks.
    if (!place.isFolder || imageAndMaskFolders(place) !== null) return null;
    if ((await partsWithin(place)).length > 0) return null;
    // Nor are the splits of a data set, of which one has to be chosen.
    if (splitsOf(place).length > 0 || !(await areClasses(place))) return null;
    return openClassFolders(place);
  },
};

/**
 * Whether the folders are classes. Pictures further down make classes only of several folders, because archives
 * unpack into one. Nor are they classes where only one holds pictures, in folders of its own or under a name
 * such as images, and others hold something else (images/ and meta/).
 */
async function areClasses(place: DataPlace): Promise<boolean> {
  const { path: parent, folders } = place;
  const at = (name: string) => path.join(parent, name);
  const deeper = folders.length > 1 ? 2 : 0;
  const pictured: string[] = [];
  for (const name of folders) {
    // A folder that cannot be looked into is named when the classes are listed.
    if (await hasPicture(at(name), deeper).catch(() => false)) pictured.push(name);
  }
  const [only] = pictured;
  if (only === undefined) return false;
  if (pictured.length > 1) {
    return !pictured.some(isContainer) && !(await haveMasks(place, pictured));
  }
  const named = namesImages(only) || /^(data|samples?|files|all|pics)$/i.test(only);
  if (named && (await hasFile(at(only), isAnyPicture))) return false;
  if (!named && (await hasFile(at(only), isAnyPicture))) return true;
  for (const name of folders.filter((folder) => folder !== only)) {
    const { files, folders: inner } = await listFolder(at(name)).catch(() => empty);
    if (files.length > 0 || inner.length > 0) return false;
  }
  return true;
}

const empty: Listing = { files: [], folders: [] };

/** Of several folders, one that is called just images holds the pictures, and the others are no classes. */
const isContainer = (folder: string): boolean => /^((jpe?g|png)?images?|imgs?)$/i.test(folder);

/**
 * Whether one of the folders holds masks of the pictures in others: it is named for it, which a class may be as
 * well (with_mask, without_mask), and its pictures have the names of others.
 */
async function haveMasks(
  { path: parent }: DataPlace,
  pictured: readonly string[],
): Promise<boolean> {
  const masks = pictured.filter(namesMasks);
  const others = pictured.filter((folder) => !namesMasks(folder));
  if (masks.length === 0 || others.length === 0) return false;
  const stemsIn = async (folders: readonly string[]): Promise<ReadonlySet<string>> => {
    const stems = new Set<string>();
    for (const folder of folders) {
      const files = await listDeep(path.join(parent, folder), isAnyPicture).catch(() => []);
      for (const file of files) stems.add(stem(path.posix.basename(file)));
    }
    return stems;
  };
  const [ofMasks, ofOthers] = [await stemsIn(masks), await stemsIn(others)];
  return [...ofMasks].every(
    (one) => ofOthers.has(one.replace(maskBeside, '')) || ofOthers.has(one),
  );
}

/** What programs append to the name of a picture to name its mask in the same folder. */
const maskBeside = /[-_. ](mask|masks|seg|segmentation|gt|label|labels|labelIds|parts)(_\d+)?$/i;

/** Files that are the masks of others among them, and not pictures of a class. */
function masksAmong(files: readonly string[]): ReadonlySet<string> {
  const named = files.filter((file) => maskBeside.test(stem(file)));
  if (named.length === 0) return new Set();
  const stems = new Set(files.map(stem));
  return new Set(named.filter((file) => stems.has(stem(file).replace(maskBeside, ''))));
}

/** Folders in a class that are named as other classes are. */
function copiesIn(files: readonly string[], classes: readonly string[]): readonly string[] {
  const inner = new Set(
    files.filter((file) => file.includes('/')).map((file) => file.split('/')[0]!),
  );
  return classes.filter((name) => inner.has(name));
}

async function openClassFolders(place: DataPlace): Promise<ClassificationDataset> {
  const problems = new ProblemList();
  const folders: ClassFolder[] = [];
  for (const name of place.folders) {
    const folder = path.join(place.path, name);
    const all = await listDeep(folder, isPicture, problems);
    const masks = masksAmong(all);
    const files = masks.size === 0 ? all : all.filter((file) => !masks.has(file));
    if (masks.size > 0) {
      problems.add(folder, `holds ${masks.size} masks of its pictures, which are left out`);
    }
    if (files.length === 0) problems.add(folder, 'has no picture: the class stays empty');
    const copies = copiesIn(files, place.folders);
    if (copies.length > 0) {
      problems.add(
        folder,
        `holds folders called as the classes beside it (${copies.slice(0, 3).join(', ')}): a second copy?`,
      );
    }
    folders.push({ folder, files, count: files.length });
  }
  const images = new Groups(folders);
  if (images.count === 0) {
    const unread = problems.problems.find(({ reason }) => reason.startsWith('holds '));
    const what = unread ? `: ${path.basename(unread.file)} ${unread.reason}` : '';
    throw noImages(
      place.path,
      `has class folders without a picture that can be read${what}`,
      'Put JPEG, PNG, WebP, AVIF, TIFF or BMP pictures into them.',
    );
  }
  return {
    kind: classFolders.name,
    task: 'classification',
    description: `${images.count} ${images.count === 1 ? 'image' : 'images'} of ${folders.length} ${folders.length === 1 ? 'class' : 'classes'} from ${path.basename(place.path)}, a folder per class`,
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
        orUnusable(async (counted) => {
          const { group, number: label, at } = images.locate(index);
          counted([label]);
          const file = path.join(group.folder, group.files[at]!);
          const { pixels, stored, notes } = await readPicture(file, size, 'cover');
          return { label, pixels, stored, notes };
        }),
      ),
  };
}
