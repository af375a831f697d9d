/**
 * Pascal VOC: an XML file of boxes for each image. Read for detection, or, by name, for segmentation with every
 * box filled as an ellipse: masks that are good enough for scoring where nobody drew any.
 */
import path from 'node:path';
import type { Dataset, DatasetInfo } from '../dataset.ts';
import { photographNormalisation } from '../dataset.ts';
import { spread } from '../groups.ts';
import { described } from '../kind-descriptions.ts';
import type { DataPlace } from '../listing.ts';
import {
  hasArea,
  placeBoxes,
  withoutArea,
  type AnnotatedBox,
  type PlacedBoxes,
} from '../pictures/boxes.ts';
import { ellipseMask } from '../pictures/ellipses.ts';
import { mapSome, readPicture, type PlacedPicture } from '../pictures/read.ts';
import { isUnusable, noImages, UnusableFile, orUnusable } from '../problems.ts';
import { namesBeside } from './class-names.ts';
import type { DataKind } from './kind.ts';
import { readVocAnnotation, type VocAnnotation, type VocObject } from './voc-annotation.ts';
import { findVocFiles, type VocFiles } from './voc-files.ts';

export const voc: DataKind = {
  ...described.voc,
  open: (place) => openVoc(place, 'boxes'),
};

export const vocEllipses: DataKind = {
  ...described.vocEllipses,
  open: (place) => openVoc(place, 'ellipses'),
};

const defaultSize = [512, 512] as const;

/** Where there are more annotation files than this, not all of them are read for the names of classes. */
const readForNames = 2000;

async function openVoc(place: DataPlace, as: 'boxes' | 'ellipses'): Promise<Dataset | null> {
  const files = await findVocFiles(place);
  if (!files) return null;
  const count = files.annotations.length;
  if (count === 0) {
    throw noImages(
      place.path,
      `has Pascal VOC annotations, but none has an image of the same name in ${files.imageFolder}`,
      'Put the images there, or name them like their annotations.',
    );
  }
  const known = await classesOf(files, [place.path, files.annotationFolder]);
  const { names } = known;
  if (names.length === 0) {
    const fault = files.problems.problems.find(
      ({ file, reason }) => /\.xml$/i.test(file) && !reason.startsWith('has no image'),
    );
    const because = fault ? ` that can be read: ${path.basename(fault.file)}, ${fault.reason}` : '';
    throw noImages(
      place.path,
      `has annotations without a single object${because}`,
      'Pass annotations with boxes.',
    );
  }
  const classOf = new Map(names.map((name, i) => [name, i]));
  const source = path.basename(place.path);
  const info = {
    count,
    inputShape: [3, ...defaultSize],
    storedSize: null,
    fit: 'letterbox',
    normalisation: photographNormalisation,
    problems: files.problems.problems,
    problemCount: files.problems.problemCount,
    problemKinds: files.problems.kinds,
  } satisfies Partial<DatasetInfo>;

  const readBoxes = (
    index: number,
    size: readonly [number, number],
    counted?: (classes: readonly number[]) => void,
  ) => readAnnotated(files, index, size, classOf, counted);
  if (as === 'boxes') {
    return {
      ...info,
      kind: voc.name,
      task: 'detection',
      description: `${count} images with the boxes of ${names.length} classes from ${source}, Pascal VOC XML${known.note}`,
      classes: names.length,
      classNames: names,
      classCounts: known.boxes,
      read: (indices, size = defaultSize) =>
        mapSome(indices, (index) =>
          orUnusable(async (counted) => {
            const { pixels, stored, notes, boxes } = await readBoxes(index, size, counted);
            return { ...boxes, pixels, stored, notes };
          }),
        ),
    };
  }
  return {
    ...info,
    kind: vocEllipses.name,
    task: 'segmentation',
    description: `${count} images from ${source}, each Pascal VOC box of ${names.length} classes filled as an ellipse on the background class${known.note}`,
    classes: names.length + 1,
    classNames: ['background', ...names],
    classCounts: null,
    read: (indices, size = defaultSize) =>
      mapSome(indices, (index) =>
        orUnusable(async () => {
          const { pixels, stored, notes, placement, boxes } = await readBoxes(index, size);
          const [height, width] = size;
          const mask = ellipseMask(boxes, { width, height }, placement.covered);
          return { mask, pixels, stored, notes, warnings: boxes.warnings };
        }),
      ),
  };
}

