/** What COCO's JSON says without its boxes: images, categories, and where each image's annotations are. */
import { WorkbenchError } from '../../errors.ts';
import { hasArea, withoutArea, type Edges } from '../pictures/boxes.ts';
import type { PictureSize } from '../pictures/placement.ts';
import { ProblemList } from '../problems.ts';
import { scanJsonElements, type JsonElement } from './json-elements.ts';

export interface CocoIndex {
  /** Relative to the folder of images, as the file says. */
  readonly names: readonly string[];
  /** The id of image i. */
  readonly ids: readonly number[];
  /** The size of image i as the file says; null where it does not. */
  readonly sizeOf: (i: number) => PictureSize | null;
  /** Annotations of image i are those from firstOf[i] to firstOf[i + 1], in the file's order. */
  readonly firstOf: Uint32Array;
  /** Byte ranges and lines of the annotations, grouped by image. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly lines: Uint32Array;
  /** Category id -> class, in ascending order of the ids. */
  readonly classOf: ReadonlyMap<number, number>;
  readonly classNames: readonly string[];
  /** Boxes of each class that can be used: not a crowd, of a listed image, and with an area inside it. */
  readonly classCounts: readonly number[];
  /** Annotations of crowds, which are left out. */
  readonly crowds: number;
  readonly problems: ProblemList;
}

/** Throws `json-malformed`, `not-coco`, `data-not-readable`. */
export async function indexCoco(file: string): Promise<CocoIndex> {
  const names: string[] = [];
  /** Width and height of each image in turn, 0 where the file says none. */
  const sizes: number[] = [];
  const imageOf = new Map<number, number>();
  const categories: Category[] = [];
  const found = { starts: [] as number[], ends: [] as number[], lines: [] as number[] };
  const owners: number[] = [];
  const categoryIds: number[] = [];
  /** x, y, width and height of each box in turn; NaN where an annotation has none, infinite for a crowd. */
  const boxes: number[] = [];
  const seen = new Set<string>();

  const field = (element: JsonElement, name: string, what: string): string => {
    const value = element.fields.get(name);
    if (value !== undefined) return value;
    throw notCoco(file, element.line, `the ${what} has no "${name}"`);
  };
  const number = (element: JsonElement, name: string, what: string): number => {
    // Some programs write ids as strings.
    const value = Number(field(element, name, what).replace(/^"(.*)"$/, '$1'));
    if (Number.isFinite(value)) return value;
    throw notCoco(file, element.line, `the "${name}" of the ${what} is not a number`);
  };
  const string = (element: JsonElement, name: string, what: string): string => {
    try {
      const value: unknown = JSON.parse(field(element, name, what));
      if (typeof value === 'string') return value;
    } catch (error) {
      if (error instanceof WorkbenchError) throw error;
    }
    throw notCoco(file, element.line, `the "${name}" of the ${what} is not a string`);
  };

  /** LVIS names its images by where they came from: .../val2017/000000000139.jpg. */
  const nameOf = (element: JsonElement): string => {
    if (element.fields.has('file_name') || !element.fields.has('coco_url')) {
      // Names written on Windows may separate folders by backslashes.
      return string(element, 'file_name', 'image').replaceAll('\\', '/');
    }
    return string(element, 'coco_url', 'image').split('/').slice(-2).join('/');
  };

  await scanJsonElements(file, {
    images: {
      fields: ['id', 'file_name', 'coco_url', 'width', 'height'],
      take(element) {
        seen.add('images');
        const id = number(element, 'id', 'image');
        if (imageOf.has(id)) throw notCoco(file, element.line, `the image id ${id} appears twice`);
        imageOf.set(id, names.length);
        names.push(nameOf(element));
        for (const side of ['width', 'height']) {
          const pixels = Number(element.fields.get(side) ?? 0);
          sizes.push(Number.isInteger(pixels) && pixels > 0 ? pixels : 0);
        }
      },
    },
    annotations: {
      fields: ['image_id', 'category_id', 'bbox', 'iscrowd'],
      take(element) {
        seen.add('annotations');
        boxes.push(...boxOf(element.fields));
        owners.push(number(element, 'image_id', 'annotation'));
        categoryIds.push(number(element, 'category_id', 'annotation'));
        found.starts.push(element.start);
        found.ends.push(element.end);
        found.lines.push(element.line);
      },
    },
    categories: {
      fields: ['id', 'name', 'supercategory'],
      take(element) {
        seen.add('categories');
        const id = number(element, 'id', 'category');
        const above = element.fields.get('supercategory')?.replace(/^"(.*)"$/, '$1') ?? null;
        categories.push({ id, name: string(element, 'name', 'category'), above });
      },
    },
  });
  for (const part of ['images', 'annotations', 'categories']) {
    if (!seen.has(part)) throw notCoco(file, null, `it has no "${part}"`);
  }

  const root = rootOf(categories, new Set(categoryIds));
  if (root >= 0) categories.splice(root, 1);
  categories.sort((one, other) => one.id - other.id);
  const classOf = new Map(categories.map(({ id }, i) => [id, i]));
  const problems = new ProblemList();
  const classCounts = new Array<number>(categories.length).fill(0);
  const sizeOf = (i: number): PictureSize | null => {
    const [width, height] = [sizes[2 * i]!, sizes[2 * i + 1]!];
    return width > 0 && height > 0 ? { width, height } : null;
  };
  let crowds = 0;
  // An image with a faulty annotation comes up again when it is drawn, and is left out then.
  const images = owners.map((owner, i) => {
    const where = placeOf(found.lines[i]!, owner);
    const image = imageOf.get(owner);
    const classIndex = classOf.get(categoryIds[i]!);
    const box = boxes.slice(4 * i, 4 * i + 4) as unknown as Box;
    if (image === undefined) {
      problems.add(file, `${where}: the annotation belongs to an image that is not listed`);
      return -1;
    }
    if (box[0] === crowd) crowds += 1;
    else if (classIndex === undefined) {
      problems.add(file, `${where}: ${unknownCategory(categoryIds[i]!)}`);
    } else if (Number.isNaN(box[0])) problems.add(file, `${where}: ${withoutBox}`);
    else if (!hasArea(edgesOf(box), sizeOf(image))) problems.add(file, `${where}: ${withoutArea}`);
    else classCounts[classIndex]! += 1;
    return image;
  });
  return {
    names,
    ids: [...imageOf.keys()],
    sizeOf,
    ...grouped(images, names.length, found),
    classOf,
    classNames: categories.map(({ name }) => name),
    classCounts,
    crowds,
    problems,
  };
}

