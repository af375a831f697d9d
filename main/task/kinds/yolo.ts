/**
 * YOLO: a .txt file for each image, with a line for each object: its class, then the box's centre and size (or the
 * corners of an outline) as shares of the picture (https://docs.ultralytics.com/datasets/detect).
 */
import path from 'node:path';
import type { DetectionDataset } from '../dataset.ts';
import { photographNormalisation } from '../dataset.ts';
import { spread } from '../groups.ts';
import { described } from '../kind-descriptions.ts';
import { isPicture, listDeep, stem, subfolder, type DataPlace } from '../listing.ts';
import {
  hasArea,
  placeBoxes,
  withoutArea,
  type AnnotatedBox,
  type Edges,
} from '../pictures/boxes.ts';
import { readBytes } from '../pictures/bytes.ts';
import { mapSome, readPicture } from '../pictures/read.ts';
import { isUnusable, noImages, ProblemList, UnusableFile, orUnusable } from '../problems.ts';
import { namesBeside } from './class-names.ts';
import type { DataKind } from './kind.ts';
import { yamlNames } from './yaml-names.ts';
import type { Known } from '../../common/known.ts';

const defaultSize = [640, 640] as const;
/** Where there are more label files than this, not all of them are read to count boxes and classes. */
const readForClasses = 5000;

/** Names of lists of classes among the label files. */
const isList = /^(classes|class_names|labels|names|notes|readme.*|train|val|valid|test)\.txt$/i;
const isLabel = (file: string): boolean =>
  /\.txt$/i.test(file) && !isList.test(path.posix.basename(file));

export const yolo: DataKind = {
  ...described.yolo,
  async open(place) {
    if (!place.isFolder) return null;
    const images = subfolder(place, ['images', 'image', 'imgs', 'JPEGImages', 'obj_train_data']);
    const labels = subfolder(place, ['labels', 'label', 'annotations', 'obj_train_data']);
    const [imageFolder, labelFolder] = [images ?? '', labels ?? ''].map((name) =>
      path.join(place.path, name),
    ) as Known<string>;
    if (images !== null && labels === null) return null;
    if (images === null && labels !== null && !place.files.some(isPicture)) return null;
    if (
      images === null &&
      labels === null &&
      !(place.files.some(isLabel) && place.files.some(isPicture))
    )
      return null;
    const texts = await listDeep(labelFolder, isLabel);
    if (texts.length === 0 || !(await isYolo(labelFolder, texts))) return null;
    return openYolo(place, imageFolder, labelFolder, texts);
  },
};

/** Text files may be anything, so the first line found in any of them has to be one of numbers. */
async function isYolo(folder: string, texts: readonly string[]): Promise<boolean> {
  for (const text of texts.slice(0, 20)) {
    const lines = await orUnusable(() => linesOf(path.join(folder, text)));
    if (isUnusable(lines)) continue;
    const [first] = lines.filter(({ words }) => words.length > 0);
    if (first)
      return first.words.length >= 5 && first.words.every((word) => !Number.isNaN(Number(word)));
  }
  return false;
}

async function openYolo(
  place: DataPlace,
  imageFolder: string,
  labelFolder: string,
  texts: readonly string[],
): Promise<DetectionDataset> {
  const problems = new ProblemList();
  const images = await listDeep(imageFolder, isPicture, problems);
  const byStem = new Map(texts.map((text) => [stem(text), text]));
  const labels = images.map((image) => byStem.get(stem(image)) ?? null);
  const owned = new Set(labels);
  for (const text of texts) {
    if (owned.has(text)) continue;
    problems.add(path.join(labelFolder, text), `has no image of the same name in ${imageFolder}`);
  }
  if (!labels.some((label) => label !== null)) {
    throw noImages(
      place.path,
      `has YOLO label files, but none has an image of the same name in ${imageFolder}`,
      'Put the images there, or name them like their labels.',
    );
  }
  const given =
    (await yamlNames([place.path, path.dirname(place.path)])) ??
    (await namesBeside([place.path, labelFolder, path.dirname(place.path)]));
  const known = await classesIn(
    labelFolder,
    labels.filter((label) => label !== null),
    given,
    problems,
  );
  const { names, note } = known;
  const bare = labels.filter((label) => label === null).length;
  const without = bare === 0 ? '' : `; ${bare} without a label file, taken to have no objects`;
  return {
    kind: yolo.name,
    task: 'detection',
    description: `${images.length} images with the boxes of ${names.length} classes from ${path.basename(place.path)}, YOLO labels${note}${without}`,
    count: images.length,
    inputShape: [3, ...defaultSize],
    storedSize: null,
    fit: 'letterbox',
    classes: names.length,
    classNames: names,
    classCounts: known.boxes,
    normalisation: photographNormalisation,
    problems: problems.problems,
    problemCount: problems.problemCount,
    problemKinds: problems.kinds,
    read: (indices, size = defaultSize) =>
      mapSome(indices, (index) =>
        orUnusable(async (counted) => {
          const label = labels[index]!;
          const file = label === null ? null : path.join(labelFolder, label);
          const objects = file === null ? [] : await readLabels(file);
          counted(objects.map(({ classIndex }) => classIndex));
          const picture = await readPicture(
            path.join(imageFolder, images[index]!),
            size,
            'letterbox',
          );
          const { width, height } = picture.size;
          const boxes = objects.map((object): AnnotatedBox => {
            const { classIndex, line, x1, y1, x2, y2 } = object;
            if (classIndex < names.length) {
              const edges = { x1: x1 * width, y1: y1 * height, x2: x2 * width, y2: y2 * height };
              return { ...edges, classIndex, where: `line ${line}` };
            }
            throw new UnusableFile(file ?? '', unknownClass(object, names.length));
          });
          const { pixels, stored, notes } = picture;
          const placed = placeBoxes(boxes, picture.size, picture.placement, file ?? '');
          return { ...placed, pixels, stored, notes };
        }),
      ),
  };
}