interface KnownClasses {
  readonly names: readonly string[];
  /** Boxes of each class that can be used, where every annotation was read. */
  readonly boxes: readonly number[] | null;
  /** Part of the description where the names may be incomplete. */
  readonly note: string;
}

/**
 * From a file of names, or from the annotations themselves: all of them, or some where there are very many.
 * Adds what is wrong with them to the problems.
 */
async function classesOf(files: VocFiles, folders: readonly string[]): Promise<KnownClasses> {
  const given = await namesBeside(folders);
  const numbers = spread(files.annotations.length, readForNames);
  if (given && numbers.length < files.annotations.length) {
    return { names: given, boxes: null, note: '' };
  }
  const boxes = new Map<string, number>((given ?? []).map((name) => [name, 0]));
  const read = await mapSome(numbers, (i) => orUnusable(() => annotationOf(files, i)));
  for (const annotation of read) {
    if (isUnusable(annotation)) {
      files.problems.add(annotation.problem.file, annotation.problem.reason);
      continue;
    }
    const { file, width, height, objects } = annotation;
    const size = width !== null && height !== null ? { width, height } : null;
    // An image with a class that is not listed is left out, together with its boxes.
    const strange = given && objects.find(({ name }) => !boxes.has(name));
    if (strange) {
      files.problems.add(file, unknownClass(strange, given));
      continue;
    }
    for (const object of objects) {
      const { name, line } = object;
      if (!hasArea(object, size)) files.problems.add(file, `line ${line}: ${withoutArea}`);
      // Its class is known nevertheless.
      boxes.set(name, (boxes.get(name) ?? 0) + (hasArea(object, size) ? 1 : 0));
    }
  }
  const names = given ?? [...boxes.keys()].sort();
  const all = numbers.length === files.annotations.length;
  return {
    names,
    boxes: all ? names.map((name) => boxes.get(name) ?? 0) : null,
    note: all ? '' : `; classes as found in ${numbers.length} of its annotations`,
  };
}

async function annotationOf(
  files: VocFiles,
  index: number,
): Promise<VocAnnotation & { readonly file: string }> {
  const file = path.join(files.annotationFolder, files.annotations[index]!);
  return { file, ...(await readVocAnnotation(file)) };
}

const unknownClass = ({ line, name }: VocObject, known: readonly string[]): string =>
  `line ${line}: the class "${name}" is not among the classes known (${known.join(', ')})`;

interface AnnotatedPicture extends PlacedPicture {
  readonly boxes: PlacedBoxes;
}

async function readAnnotated(
  files: VocFiles,
  index: number,
  size: readonly [number, number],
  classOf: ReadonlyMap<string, number>,
  counted: (classes: readonly number[]) => void = () => undefined,
): Promise<AnnotatedPicture> {
  const { file: annotationFile, width, height, objects } = await annotationOf(files, index);
  const annotated = objects.map((object): AnnotatedBox => {
    const { name, line, ...edges } = object;
    const classIndex = classOf.get(name);
    if (classIndex !== undefined) return { ...edges, classIndex, where: `line ${line}` };
    throw new UnusableFile(annotationFile, unknownClass(object, [...classOf.keys()]));
  });
  counted(annotated.map(({ classIndex }) => classIndex));
  const file = path.join(files.imageFolder, files.images[index]!);
  const labelled = width !== null && height !== null ? { width, height } : null;
  const picture = await readPicture(file, size, 'letterbox', labelled);
  const { size: stored } = picture;
  if (width !== null && height !== null && (width !== stored.width || height !== stored.height)) {
    throw new UnusableFile(
      annotationFile,
      `says that its image has ${width} x ${height} pixels, but ${path.basename(file)} has ${stored.width} x ${stored.height}`,
    );
  }
  return {
    ...picture,
    boxes: placeBoxes(annotated, stored, picture.placement, annotationFile),
  };
}
