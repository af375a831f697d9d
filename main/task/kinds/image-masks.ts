/** Images and masks in two folders side by side: plain pairs, and CamVid's layouts. */
import path from 'node:path';
import { WorkbenchError } from '../../errors.ts';
import { described } from '../kind-descriptions.ts';
import {
  hasPicture,
  isAnyPicture,
  isPicture,
  isPngName,
  listFolder,
  splitsOf,
  stem,
  subfolder,
  type DataPlace,
} from '../listing.ts';
import { ProblemList } from '../problems.ts';
import { namesBeside } from './class-names.ts';
import type { DataKind } from './kind.ts';
import { coloursBeside } from './mask-coding.ts';
import { openMaskPairs, pairUp, type MaskGroup } from './mask-pairs.ts';

const imageNames = ['images', 'image', 'imgs', 'img', 'JPEGImages', 'photos', 'pictures', 'rgb'];
const maskNames = [
  ...['masks', 'mask', 'labels', 'label', 'SegmentationClass', 'annotations', 'annotation'],
  ...['segmentations', 'segmentation', 'ground_truth', 'groundtruth', 'gt', 'seg'],
];

/** Folders of images and of their masks side by side; null where there are none. */
export function imageAndMaskFolders(
  place: DataPlace,
): { readonly images: string; readonly masks: string } | null {
  const images = subfolder(place, imageNames);
  const masks = subfolder(place, maskNames);
  if (images !== null && masks !== null) return { images, masks };
  return pairByWords(place.folders);
}

const imageWords = new Set([
  ...['image', 'images', 'img', 'imgs', 'photo', 'photos', 'picture', 'pictures', 'rgb'],
  ...['original', 'originals', 'input', 'inputs', 'frames'],
]);
/** Names of formats say nothing about what a folder is for. */
const formatWords = new Set(['jpeg', 'jpg', 'png', 'tif', 'tiff', 'bmp', 'webp']);
/** ImageSets, image_lists: lists of names, as text. */
const listWords = new Set(['sets', 'set', 'lists', 'list', 'splits']);
const maskWords = new Set([
  ...['mask', 'masks', 'msk', 'label', 'labels', 'annotation', 'annotations', 'annot', 'seg'],
  ...['segmentation', 'segmentations', 'segmentationclass', 'semantic', 'gt', 'ground', 'truth'],
  ...['groundtruth', 'trimap', 'trimaps', 'target', 'targets'],
]);

const wordsOf = (folder: string): readonly string[] =>
  folder
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .match(/[a-z]+/g) ?? [];

/** Whether a folder is named for being pictures, and not for what they show. */
export const namesImages = (folder: string): boolean =>
  wordsOf(folder).some((word) => imageWords.has(word) || formatWords.has(word));

/** Whether a folder may be named for being masks. */
export const namesMasks = (folder: string): boolean =>
  wordsOf(folder).some((word) => maskWords.has(word));

/**
 * original_images and label_images_semantic, CameraRGB and CameraSeg, Original and Ground Truth: a word of
 * masks makes a folder one of masks, else a word of images one of images. Folders whose other words agree
 * belong together; failing that, the only two there are.
 */
function pairByWords(folders: readonly string[]) {
  const named = folders.map((folder) => {
    const words = wordsOf(folder).filter((word) => !formatWords.has(word));
    const rest = words.filter((word) => !imageWords.has(word) && !maskWords.has(word)).join(' ');
    const lists = words.some((word) => listWords.has(word));
    const masks = !lists && namesMasks(folder);
    const images = !lists && !masks && words.some((word) => imageWords.has(word));
    return { folder, rest, masks, images };
  });
  const images = named.filter((one) => one.images);
  const maybe = named.filter((one) => one.masks);
  // Where one says so, annotations and labels beside it are something else.
  const certain = maybe.filter(({ folder }) => /mask|seg/i.test(folder));
  const masks = (certain.length > 0 ? certain : maybe).toSorted(
    (a, b) => a.folder.length - b.folder.length,
  );
  for (const image of images) {
    const mask = masks.find(({ rest }) => rest === image.rest);
    if (mask) return { images: image.folder, masks: mask.folder };
  }
  const [image, mask] = [images[0], masks[0]];
  if (!image || !mask || images.length > 1) return null;
  return { images: image.folder, masks: mask.folder };
}

