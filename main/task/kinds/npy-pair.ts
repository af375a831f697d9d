/**
 * Two .npy files: images as the network takes them, and a class for each image or each pixel. Only the
 * rows asked for are read.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { WorkbenchError } from '../../errors.ts';
import { ignoredClass } from '../batches.ts';
import type { Dataset, DatasetInfo, Pixels, UnusableImage } from '../dataset.ts';
import { photographNormalisation } from '../dataset.ts';
import { described } from '../kind-descriptions.ts';
import type { Place } from '../listing.ts';
import { parseNpyHeader, toArray, type NpyArray, type NpyHeader } from '../npy.ts';
import { notReadable, openData, UnusableFile, usable } from '../problems.ts';
import type { DataKind } from './kind.ts';

/** Names that the two files may have, in the order in which they are tried. */
const pairNames = [
  ['inputs.npy', 'targets.npy'],
  ['images.npy', 'labels.npy'],
  ['images.npy', 'masks.npy'],
  ['x.npy', 'y.npy'],
  ['X.npy', 'Y.npy'],
] as const;

export const npyPair: DataKind = {
  ...described.npy,
  async open(place) {
    const [folder, files] = await filesAt(place);
    const pair = pairNames.find((names) => names.every((name) => files.includes(name)));
    if (!pair) return null;
    return openPair(path.join(folder, pair[0]), path.join(folder, pair[1]));
  },
};

async function filesAt(place: Place): Promise<[string, readonly string[]]> {
  if (place.isFolder) return [place.path, place.files];
  const folder = path.dirname(place.path);
  const name = path.basename(place.path);
  const present: string[] = [];
  for (const pair of pairNames.filter((names) => names.some((known) => known === name))) {
    for (const file of pair) {
      if (await stat(path.join(folder, file)).catch(() => null)) present.push(file);
    }
  }
  return [folder, present];
}

interface NpyFile extends NpyHeader {
  readonly file: string;
}

/** No header of an array that is meant here comes near. */
const headerBytes = 65_536;

async function openNpy(file: string): Promise<NpyFile> {
  const { size } = await stat(file).catch((cause: unknown) => {
    throw notReadable(file, cause);
  });
  const bytes = await readRange(file, 0, Math.min(size, headerBytes));
  return { file, ...parseNpyHeader(bytes, size, file) };
}

async function readRange(file: string, start: number, length: number): Promise<Uint8Array> {
  const handle = await openData(file);
  try {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await handle.read(bytes, 0, length, start);
    if (bytesRead < length) throw new UnusableFile(file, 'became shorter while it was read');
    return bytes;
  } finally {
    await handle.close();
  }
}

/** Row `index` along the first axis. */
async function readRow(npy: NpyFile, index: number): Promise<NpyArray> {
  const shape = npy.shape.slice(1);
  const bytes = shape.reduce((product, size) => product * size, 1) * npy.itemBytes;
  const row = await readRange(npy.file, npy.dataOffset + index * bytes, bytes);
  return toArray(npy.descr, shape, row);
}

