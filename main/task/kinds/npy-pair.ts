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
import type { DataPlace } from '../listing.ts';
import { fileArray, npzArrays, type ArrayFile } from '../array-files.ts';
import { inRowOrder, parseNpyHeader, toArray, type NpyArray, type NpyHeader } from '../npy.ts';
import { UnusableFile, orUnusable } from '../problems.ts';
import type { DataKind } from './kind.ts';
import type { Known } from '../../common/known.ts';

/** Names that the two files or arrays may have, in the order in which they are tried. */
const pairNames = [
  ['inputs', 'targets'],
  ['images', 'labels'],
  ['images', 'masks'],
  ['x', 'y'],
  ['X', 'Y'],
  ['X', 'y'],
  ['data', 'labels'],
  ['x_train', 'y_train'],
  ['X_train', 'y_train'],
  ['train_images', 'train_labels'],
] as const;
/** Further names in archives: those that numpy.savez gives by itself. */
const archiveNames = [...pairNames, ['arr_0', 'arr_1']] as const;

const isNpz = (file: string): boolean => file.toLowerCase().endsWith('.npz');

export const npyPair: DataKind = {
  ...described.npy,
  async open(place) {
    const [folder, files] = await filesAt(place);
    const pair = pairNames.find((names) => names.every((name) => files.includes(`${name}.npy`)));
    if (pair) {
      const [inputs, targets] = pair.map((name) =>
        fileArray(path.join(folder, `${name}.npy`)),
      ) as Known<Promise<ArrayFile>>;
      return openPair(await inputs, await targets);
    }
    const archives = place.isFolder ? place.files.filter(isNpz) : [place.path].filter(isNpz);
    if (archives.length !== 1) return null;
    return openArchive(path.resolve(folder, archives[0]!));
  },
};

async function filesAt(place: DataPlace): Promise<[string, readonly string[]]> {
  if (place.isFolder) return [place.path, place.files];
  const folder = path.dirname(place.path);
  const name = path.basename(place.path);
  const present: string[] = [];
  for (const pair of pairNames.filter((names) => names.some((known) => `${known}.npy` === name))) {
    for (const file of pair.map((known) => `${known}.npy`)) {
      if (await stat(path.join(folder, file)).catch(() => null)) present.push(file);
    }
  }
  return [folder, present];
}

/** Throws `npz-malformed`, `npz-without-pair`, and as `openPair` does. */
async function openArchive(file: string): Promise<Dataset> {
  const arrays = await npzArrays(file);
  for (const [images, classes] of archiveNames) {
    const [inputs, targets] = [arrays.get(images), arrays.get(classes)];
    if (inputs && targets) return openPair(inputs, targets);
  }
  throw new WorkbenchError(
    'npz-without-pair',
    `${file} holds ${[...arrays.keys()].slice(0, 12).join(', ') || 'no arrays'}: it is not clear which are the images and which their classes.`,
    'Save them as inputs and targets: numpy.savez(file, inputs=..., targets=...).',
  );
}

interface NpyFile extends NpyHeader {
  readonly file: string;
  /** The bytes after the header, in row order. */
  readonly read: ArrayFile['read'];
}

/** No header of an array that could be meant here comes close to this. */
const headerBytes = 65_536;
/** An array whose first axis varies fastest is put into row order in memory. */
const mostInMemory = 2 ** 30;

async function openNpy(source: ArrayFile): Promise<NpyFile> {
  const file = source.name;
  const bytes = await source.read(0, Math.min(source.bytes, headerBytes));
  const header = parseNpyHeader(bytes, source.bytes, file);
  const { dataOffset, shape, itemBytes, fortranOrder } = header;
  if (!fortranOrder) {
    return { file, ...header, read: (start, length) => source.read(dataOffset + start, length) };
  }
  const length = source.bytes - dataOffset;
  if (length > mostInMemory) {
    throw new WorkbenchError(
      'npy-malformed',
      `${file} is in Fortran order and has ${length} bytes.`,
      'Save it in C order: numpy.ascontiguousarray(array).',
    );
  }
  const sorted = inRowOrder(await source.read(dataOffset, length), shape, itemBytes);
  return { file, ...header, read: async (start, count) => sorted.subarray(start, start + count) };
}

/** Row `index` along the first axis. */
async function readRow(npy: NpyFile, index: number): Promise<NpyArray> {
  const shape = npy.shape.slice(1);
  const bytes = shape.reduce((product, size) => product * size, 1) * npy.itemBytes;
  return toArray(npy, shape, await npy.read(index * bytes, bytes));
}

/** How an image is laid out in its row of the array. */
interface ImageLayout {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly order: 'planes' | 'interleaved';
}

/** N, C, H, W; or as pictures are usually stored: N, H, W, C with 1, 3 or 4 channels, or N, H, W. */
function layoutOf(shape: readonly number[]): ImageLayout | null {
  const [, a, b, c] = shape as Known<number>;
  if (shape.length === 3) return { channels: 1, height: a, width: b, order: 'planes' };
  if (shape.length !== 4 || !a || !b || !c) return null;
  const last = (c === 1 || c === 3) && a > 4 && b > 4;
  return last
    ? { channels: c, height: a, width: b, order: 'interleaved' }
    : { channels: a, height: b, width: c, order: 'planes' };
}

