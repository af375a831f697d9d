/** A drawn batch as pictures for people. Pure. */
import type { ShownBatch, ShownClass, ShownImage } from '../../common/shown-images.ts';
import { ignoredClass, type BatchSet } from '../batches.ts';
import { classColour, hexOf } from './class-colours.ts';
import type { Toning } from './toning.ts';

/** What is asked for of a set that was drawn. */
export interface ShownPart {
  readonly set: BatchSet;
  readonly classNames: readonly string[];
  readonly toning: Toning;
  readonly batch: number;
  /** Place of the first image in the batch. */
  readonly first: number;
  readonly notes: readonly string[];
}

/** Pixels in one answer: they are copied twice on their way, and the page paints them between two frames. */
const mostPixels = 2 ** 20;
/** A class name longer than this is cut. */
const longestName = 120;

export function shownBatch({
  set,
  classNames,
  toning,
  batch,
  first,
  notes,
}: ShownPart): ShownBatch {
  const [channels, height, width] = set.inputShape;
  const count = Math.max(1, Math.floor(mostPixels / (height * width)));
  const last = Math.min(set.batchSize, first + count);
  const { counts, ignored } = countsIn(set, batch);
  return {
    ...{ task: set.task, batches: set.batches.length, batchSize: set.batchSize, height, width },
    description: set.description,
    classes: [...counts]
      .sort(([one], [other]) => one - other)
      .map(([index, counted]) => shownClass(index, counted, classNames)),
    ignoredShare: set.task === 'segmentation' ? ignored / (set.batchSize * height * width) : null,
    notes: [...(toning.note === null ? [] : [toning.note]), ...channelNote(channels), ...notes],
    images: Array.from({ length: Math.max(0, last - first) }, (_, i) =>
      imageAt(set, batch, first + i, toning),
    ),
  };
}

function shownClass(index: number, count: number, classNames: readonly string[]): ShownClass {
  const name = classNames[index] ?? `class ${index}`;
  const cut = name.length > longestName ? `${name.slice(0, longestName)}…` : name;
  return { index, name: cut, colour: hexOf(classColour(index)), count };
}

function channelNote(channels: number): string[] {
  if (channels === 1 || channels === 3) return [];
  return channels < 3
    ? [`The first of ${channels} channels is shown.`]
    : [`The first three of ${channels} channels are shown as red, green and blue.`];
}

/** How many images, boxes or pixels of each class a batch has. */
function countsIn(set: BatchSet, batch: number) {
  const counts = new Map<number, number>();
  const add = (index: number, more = 1) => counts.set(index, (counts.get(index) ?? 0) + more);
  let ignored = 0;
  switch (set.task) {
    case 'classification':
      for (const target of set.batches[batch]!.targets) add(target);
      break;
    case 'segmentation': {
      const pixels = new Float64Array(256);
      for (const target of set.batches[batch]!.targets) pixels[target]! += 1;
      ignored = pixels[ignoredClass]!;
      pixels[ignoredClass] = 0;
      for (const [index, count] of pixels.entries()) if (count > 0) add(index, count);
      break;
    }
    case 'detection':
      for (const { classes } of set.batches[batch]!.targets) for (const one of classes) add(one);
  }
  return { counts, ignored };
}

function imageAt(set: BatchSet, batch: number, place: number, toning: Toning): ShownImage {
  const [channels, height, width] = set.inputShape;
  const plane = height * width;
  const start = place * channels * plane;
  const values = set.batches[batch]!.inputs.subarray(start, start + channels * plane);
  const image = { pixels: coloured(values, channels, plane, toning), mask: null, label: null };
  switch (set.task) {
    case 'classification':
      return { ...image, label: set.batches[batch]!.targets[place]!, boxes: [] };
    case 'segmentation': {
      const { targets } = set.batches[batch]!;
      const own = targets.subarray(place * plane, (place + 1) * plane);
      return { ...image, mask: colouredMask(own), boxes: [] };
    }
    case 'detection': {
      const { boxes, classes } = set.batches[batch]!.targets[place]!;
      return {
        ...image,
        boxes: Array.from(classes, (index, i) => ({
          edges: [...boxes.subarray(4 * i, 4 * i + 4)] as [number, number, number, number],
          class: index,
        })),
      };
    }
  }
}

function coloured(
  values: Float32Array,
  channels: number,
  plane: number,
  { scale, offset }: Toning,
): Uint8Array<ArrayBuffer> {
  // Rounded and clamped to a byte by the array itself.
  const pixels = new Uint8ClampedArray(4 * plane).fill(255);
  for (let c = 0; c < 3; c++) {
    const from = channels < 3 ? 0 : c;
    for (let i = 0; i < plane; i++)
      pixels[4 * i + c] = values[from * plane + i]! * scale[from]! + offset[from]!;
  }
  return new Uint8Array(pixels.buffer);
}

/** What the loss ignores stays clear. */
function colouredMask(targets: Uint8Array): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array(4 * targets.length);
  const colours = Array.from({ length: 256 }, (_, index) => classColour(index));
  for (const [i, target] of targets.entries()) {
    if (target === ignoredClass) continue;
    pixels.set(colours[target]!, 4 * i);
    pixels[4 * i + 3] = 255;
  }
  return pixels;
}