type Box = readonly [x: number, y: number, width: number, height: number];

/**
 * Takes the place of a box's first number: a crowd is outlined as one, and is no example of a single object.
 */
const crowd = Infinity;

/** The four numbers of an annotation; NaN where they are missing. */
function boxOf(fields: JsonElement['fields']): Box {
  if (/^(1|true)$/.test(fields.get('iscrowd') ?? '')) return [crowd, 0, 0, 0];
  const numbers =
    /^\[(.*)\]$/
      .exec(fields.get('bbox') ?? '')?.[1]
      ?.split(',')
      .map(Number) ?? [];
  return isBox(numbers) ? numbers : [NaN, 0, 0, 0];
}

export function isBox(bbox: unknown): bbox is Box {
  return Array.isArray(bbox) && bbox.length === 4 && bbox.every((value) => Number.isFinite(value));
}

export const edgesOf = ([x, y, width, height]: Box): Edges => ({
  ...{ x1: x, y1: y },
  ...{ x2: x + width, y2: y + height },
});

/** Where a person finds an annotation. */
export const placeOf = (line: number, image: number): string => `line ${line} (image ${image})`;

export const withoutBox = 'the annotation has no "bbox" of four numbers';

interface Category {
  readonly id: number;
  readonly name: string;
  /** Its supercategory. */
  readonly above: string | null;
}

/**
 * Roboflow lists the project itself as a category, above all others and without annotations; it is not a class.
 */
function rootOf(categories: readonly Category[], used: ReadonlySet<number>): number {
  return categories.findIndex(
    ({ id, name, above }) =>
      above === 'none' &&
      !used.has(id) &&
      categories.length > 1 &&
      categories.every((other) => other.id === id || other.above === name),
  );
}

export const unknownCategory = (id: number): string =>
  `the annotation has category ${id}, which "categories" does not list`;

/** Counting sort by image; annotations that belong to no image (-1) are dropped. */
function grouped(
  images: readonly number[],
  imageCount: number,
  found: Readonly<Record<'starts' | 'ends' | 'lines', readonly number[]>>,
): Pick<CocoIndex, 'firstOf' | 'starts' | 'ends' | 'lines'> {
  const firstOf = new Uint32Array(imageCount + 1);
  for (const image of images) if (image >= 0) firstOf[image + 1]! += 1;
  for (let i = 0; i < imageCount; i++) firstOf[i + 1]! += firstOf[i]!;
  const kept = firstOf[imageCount]!;
  const starts = new Float64Array(kept);
  const ends = new Float64Array(kept);
  const lines = new Uint32Array(kept);
  const next = firstOf.slice();
  images.forEach((image, i) => {
    if (image < 0) return;
    const at = next[image]!++;
    starts[at] = found.starts[i]!;
    ends[at] = found.ends[i]!;
    lines[at] = found.lines[i]!;
  });
  return { firstOf, starts, ends, lines };
}

export function notCoco(file: string, line: number | null, what: string): WorkbenchError {
  return new WorkbenchError(
    'not-coco',
    `${file}${line === null ? '' : `, line ${line}`}: ${what}.`,
    'COCO\'s annotation files have "images" (id, file_name), "annotations" (image_id, category_id, bbox) and "categories" (id, name).',
  );
}