const unknownClass = ({ line, classIndex }: YoloObject, known: number): string =>
  `line ${line}: the class ${classIndex} is not among the ${known} classes known`;

/** Names as listed, else `class 0` and so on up to the highest number in the labels. */
async function classesIn(
  folder: string,
  labels: readonly string[],
  given: readonly string[] | null,
  problems: ProblemList,
) {
  const looked = spread(labels.length, readForClasses);
  const boxes: number[] = new Array<number>(given?.length ?? 0).fill(0);
  const read = await mapSome(looked, (i) =>
    orUnusable(() => readLabels(path.join(folder, labels[i]!))),
  );
  for (const [at, objects] of read.entries()) {
    if (isUnusable(objects)) {
      problems.add(objects.problem.file, objects.problem.reason);
      continue;
    }
    const file = path.join(folder, labels[looked[at]!]!);
    const strange = given && objects.find(({ classIndex }) => classIndex >= given.length);
    // Its image is left out.
    if (strange) {
      problems.add(file, unknownClass(strange, given.length));
      continue;
    }
    for (const object of objects) {
      while (boxes.length <= object.classIndex) boxes.push(0);
      if (hasArea(object, { width: 1, height: 1 })) boxes[object.classIndex]! += 1;
      else problems.add(file, `line ${object.line}: ${withoutArea}`);
    }
  }
  const all = looked.length === labels.length;
  if (boxes.length === 0) {
    const fault = read.find(isUnusable)?.problem;
    const because = fault ? ` that can be read: ${path.basename(fault.file)}, ${fault.reason}` : '';
    throw noImages(
      folder,
      `has label files without a single object${because}`,
      'Pass labels with boxes: lines of class, x, y, width and height, the last four from 0 to 1.',
    );
  }
  return {
    names: given ?? boxes.map((_, i) => `class ${i}`),
    boxes: all ? boxes : null,
    note: all || given ? '' : `; classes as found in ${looked.length} of its label files`,
  };
}

interface LabelLine {
  /** Counted from 1. */
  readonly line: number;
  readonly words: readonly string[];
}

async function linesOf(file: string): Promise<readonly LabelLine[]> {
  const text = new TextDecoder().decode(await readBytes(file));
  return text.split(/\r?\n/).map((line, i) => ({
    line: i + 1,
    words: line
      .trim()
      .split(/\s+/)
      .filter((word) => word !== ''),
  }));
}

/** Edges as shares of the picture. */
interface YoloObject extends Edges {
  readonly classIndex: number;
  readonly line: number;
}

/** A class number beyond this means that the line is not a label. */
const mostClasses = 10_000;

/** Throws UnusableFile, naming the line. */
async function readLabels(file: string): Promise<readonly YoloObject[]> {
  const lines = (await linesOf(file)).filter(({ words }) => words.length > 0);
  return lines.map(({ line, words }) => {
    const [classIndex, ...numbers] = words.map(Number) as Known<number>;
    const fail = (reason: string): never => {
      throw new UnusableFile(file, `line ${line}: ${reason}`);
    };
    if (!Number.isInteger(classIndex) || classIndex < 0 || classIndex >= mostClasses) {
      fail(`"${words[0]}" is not a class number`);
    }
    if (numbers.some((number) => !Number.isFinite(number)))
      fail('it holds something that is not a number');
    if (numbers.some((number) => Math.abs(number) > 2)) {
      fail('its numbers are not fractions of the picture (0 to 1)');
    }
    // A fifth number is a network's confidence.
    if (numbers.length === 4 || numbers.length === 5) {
      const [x, y, width, height] = numbers as Known<number>;
      return {
        ...{ classIndex, line, x1: x - width / 2, y1: y - height / 2 },
        ...{ x2: x + width / 2, y2: y + height / 2 },
      };
    }
    if (numbers.length < 6 || numbers.length % 2 === 1) {
      fail(`it has ${numbers.length} numbers after the class: a box has 4, an outline 6 or more`);
    }
    const xs = numbers.filter((_, i) => i % 2 === 0);
    const ys = numbers.filter((_, i) => i % 2 === 1);
    const [x1, y1] = [xs, ys].map((values) => Math.min(...values)) as Known<number>;
    const [x2, y2] = [xs, ys].map((values) => Math.max(...values)) as Known<number>;
    return { classIndex, line, x1, y1, x2, y2 };
  });
}