/** Throws `shape-mismatch`, `npy-type`, `npy-malformed`, `data-not-readable`. */
async function openPair(inputsSource: ArrayFile, targetsSource: ArrayFile): Promise<Dataset> {
  const [inputsFile, targetsFile] = [inputsSource.name, targetsSource.name];
  const inputs = await openNpy(inputsSource);
  const targets = await openNpy(targetsSource);
  const [count = 0] = inputs.shape;
  const layout = layoutOf(inputs.shape);
  if (layout === null || !layout.height || !layout.width) {
    throw mismatch(
      `${inputsFile} has the shape (${inputs.shape.join(', ')}), but images are N, C, H, W.`,
      'Save the images as one array of images x channels x height x width.',
    );
  }
  const { height, width } = layout;
  const bytes = inputs.type === 'uint8';
  // Grey bytes are treated like pictures: three equal channels.
  const channels = bytes && layout.channels === 1 ? 3 : layout.channels;
  const floats = inputs.type === 'float32' || inputs.type === 'float64';
  if (!floats && !(bytes && channels === 3)) {
    throw new WorkbenchError(
      'npy-type',
      `${inputsFile} holds ${layout.channels}-channel images of ${inputs.type}.`,
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
  // Keras saves classes as a column.
  const perImage =
    targets.shape.length === 1 || (targets.shape.length === 2 && targets.shape[1] === 1);
  const perPixel =
    targets.shape.length === 3 && targets.shape[1] === height && targets.shape[2] === width;
  if (targets.shape[0] !== count || (!perImage && !perPixel)) {
    throw mismatch(
      `${inputsFile} has ${count} images of ${height} x ${width}, so ${targetsFile} must have the shape (${count}) or (${count}, ${height}, ${width}), but it has (${targets.shape.join(', ')}).`,
      'Give one class number for each image, or one for each pixel.',
    );
  }
  const highest = await highestTarget(targets, perImage);
  if (perPixel && highest > ignoredClass) {
    throw new WorkbenchError(
      'target-out-of-range',
      `${targetsFile} has the class ${highest}, but masks have classes from 0 to ${ignoredClass - 1} and ${ignoredClass} for "ignore".`,
      'Save masks of at most 255 classes.',
    );
  }
  const classes = highest + 1;
  const names = `${path.basename(inputsFile)} and ${path.basename(targetsFile)}`;
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
        await orUnusable(async () => ({
          ...targetOf(await readRow(targets, index), index),
          pixels: toPixels(await readRow(inputs, index), layout, inputsFile, index),
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
          readAll(indices, size, (row, index) => ({
            label: toClass(row.data[0]!, targets, index),
          })),
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
async function highestTarget(targets: NpyFile, perImage: boolean): Promise<number> {
  const all = targets.shape.reduce((product, size) => product * size, 1);
  let highest = -1;
  const step = Math.max(1, Math.floor(2 ** 22 / targets.itemBytes));
  for (let start = 0; start < all; start += step) {
    const length = Math.min(step, all - start);
    const bytes = await targets.read(start * targets.itemBytes, length * targets.itemBytes);
    for (const value of toArray(targets, [length], bytes).data) {
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

/** As planes; grey bytes are repeated three times. Throws UnusableFile. */
function toPixels(row: NpyArray, layout: ImageLayout, file: string, index: number): Pixels {
  if (row.type === 'uint8') {
    const planes = inPlanes(row.data, layout, (length) => new Uint8Array(length));
    return layout.channels === 1 ? Uint8Array.from([...planes, ...planes, ...planes]) : planes;
  }
  if (row.type !== 'float32' && row.type !== 'float64')
    throw new TypeError(`images of ${row.type}`);
  const bad = row.data.find((value) => !Number.isFinite(value));
  if (bad !== undefined) {
    throw new UnusableFile(file, `image ${index} (counted from 0) contains ${bad}`);
  }
  const values = row.type === 'float32' ? row.data : Float32Array.from(row.data);
  return inPlanes(values, layout, (length) => new Float32Array(length));
}

function inPlanes<A extends Uint8Array | Float32Array>(
  data: A,
  { channels, height, width, order }: ImageLayout,
  make: (length: number) => A,
): A {
  if (order === 'planes') return data;
  const planes = make(data.length);
  const area = height * width;
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < channels; c++) planes[c * area + i] = data[i * channels + c]!;
  }
  return planes;
}

function assertSize(
  file: string,
  [height, width]: readonly [number, number],
  size: readonly [number, number] | undefined,
): void {
  if (!size || (size[0] === height && size[1] === width)) return;
  throw mismatch(
    `${file} has images of ${height} x ${width}, but ${size[0]} x ${size[1]} were asked for: arrays are used as they are.`,
    'Save images of the size that the network takes.',
  );
}

function mismatch(message: string, hint: string): WorkbenchError {
  return new WorkbenchError('shape-mismatch', message, hint);
}