/** Throws `shape-mismatch`, `npy-type`, `npy-malformed`, `data-not-readable`. */
async function openPair(inputsFile: string, targetsFile: string): Promise<Dataset> {
  const inputs = await openNpy(inputsFile);
  const targets = await openNpy(targetsFile);
  const [count, channels, height, width] = inputs.shape;
  if (inputs.shape.length !== 4 || !channels || !height || !width) {
    throw mismatch(
      `${inputsFile} has the shape (${inputs.shape.join(', ')}), but images are N, C, H, W.`,
      'Save the images as one array of images x channels x height x width.',
    );
  }
  if (inputs.type !== 'float32' && !(inputs.type === 'uint8' && channels === 3)) {
    throw new WorkbenchError(
      'npy-type',
      `${inputsFile} holds ${channels}-channel images of ${inputs.type}.`,
      'Save normalised images as float32, or RGB bytes as uint8.',
    );
  }
  if (targets.type === 'float32' || targets.type === 'float64') {
    throw new WorkbenchError(
      'npy-type',
      `${targetsFile} holds ${targets.type} numbers, but targets are class numbers.`,
      'Save the targets as int64.',
    );
  }
  const perImage = targets.shape.length === 1;
  const perPixel =
    targets.shape.length === 3 && targets.shape[1] === height && targets.shape[2] === width;
  if (targets.shape[0] !== count || (!perImage && !perPixel)) {
    throw mismatch(
      `${inputsFile} has ${count} images of ${height} x ${width}, so ${targetsFile} must have the shape (${count}) or (${count}, ${height}, ${width}), but it has (${targets.shape.join(', ')}).`,
      'Give one class number for each image, or one for each pixel.',
    );
  }
  const highest = await highestTarget(targets);
  if (perPixel && highest > ignoredClass) {
    throw new WorkbenchError(
      'target-out-of-range',
      `${targetsFile} has the class ${highest}, but masks have classes from 0 to ${ignoredClass - 1} and ${ignoredClass} for "ignore".`,
      'Save masks of at most 255 classes.',
    );
  }
  const classes = highest + 1;
  const names = `${path.basename(inputsFile)} and ${path.basename(targetsFile)}`;
  const bytes = inputs.type === 'uint8';
  const info = {
    kind: npyPair.name,
    description: `${count} images from ${names}${bytes ? '' : ', as they are'}`,
    count,
    inputShape: [channels, height, width],
    storedSize: [height, width],
    fit: 'fixed',
    classes,
    classNames: Array.from({ length: classes }, (_, i) => `class ${i}`),
    classCounts: null,
    normalisation: bytes ? photographNormalisation : null,
    problems: [],
    problemCount: 0,
  } satisfies Partial<DatasetInfo>;

  const readAll = async <I>(
    indices: readonly number[],
    size: readonly [number, number] | undefined,
    targetOf: (row: NpyArray, index: number) => I,
  ): Promise<((I & { readonly pixels: Pixels }) | UnusableImage)[]> => {
    assertSize(inputsFile, [height, width], size);
    const images = [];
    for (const index of indices) {
      images.push(
        await usable(async () => ({
          ...targetOf(await readRow(targets, index), index),
          pixels: toPixels(await readRow(inputs, index), inputsFile, index),
        })),
      );
    }
    return images;
  };
  return perImage
    ? {
        ...info,
        task: 'classification',
        read: (indices, size) =>
          readAll(indices, size, (row, index) => ({ label: toClass(row.data[0], targets, index) })),
      }
    : {
        ...info,
        task: 'segmentation',
        read: (indices, size) =>
          readAll(indices, size, (row, index) => ({
            mask: Uint8Array.from(row.data as ArrayLike<number | bigint>, (target) =>
              Number(target) === ignoredClass ? ignoredClass : toClass(target, targets, index),
            ),
          })),
      };
}

/** The highest class in the whole file, which is read row by row. -1 where it holds none. */
async function highestTarget(targets: NpyFile): Promise<number> {
  const all = targets.shape.reduce((product, size) => product * size, 1);
  const perImage = targets.shape.length === 1;
  let highest = -1;
  const step = Math.max(1, Math.floor(2 ** 22 / targets.itemBytes));
  for (let start = 0; start < all; start += step) {
    const length = Math.min(step, all - start);
    const offset = targets.dataOffset + start * targets.itemBytes;
    const bytes = await readRange(targets.file, offset, length * targets.itemBytes);
    for (const value of toArray(targets.descr, [length], bytes).data) {
      const target = Number(value);
      if (target > highest && (perImage || target !== ignoredClass)) highest = target;
    }
  }
  return highest;
}

function toClass(target: number | bigint, { file }: NpyFile, index: number): number {
  if (target < 0) throw new UnusableFile(file, `image ${index} has the class ${target}`);
  return Number(target);
}

function toPixels(row: NpyArray, file: string, index: number): Pixels {
  if (row.type === 'uint8') return row.data;
  if (row.type !== 'float32') throw new TypeError(`images of ${row.type}`);
  const bad = row.data.find((value) => !Number.isFinite(value));
  if (bad === undefined) return row.data;
  throw new UnusableFile(file, `image ${index} (counted from 0) contains ${bad}`);
}

function assertSize(
  file: string,
  [height, width]: readonly [number, number],
  size: readonly [number, number] | undefined,
): void {
  if (!size || (size[0] === height && size[1] === width)) return;
  throw mismatch(
    `${file} has images of ${height} x ${width}, but ${size[0]} x ${size[1]} are asked for: arrays are used as they are.`,
    'Save images of the size that the network takes.',
  );
}

function mismatch(message: string, hint: string): WorkbenchError {
  return new WorkbenchError('shape-mismatch', message, hint);
}
