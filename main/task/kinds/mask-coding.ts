/**
 * Finds out what the pixels of a folder's masks mean, by looking at some of them and at a list of colours next
 * to them.
 */
import path from 'node:path';
import { WorkbenchError } from '../../errors.ts';
import { readRegular } from '../../regular-file.ts';
import { ignoredClass, type DataProblem } from '../batches.ts';
import { colourName, readRawMask, type MaskCoding } from '../pictures/mask.ts';
import { mapSome } from '../pictures/read.ts';
import { isUnusable, orUnusable } from '../problems.ts';
import type { Known } from '../../common/known.ts';

export interface CodedClasses {
  readonly coding: MaskCoding;
  readonly names: readonly string[];
  /** For the description: how the classes were found. */
  readonly note: string;
}

export interface MasksLooked {
  /** What a person calls the folder. */
  readonly source: string;
  /** Some of the masks. */
  readonly files: readonly string[];
  /** How many there are. */
  readonly count: number;
  /** Names of the classes, where a person listed them. */
  readonly names: readonly string[] | null;
  /** Classes with their colours, where a person listed them. */
  readonly colours: readonly NamedColour[] | null;
}

/** More colours than this are not classes: masks that were smoothed or scaled have thousands. */
const mostColours = 128;

/** Throws `too-few-classes`, `masks-not-classes`, also where none of the masks can be used. */
export async function findCoding(looked: MasksLooked): Promise<CodedClasses> {
  const masks = await mapSome(looked.files, (file) => orUnusable(() => readRawMask(file, null)));
  const broken = masks.filter(isUnusable);
  if (broken.length === masks.length && broken[0]) throw noneUsable(looked, broken[0].problem);
  const ids = new Set<number>();
  const colours = new Set<number>();
  // A black mask says nothing about what the others mean, and a single odd one must not decide for all.
  let [coloured, grey] = [0, 0];
  for (const mask of masks) {
    if (isUnusable(mask)) continue;
    for (const id of mask.ids ?? []) ids.add(id);
    if (mask.colours !== null) coloured += 1;
    else if (mask.ids?.some((id) => id !== mask.ids?.[0])) grey += 1;
    for (const colour of mask.colours ?? []) {
      if (colours.size <= mostColours) colours.add(colour);
    }
  }
  const listed = new Set(looked.colours?.map(({ colour }) => colour));
  const allGrey = [...ids].every((id) => listed.has(id * 0x01_01_01));
  if (looked.colours && (coloured > grey || (ids.size > 0 && allGrey))) {
    return listedColours(looked.colours);
  }
  if (coloured > grey) {
    if (colours.size > mostColours) throw notClasses(looked, `more than ${mostColours} colours`);
    for (const id of ids) colours.add(id * 0x01_01_01);
    return foundColours([...colours], looked);
  }
  const [highest = -1] = [...ids].filter((id) => id !== ignoredClass).sort((a, b) => b - a);
  const levels = greyLevels(
    ids,
    masks.some((mask) => !isUnusable(mask) && mask.fromColours),
  );
  if (levels && !looked.names && !looked.colours) return greys(levels, looked);
  // With more than two names, 255 means what it does elsewhere: pixels to ignore.
  const two = (looked.names?.length ?? 2) === 2;
  if (highest === 0 && ids.has(ignoredClass) && two) return binary(looked);
  // A list of colours names ids as well, by its order.
  const names = looked.names ?? looked.colours?.map(({ name }) => name) ?? null;
  if (names) return { coding: { kind: 'ids' }, names, note: '' };
  if (highest < 1) {
    throw new WorkbenchError(
      'too-few-classes',
      `The masks of ${looked.source} have ${highest + 1} classes (${looked.files.length} of ${looked.count} masks looked at; 255 counts as "ignore").`,
      'Save masks whose pixels are class ids from 0 on, or list the classes in classes.txt.',
    );
  }
  return {
    coding: { kind: 'ids' },
    names: Array.from({ length: highest + 1 }, (_, i) => `class ${i}`),
    note: `; classes as found in ${looked.files.length} of its masks${gaps(ids, highest + 1)}`,
  };
}

/** Ids 0, 1 and 200 are more likely to be a mistake than 201 classes. */
function gaps(ids: ReadonlySet<number>, classes: number): string {
  const found = [...ids].filter((id) => id !== ignoredClass).length;
  return 2 * found < classes ? `, in which ${found} of the ${classes} occur` : '';
}

/** Ids that were spread over the range to make them visible are at least this far apart. */
const leastStep = 10;

/**
 * Values 0, 50, 100, 150 are ids that were multiplied to make them visible. Two values alone show that only
 * where they were saved as colours, since a data set may contain just a few of its classes.
 */
function greyLevels(ids: ReadonlySet<number>, fromColours: boolean): readonly number[] | null {
  const sorted = [...ids].sort((a, b) => a - b);
  if (spansRange(sorted)) return sorted;
  const step = sorted[1] ?? 0;
  const below = sorted.filter((id) => id !== ignoredClass);
  const least = fromColours ? 2 : 3;
  const even = below.length >= least && below.every((id, i) => id === i * step);
  if (step < leastStep || !even) return null;
  return sorted.at(-1) === below.length * step ? sorted : below;
}

