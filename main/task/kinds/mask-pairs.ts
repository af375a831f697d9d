/** Images and their masks of class ids: what the layouts of such folders have in common. */
import path from 'node:path';
import { ignoredClass } from '../batches.ts';
import type { MaskedImage, SegmentationDataset } from '../dataset.ts';
import { photographNormalisation } from '../dataset.ts';
import { Groups, spread } from '../groups.ts';
import { readCodedMask, type Mask, type MaskCoding } from '../pictures/mask.ts';
import { mapSome, readPicture } from '../pictures/read.ts';
import { resizeMask } from '../pictures/resize.ts';
import { noImages, type ProblemList, UnusableFile, orUnusable } from '../problems.ts';
import { findCoding, type CodedClasses, type NamedColour } from './mask-coding.ts';

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
  /** Names of the classes; null where nobody listed them. */
  readonly classNames: readonly string[] | null;
  /** Classes with their colours, where somebody listed them. */
  readonly colours?: readonly NamedColour[] | null;
  /**
   * Id in the file -> class, `ignoredClass`, or null for an id that has no place; null takes ids as they are.
   * Absent where it has to be found out what the pixels mean.
   */
  readonly translate?: readonly (number | null)[] | null;
  readonly defaultSize: readonly [number, number];
}

/** How many masks are looked at to learn the number of classes. */
const masksForClasses = 32;

/**
 * Pairs files by a key made from each name. Images without a mask and masks without an image are problems, not
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
  const { names, note, coding } = await classesOf(layout, pairs);
  const { defaultSize, problems, translate = null } = layout;
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
    problemKinds: problems.kinds,
    read: (indices, size = defaultSize) =>
      mapSome(indices, (index) =>
        orUnusable(() =>
          readPair(filesOf(pairs, index), size, { coding, translate }, names.length),
        ),
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
    image: path.join(group.imageFolder, group.images[at]!),
    mask: path.join(group.maskFolder, group.masks[at]!),
  };
}

interface Meaning {
  readonly coding: MaskCoding;
  readonly translate: readonly (number | null)[] | null;
}

async function readPair(
  files: PairFiles,
  [height, width]: readonly [number, number],
  { coding, translate }: Meaning,
  classes: number,
): Promise<MaskedImage> {
  const picture = await readPicture(files.image, [height, width], 'letterbox');
  const { stored, placement, pixels, notes } = picture;
  const mask = await readCodedMask(files.mask, picture.size, coding);
  translateIds(mask, files.mask, translate, classes);
  return { pixels, stored, notes, mask: resizeMask(mask, { width, height }, placement) };
}

/** In place. The whole mask is checked, even where resizing skips pixels. Throws UnusableFile. */
function translateIds(
  { ids, width }: Mask,
  file: string,
  translate: Meaning['translate'],
  classes: number,
): void {
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!;
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
  if (ids.every((id) => id === ignoredClass)) {
    throw new UnusableFile(file, 'has no pixel of any class, only ignored ones');
  }
}

/** Where a layout says what its ids mean there is nothing to find out. */
async function classesOf(layout: MaskLayout, pairs: Groups<MaskGroup>): Promise<CodedClasses> {
  const { source, translate, classNames: names, colours = null } = layout;
  if (translate !== undefined && names) return { coding: { kind: 'ids' }, names, note: '' };
  const looked = spread(pairs.count, masksForClasses);
  const files = looked.map((index) => filesOf(pairs, index).mask);
  return findCoding({ source, files, count: pairs.count, names, colours });
}