/** A data set in parts, such as regions or days, has no more than this. */
const mostParts = 200;

/**
 * Folders of images and of masks in each of several folders: Rural/images_png and Rural/masks_png, likewise
 * Urban. Splits are no such parts: one of them is chosen.
 */
export async function partsWithin(place: DataPlace) {
  const parts: { inner: DataPlace; images: string; masks: string }[] = [];
  if (place.folders.length < 2 || place.folders.length > mostParts || splitsOf(place).length > 0) {
    return parts;
  }
  for (const name of place.folders) {
    const folder = path.join(place.path, name);
    const listing = await listFolder(folder, () => false).catch(() => null);
    if (listing === null) continue;
    const inner: DataPlace = { ...place, ...listing, path: folder };
    const found = imageAndMaskFolders(inner);
    if (found === null || !(await hasPicture(path.join(folder, found.masks)))) continue;
    parts.push({ inner, ...found });
  }
  return 2 * parts.length > place.folders.length ? parts : [];
}

/** Pictures and, in the same folder, their masks: a.jpg and a_mask.png. Null where most pictures have none. */
function besideIn(place: DataPlace, problems: ProblemList): MaskGroup | null {
  const pictures = place.files.filter(isPicture);
  const { mask: keyOf } = keysOf(pictures.filter((file) => !maskFile.test(file)));
  const masks = pictures.filter((file) => maskFile.test(file));
  const images = pictures.filter((file) => !maskFile.test(file));
  if (masks.length === 0 || images.length === 0 || 2 * masks.length < images.length) return null;
  const stems = new Set(images.map(stem));
  if (!masks.some((file) => stems.has(keyOf(file)))) return null;
  const folder = place.path;
  return pairUp(
    { folder, files: images },
    { folder, files: masks },
    { image: stem, mask: keyOf },
    problems,
  );
}

const maskFile = /[-_. ](mask|seg|segmentation|gt|label|labelIds)\.png$/i;

/** What programs append to the name of an image to name its mask. */
const maskEnding = /[-_. ]?(L|mask|masks|label|labels|labelIds|seg|segmentation|gt|P|pixels)$/i;

/** Masks have the names of their images, or these with a suffix that all masks share. */
function keysOf(images: readonly string[]) {
  const stems = new Set(images.map(stem));
  const mask = (file: string): string => {
    const name = stem(file);
    return stems.has(name) ? name : name.replace(maskEnding, '');
  };
  return { image: stem, mask };
}

export const imageMasks: DataKind = {
  ...described.imageMasks,
  async open(place) {
    if (!place.isFolder) return null;
    const found = imageAndMaskFolders(place);
    const problems = new ProblemList();
    const together = found === null ? besideIn(place, problems) : null;
    const parts = found === null && together === null ? await partsWithin(place) : [];
    const groups: MaskGroup[] = together === null ? [] : [together];
    if (found) groups.push(...(await groupsOf(place, found.images, found.masks, problems)));
    for (const { inner, images, masks } of parts) {
      groups.push(...(await groupsOf(inner, images, masks, problems)));
    }
    if (groups.length === 0) return null;
    const beside = [place.path, ...(found ? [path.join(place.path, found.masks)] : [])];
    return openMaskPairs({
      kind: imageMasks.name,
      source: place.path,
      layout: found
        ? `images and masks named alike in ${found.images} and ${found.masks}`
        : together !== null
          ? 'images and masks in one folder, the masks with an ending such as _mask'
          : `images and masks in each of ${parts.length} folders`,
      groups,
      problems,
      classNames: await namesBeside(beside),
      colours: await coloursBeside(beside),
      defaultSize: [512, 512],
    });
  },
};

