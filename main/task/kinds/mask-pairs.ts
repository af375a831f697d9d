/** Images and their masks of class ids: what the three layouts of such folders have in common. */
import path from 'node:path';
import { WorkbenchError } from '../../errors.ts';
import { ignoredClass } from '../batches.ts';
import type { MaskedImage, SegmentationDataset } from '../dataset.ts';
import { photographNormalisation } from '../dataset.ts';
import { Groups, spread } from '../groups.ts';
import { readMask, type Mask } from '../pictures/mask.ts';
import { mapSome, readPicture } from '../pictures/read.ts';
import { resizeMask } from '../pictures/resize.ts';
import { isUnusable, noImages, type ProblemList, UnusableFile, usable } from '../problems.ts';

/** A folder of images and the folder of their masks. */
export interface MaskGroup {
  readonly imageFolder: string;
  readonly maskFolder: string;
  /** images[i] belongs to masks[i]. */
  readonly images: readonly string[];
  readonly masks: readonly string[];
  readonly count: number;
}

export interface MaskLayout {
  readonly kind: string;
  /** What a person calls the folder. */
  readonly source: string;
  /** As part of the description: "Cityscapes layout". */
  readonly layout: string;
  readonly groups: readonly MaskGroup[];
  readonly problems: ProblemList;
  /** Names of the classes; null learns their number from some of the masks. */
  readonly classNames: readonly string[] | null;
  /** Id in the file -> class, `ignoredClass`, or null for an id that has no place; null takes ids as they are. */
  readonly translate: readonly (number | null)[] | null;
  readonly defaultSize: readonly [number, number];
}

/** So many masks are looked at to learn how many classes there are. */
const masksForClasses = 32;

/**
 * Pairs by a key made of each name. Images without a mask and masks without an image are problems, not
 * errors.
 */
export function pairUp(
  images: { readonly folder: string; readonly files: readonly string[] },
  masks: { readonly folder: string; readonly files: readonly string[] },
  keys: { readonly image: (file: string) => string; readonly mask: (file: string) => string },
  problems: ProblemList,
): MaskGroup {
  const byKey = new Map(masks.files.map((file) => [keys.mask(file), file]));
  const kept = { images: [] as string[], masks: [] as string[] };
  for (const file of images.files) {
    const mask = byKey.get(keys.image(file));
    if (mask === undefined) {
      problems.add(
        path.join(images.folder, file),
        `has no mask of the same name in ${masks.folder}`,
      );
      continue;
    }
    byKey.delete(keys.image(file));
    kept.images.push(file);
    kept.masks.push(mask);
  }
  for (const file of byKey.values()) {
    problems.add(
      path.join(masks.folder, file),
      `has no image of the same name in ${images.folder}`,
    );
  }
  const [imageFolder, maskFolder] = [images.folder, masks.folder];
  return { imageFolder, maskFolder, ...kept, count: kept.images.length };
}

/** Throws `no-images`, `too-few-classes`. */
export async function openMaskPairs(layout: MaskLayout): Promise<SegmentationDataset> {
  const pairs = new Groups(layout.groups);
  if (pairs.count === 0) {
    throw noImages(
      layout.source,
      'has folders of images and masks, but no image has a mask of the same name',
      'Name each mask like its image.',
    );
  }
  const { names, note } = await classesOf(layout, pairs);
  const { defaultSize, problems, translate } = layout;
  return {
    kind: layout.kind,
    task: 'segmentation',
    description: `${pairs.count} images with masks of ${names.length} classes from ${path.basename(layout.source)}, ${layout.layout}${note}`,
    count: pairs.count,
    inputShape: [3, ...defaultSize],
    storedSize: null,
    fit: 'letterbox',
    classes: names.length,
    classNames: names,
    classCounts: null,
    normalisation: photographNormalisation,
    problems: problems.problems,
    problemCount: problems.problemCount,
    read: (indices, size = defaultSize) =>
      mapSome(indices, (index) =>
        usable(() => readPair(filesOf(pairs, index), size, translate, names.length)),
      ),
  };
}

interface PairFiles {
  readonly image: string;
  readonly mask: string;
}

function filesOf(pairs: Groups<MaskGroup>, index: number): PairFiles {
  const { group, at } = pairs.locate(index);
  return {
    image: path.join(group.imageFolder, group.images[at]),
    mask: path.join(group.maskFolder, group.masks[at]),
  };
}

async function readPair(
  files: PairFiles,
  [height, width]: readonly [number, number],
  translate: MaskLayout['translate'],
  classes: number,
): Promise<MaskedImage> {
  const picture = await readPicture(files.image, [height, width], 'letterbox');
  const { stored, placement, pixels } = picture;
  const mask = await readMask(files.mask, picture.size);
  translateIds(mask, files.mask, translate, classes);
  return { pixels, stored, mask: resizeMask(mask, { width, height }, placement) };
}

/** In place; the whole mask is checked, also where resizing skips pixels. Throws UnusableFile. */
function translateIds(
  { ids, width }: Mask,
  file: string,
  translate: MaskLayout['translate'],
  classes: number,
): void {
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    const target = translate ? (translate[id] ?? null) : id;
    if (target === null || (target >= classes && target !== ignoredClass)) {
      const at = `column ${i % width}, row ${Math.floor(i / width)}`;
      throw new UnusableFile(
        file,
        `has the id ${id} at ${at}, but there are ${classes} classes${translate ? ' and no place for it' : ''}`,
      );
    }
    ids[i] = target;
  }
}

/** Names that are known, or `class 0` and so on up to the highest id in some of the masks. */
async function classesOf(
  layout: MaskLayout,
  pairs: Groups<MaskGroup>,
): Promise<{ names: readonly string[]; note: string }> {
  if (layout.classNames) return { names: layout.classNames, note: '' };
  const looked = spread(pairs.count, masksForClasses);
  const masks = await mapSome(looked, (index) =>
    usable(() => readMask(filesOf(pairs, index).mask, null)),
  );
  let highest = -1;
  for (const mask of masks) {
    if (isUnusable(mask)) continue;
    for (const id of mask.ids) if (id > highest && id !== ignoredClass) highest = id;
  }
  if (highest < 1) {
    throw new WorkbenchError(
      'too-few-classes',
      `The masks of ${layout.source} have ${highest + 1} classes (${looked.length} of ${pairs.count} masks looked at; 255 counts as "ignore").`,
      'Save masks whose pixels are class ids from 0 on, or list the classes in classes.txt.',
    );
  }
  return {
    names: Array.from({ length: highest + 1 }, (_, i) => `class ${i}`),
    note: `; classes as found in ${looked.length} of its masks`,
  };
}