/** Three levels or more, as even as whole numbers allow from black to white: 0, 127, 255. */
function spansRange(sorted: readonly number[]): boolean {
  const step = ignoredClass / (sorted.length - 1);
  return (
    sorted.length > 2 &&
    step >= leastStep &&
    sorted.at(-1) === ignoredClass &&
    sorted.every((level, i) => Math.abs(level - i * step) < 1)
  );
}

function greys(levels: readonly number[], { files }: MasksLooked): CodedClasses {
  return {
    coding: {
      kind: 'colours',
      classOf: new Map(levels.map((level, i) => [level * 0x01_01_01, i])),
      ignored: levels.includes(ignoredClass) ? null : ignoredClass * 0x01_01_01,
    },
    names: levels.map((level) => `grey ${level}`),
    note: `; a class for each level of grey in ${files.length} of its masks`,
  };
}

/** Every pixel looked at is 0 or 255, and nobody would mean "class 0 and nothing else". */
function binary({ names, files }: MasksLooked): CodedClasses {
  return {
    coding: { kind: 'binary' },
    names: names ?? ['background', 'foreground'],
    note: `; 0 and 255, the only values in ${files.length} of its masks, taken for background and foreground`,
  };
}

function listedColours(colours: readonly NamedColour[]): CodedClasses {
  return {
    coding: { kind: 'colours', classOf: new Map(colours.map(({ colour }, i) => [colour, i])) },
    names: colours.map(({ name }) => name),
    note: '; colours as listed next to them',
  };
}

function foundColours(found: readonly number[], looked: MasksLooked): CodedClasses {
  if (looked.names) throw notClasses(looked, 'colours, but the list of names gives none');
  const sorted = [...found].sort((a, b) => a - b);
  return {
    coding: { kind: 'colours', classOf: new Map(sorted.map((colour, i) => [colour, i])) },
    names: sorted.map(colourName),
    note: `; a class for each colour found in ${looked.files.length} of its masks`,
  };
}

function noneUsable({ source, files, count }: MasksLooked, { file, reason }: DataProblem) {
  const looked = files.length === count ? '' : `${files.length} of ${count} looked at, `;
  return new WorkbenchError(
    'masks-not-classes',
    `None of the masks of ${source} can be used (${looked}${path.basename(file)} ${reason}).`,
    'Save masks as PNG files of 8 bits whose pixels are class ids from 0 to 254, and 255 where pixels are to be ignored.',
  );
}

function notClasses({ source }: Pick<MasksLooked, 'source'>, what: string): WorkbenchError {
  return new WorkbenchError(
    'masks-not-classes',
    `The masks of ${source} have ${what}, so the class of a pixel cannot be determined.`,
    'Save masks whose pixels are class ids, or list the colour of each class in class_dict.csv (name,r,g,b).',
  );
}

export interface NamedColour {
  readonly name: string;
  /** 0xrrggbb. */
  readonly colour: number;
}

const colourFiles = ['class_dict.csv', 'label_colors.txt', 'label_colours.txt', 'labelmap.txt'];
/** A list of classes takes a few kilobytes. */
const mostBytes = 2 ** 24;

/** Classes and colours in the first such file of the folders; null where there is none. */
export async function coloursBeside(
  folders: readonly string[],
): Promise<readonly NamedColour[] | null> {
  for (const folder of folders) {
    for (const name of colourFiles) {
      const bytes = await readRegular(path.join(folder, name), mostBytes).catch(() => null);
      const colours = bytes && namedColours(bytes.toString('utf8'));
      if (colours && colours.length > 1) return colours;
    }
  }
  return null;
}

/**
 * name,r,g,b (class_dict.csv); r g b name (CamVid); name:r,g,b:parts:actions (labelmap.txt). Other lines are
 * skipped.
 */
export function namedColours(text: string): readonly NamedColour[] {
  const channel = String.raw`\s*(\d{1,3})\s*`;
  const nameFirst = new RegExp(`^(.+?)[,;:]${channel},${channel},${channel}(?:[:,;].*)?$`);
  const nameLast = new RegExp(`^${channel}\\s${channel}\\s${channel}\\s(.+)$`);
  const found: NamedColour[] = [];
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    const first = nameFirst.exec(line.trim());
    const last = nameLast.exec(line.trim());
    const [name = '', ...rgb] = first
      ? [first[1], first[2], first[3], first[4]]
      : last
        ? [last[4], last[1], last[2], last[3]]
        : [''];
    const [red, green, blue] = rgb.map(Number) as Known<number>;
    if (name === '' || line.startsWith('#') || [red, green, blue].some((value) => value > 255))
      continue;
    const colour = (red << 16) | (green << 8) | blue;
    if (!found.some((known) => known.colour === colour)) found.push({ name: name.trim(), colour });
  }
  return found;
}