/** Folders of masks in CamVid's layouts: of the folder names `images`, `masks`. */
const camvidPairs = [
  { images: /^images_prepped_(\w+)$/, masks: (part: string) => `annotations_prepped_${part}` },
  { images: /^(train|val|test)$/, masks: (part: string) => `${part}annot` },
  { images: /^(train|val|test)$/, masks: (part: string) => `${part}_labels` },
  { images: /^(train|val|test)$/, masks: (part: string) => `${part}_masks` },
  // As its authors published it: all pictures in one folder.
  { images: /^(701_StillsRaw_full)$/, masks: () => 'LabeledApproved_full' },
] as const;

export const camvid: DataKind = {
  ...described.camvid,
  async open(place) {
    if (!place.isFolder) return null;
    const problems = new ProblemList();
    const groups: MaskGroup[] = [];
    for (const { images, masks } of camvidPairs) {
      for (const folder of place.folders) {
        const part = images.exec(folder)?.[1];
        if (part === undefined || !place.folders.includes(masks(part))) continue;
        const group = await groupOf(place, folder, masks(part), problems);
        if (group) groups.push(group);
      }
    }
    if (groups.length === 0) return null;
    return openMaskPairs({
      kind: camvid.name,
      source: place.path,
      layout: 'CamVid layout',
      groups,
      problems,
      classNames: await namesBeside([place.path]),
      colours: await coloursBeside([place.path, ...groups.map(({ maskFolder }) => maskFolder)]),
      defaultSize: [360, 480],
    });
  },
};

/** Of the two folders themselves, or of folders in them that have the same names, as in ADE20K. */
async function groupsOf(
  place: DataPlace,
  images: string,
  masks: string,
  problems: ProblemList,
): Promise<readonly MaskGroup[]> {
  const here = await groupOf(place, images, masks, problems);
  if (here) return [here];
  const [imageFolders, maskFolders] = [
    (await listFolder(path.join(place.path, images), () => false)).folders,
    (await listFolder(path.join(place.path, masks), () => false)).folders,
  ];
  const groups: MaskGroup[] = [];
  for (const name of imageFolders.filter((folder) => maskFolders.includes(folder))) {
    const group = await groupOf(place, `${images}/${name}`, `${masks}/${name}`, problems);
    if (group) groups.push(group);
  }
  if (groups.length > 0 || maskFolders.length === 0) return groups;
  // annotations/trimaps next to annotations/xmls: masks one folder further down.
  for (const name of maskFolders) {
    const group = await groupOf(place, images, `${masks}/${name}`, problems);
    if (group && group.count > 0) return [group];
  }
  return groups;
}

/** Null where the folders hold no images or no masks. */
async function groupOf(
  place: DataPlace,
  images: string,
  masks: string,
  problems: ProblemList,
): Promise<MaskGroup | null> {
  const imageFolder = path.join(place.path, images);
  const maskFolder = path.join(place.path, masks);
  const [pictures, ids] = [
    await listFolder(imageFolder, isPicture, problems),
    await listFolder(maskFolder, isPngName, problems),
  ];
  if (pictures.files.length === 0) return null;
  if (ids.files.length === 0) {
    const { files } = await listFolder(maskFolder, isAnyPicture);
    if (files.length === 0) return null;
    throw new WorkbenchError(
      'masks-not-png',
      `The masks of ${place.path} are not PNG files, for example ${path.join(masks, files[0]!)}.`,
      'Save them as PNG: pixels of a mask are classes, and formats such as JPEG change them.',
    );
  }
  return pairUp(
    { folder: imageFolder, files: pictures.files },
    { folder: maskFolder, files: ids.files },
    keysOf(pictures.files),
    problems,
  );
}
