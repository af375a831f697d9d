/** COCO's JSON of boxes next to a folder of images. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { WorkbenchError } from '../../errors.ts';
import type { DetectionDataset } from '../dataset.ts';
import { photographNormalisation } from '../dataset.ts';
import { described } from '../kind-descriptions.ts';
import { isPicture, listFolder, stem, subfolder, type DataPlace } from '../listing.ts';
import { placeBoxes, type AnnotatedBox } from '../pictures/boxes.ts';
import { mapSome, readPicture } from '../pictures/read.ts';
import { noImages, openData, UnusableFile, orUnusable } from '../problems.ts';
import {
  edgesOf,
  indexCoco,
  isBox,
  notCoco,
  placeOf,
  unknownCategory,
  withoutBox,
  type CocoIndex,
} from './coco-index.ts';
import type { DataKind } from './kind.ts';

export const coco: DataKind = {
  ...described.coco,
  async open(place) {
    const file = await findJson(place);
    return file === null ? null : openCoco(file);
  },
};

const isJson = (file: string): boolean => file.toLowerCase().endsWith('.json');
const defaultSize = [512, 512] as const;
/** Of how many files the beginning is looked at: COCO has few, other programs write one for each image. */
const mostHeads = 200;

async function findJson(place: DataPlace): Promise<string | null> {
  if (!place.isFolder) return isJson(place.path) ? place.path : null;
  const inner = subfolder(place, ['annotations']);
  const stems = new Set(place.files.filter(isPicture).map(stem));
  const folders = [
    { folder: place.path, files: place.files.filter(isJson) },
    ...(inner === null ? [] : [await jsonIn(path.join(place.path, inner))]),
  ];
  for (const one of folders) {
    // One for each image is a kind of its own; otherwise those of other programs and of other purposes are
    // passed over, since the folder may be of another kind.
    if (one.files.length > 1 && one.files.every((file) => stems.has(stem(file)))) continue;
    const likely: string[] = [];
    for (const file of one.files.slice(0, mostHeads)) {
      if (await mayBeCoco(path.join(one.folder, file))) likely.push(file);
    }
    one.files = likely;
  }
  const { folder, files } = folders.find((one) => one.files.length > 0) ?? folders[0]!;
  if (files.length === 0) return null;
  // COCO's own archive holds captions and key points as well.
  const boxes = files.filter((file) => file.startsWith('instances'));
  const candidates = boxes.length > 0 ? boxes : files;
  if (candidates.length === 1) return path.join(folder, candidates[0]!);
  if (candidates.every((file) => stems.has(stem(file)))) {
    throw new WorkbenchError(
      'json-per-image',
      `${folder} has a JSON file for each image, as LabelMe writes them; these cannot be read.`,
      'Convert them to one file of COCO, or to YOLO.',
    );
  }
  throw new WorkbenchError(
    'data-ambiguous',
    `${folder} has ${candidates.length} JSON files: ${candidates.slice(0, 5).join(', ')}.`,
    'Pass the one to use instead of its folder.',
  );
}

async function jsonIn(
  folder: string,
): Promise<{ readonly folder: string; files: readonly string[] }> {
  return { folder, files: (await listFolder(folder, isJson)).files };
}

/** How much of a file is looked at to see whether it may be COCO's. */
const headBytes = 2 ** 16;

/** Whether the file begins as COCO's do. A damaged one may have been COCO's, and is refused as such. */
async function mayBeCoco(file: string): Promise<boolean> {
  const head = await headOf(file);
  if (isList(head)) return false;
  if (head.length >= headBytes) return /"(images|annotations|categories)"\s*:/.test(head);
  try {
    const document = JSON.parse(head) as unknown;
    const keys = typeof document === 'object' && document !== null ? Object.keys(document) : [];
    return ['images', 'annotations', 'categories'].some((key) => keys.includes(key));
  } catch {
    return true;
  }
}

const isList = (head: string): boolean => /^[\s\ufeff]*\[/.test(head);

async function headOf(file: string): Promise<string> {
  const handle = await openData(file);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return new TextDecoder().decode(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** Throws `json-malformed`, `not-coco`, `no-images`. */
async function openCoco(file: string): Promise<DetectionDataset> {
  if (isList(await headOf(file))) {
    throw notCoco(file, null, 'it is a list, as CreateML, Labelbox and others write it');
  }
  const index = await indexCoco(file);
  const count = index.names.length;
  const folder = await findImages(file, index.names);
  const { classNames, classCounts, problems } = index;
  return {
    kind: coco.name,
    task: 'detection',
    description: `${count} images with the boxes of ${classNames.length} classes from ${path.basename(file)}, COCO JSON${crowdsInWords(index.crowds)}`,
    count,
    inputShape: [3, ...defaultSize],
    storedSize: null,
    fit: 'letterbox',
    classes: classNames.length,
    classNames,
    classCounts,
    normalisation: photographNormalisation,
    problems: problems.problems,
    problemCount: problems.problemCount,
    problemKinds: problems.kinds,
    read: (indices, size = defaultSize) =>
      mapSome(indices, (i) =>
        orUnusable(async (counted) => {
          const boxes = await readBoxes(file, index, i);
          counted(boxes.map(({ classIndex }) => classIndex));
          const image = inside(folder, index.names[i]!, file, index.ids[i]!);
          const picture = await ofImage(index.ids[i]!, () =>
            readPicture(image, size, 'letterbox', index.sizeOf(i)),
          );
          const { pixels, stored, notes } = picture;
          const placed = placeBoxes(boxes, picture.size, picture.placement, file);
          return { ...placed, pixels, stored, notes };
        }),
      ),
  };
}

const crowdsInWords = (crowds: number): string =>
  crowds === 0 ? '' : `; ${crowds === 1 ? 'a crowd' : `${crowds} crowds`} left out`;

/** What is wrong with the picture of an image, with the image's id. */
async function ofImage<T>(id: number, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof UnusableFile)) throw cause;
    const { file, reason } = cause.problem;
    throw new UnusableFile(file, `image ${id}: ${reason}`, { cause });
  }
}

/**
 * Images are in one of a few folders near their annotations; where there are many, it is not a data set's
 * folder.
 */
const mostFolders = 50;

/**
 * Where the first of the images are: under their names, or under the last part of these. Throws `no-images`.
 */
async function findImages(file: string, names: readonly string[]): Promise<ImageFolder> {
  const here = path.dirname(file);
  // instances_val2017.json describes val2017/; annotations/ is next to the folders of images.
  const part = stem(path.basename(file)).replace(/^(instances|annotations)_?/, '');
  const folders = ['', 'images', 'JPEGImages', ...(part === '' ? [] : [part, `images/${part}`])];
  const bases = path.basename(here) === 'annotations' ? [here, path.dirname(here)] : [here];
  const candidates = bases.flatMap((base) => folders.map((folder) => path.join(base, folder)));
  for (const base of bases) {
    const { folders: others } = await listFolder(base, () => false);
    for (const folder of others.slice(0, mostFolders)) {
      const candidate = path.join(base, folder);
      if (!candidates.includes(candidate)) candidates.push(candidate);
    }
  }
  for (const flat of [false, true]) {
    for (const name of names.slice(0, 20)) {
      for (const folder of candidates) {
        const image = path.join(folder, flat ? path.basename(name) : name);
        if (await stat(image).catch(() => null)) return { folder, flat };
      }
    }
  }
  throw noImages(
    file,
    `names ${names.length} images, but the first of them are in none of ${candidates.slice(0, 8).join(', ')}`,
    'Put the images next to the JSON file, or into images/ next to it.',
  );
}

interface ImageFolder {
  readonly folder: string;
  /** Whether the folders in the images' names are missing. */
  readonly flat: boolean;
}

/** An annotation file must not point outside of its folder. Throws UnusableFile. */
function inside({ folder, flat }: ImageFolder, name: string, file: string, id: number): string {
  const image = path.resolve(folder, flat ? path.basename(name) : name);
  if (image.startsWith(path.resolve(folder) + path.sep)) return image;
  throw new UnusableFile(file, `image ${id}: it is named "${name}", which is outside of ${folder}`);
}

/** The boxes of image i, read from their places in the file. Crowds are left out, as in training. */
async function readBoxes(file: string, index: CocoIndex, i: number): Promise<AnnotatedBox[]> {
  const boxes: AnnotatedBox[] = [];
  const [from, to] = [index.firstOf[i]!, index.firstOf[i + 1]!];
  if (from === to) return boxes;
  const handle = await openData(file);
  try {
    for (let at = from; at < to; at++) {
      const length = index.ends[at]! - index.starts[at]!;
      const { buffer } = await handle.read(Buffer.alloc(length), 0, length, index.starts[at]);
      const where = placeOf(index.lines[at]!, index.ids[i]!);
      const box = parseBox(buffer.toString('utf8'), index, file, where);
      if (box) boxes.push(box);
    }
  } finally {
    await handle.close();
  }
  return boxes;
}

interface CocoAnnotation {
  readonly category_id?: unknown;
  readonly bbox?: unknown;
  readonly iscrowd?: unknown;
}

/** @returns null for a crowd. Throws UnusableFile, naming the line and the image. */
function parseBox(
  text: string,
  index: CocoIndex,
  file: string,
  where: string,
): AnnotatedBox | null {
  let annotation: CocoAnnotation;
  try {
    annotation = JSON.parse(text) as CocoAnnotation;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnusableFile(file, `${where}: the annotation is not JSON: ${reason}`, { cause });
  }
  if (annotation.iscrowd === 1 || annotation.iscrowd === true) return null;
  const category = Number(annotation.category_id);
  const classIndex = index.classOf.get(category);
  if (classIndex === undefined)
    throw new UnusableFile(file, `${where}: ${unknownCategory(category)}`);
  const { bbox } = annotation;
  if (!isBox(bbox)) throw new UnusableFile(file, `${where}: ${withoutBox}`);
  return { ...edgesOf(bbox), classIndex, where };
}
