/**
 * MNIST and similar: an idx file of grey images and one of their classes, plain or gzipped
 * (http://yann.lecun.com/exdb/mnist, "file formats": big-endian lengths, then bytes).
 */
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { WorkbenchError } from '../../errors.ts';
import { NotRegular, readRegular } from '../../regular-file.ts';
import type { ClassificationDataset } from '../dataset.ts';
import { photographNormalisation } from '../dataset.ts';
import { described } from '../kind-descriptions.ts';
import type { DataPlace } from '../listing.ts';
import { resizePlanes } from '../pictures/resize-planes.ts';
import { notReadable } from '../problems.ts';
import type { DataKind } from './kind.ts';
import type { Known } from '../../common/known.ts';

const imagesName = /^(.*?)(?:[-_.]?images)([-.]idx3(?:-ubyte)?)(\.gz)?$/i;
/** Files are read whole: existing ones have some tens of megabytes. */
const mostBytes = 2 ** 29;

export const idx: DataKind = {
  ...described.idx,
  async open(place) {
    const [folder, names] = place.isFolder
      ? [place.path, place.files]
      : [path.dirname(place.path), [path.basename(place.path)]];
    const found = names.filter((name) => imagesName.test(name));
    if (found.length === 0) return null;
    // Of MNIST's two parts the training part comes first.
    const images = found.toSorted(
      (a, b) => Number(/^t10k|test/i.test(a)) - Number(/^t10k|test/i.test(b)),
    )[0]!;
    const others = place.isFolder ? found.filter((name) => stemOf(name) !== stemOf(images)) : [];
    return openIdx(folder, images, await labelsOf(place, folder, images), others);
  },
};

const stemOf = (name: string): string => name.replace(/\.gz$/i, '');

/**
 * The file of classes that goes with it: the same name with "labels" for "images", and one axis instead of
 * three.
 */
async function labelsOf(place: DataPlace, folder: string, images: string): Promise<string> {
  const [, part = '', ending = ''] = imagesName.exec(images) ?? [];
  const names = place.isFolder ? place.files : null;
  const wanted = images
    .slice(part.length)
    .replace(/images/i, 'labels')
    .replace(ending, ending.replace('3', '1'));
  const plain = stemOf(part + wanted);
  for (const name of [plain, `${plain}.gz`]) {
    const there = names
      ? names.includes(name)
      : await readRegular(path.join(folder, name), mostBytes).then(
          () => true,
          () => false,
        );
    if (there) return name;
  }
  throw new WorkbenchError(
    'no-labels',
    `${path.join(folder, images)} has no file of labels ${plain} beside it.`,
    'Put it there: images and labels are two files.',
  );
}

async function openIdx(
  folder: string,
  imagesFile: string,
  labelsFile: string,
  others: readonly string[],
): Promise<ClassificationDataset> {
  const images = await readIdx(path.join(folder, imagesFile), 3);
  const labels = await readIdx(path.join(folder, labelsFile), 1);
  const [count, height, width] = images.lengths as Known<number>;
  if (labels.lengths[0] !== count) {
    throw malformed(
      path.join(folder, labelsFile),
      `it has ${labels.lengths[0]} classes for ${count} images`,
    );
  }
  const counts: number[] = [];
  for (const label of labels.data) {
    while (counts.length <= label) counts.push(0);
    counts[label]! += 1;
  }
  const area = height * width;
  const beside = others.length === 0 ? '' : `; ${others.join(', ')} beside it is not part of it`;
  return {
    kind: idx.name,
    task: 'classification',
    description: `${count} grey images of ${counts.length} classes from ${imagesFile}, idx${beside}`,
    count,
    inputShape: [3, height, width],
    storedSize: [height, width],
    fit: height === width ? 'cover' : 'fixed',
    classes: counts.length,
    classNames: counts.map((_, i) => `class ${i}`),
    classCounts: counts,
    normalisation: photographNormalisation,
    problems: [],
    problemCount: 0,
    async read(indices, size = [height, width]) {
      return indices.map((index) => {
        const grey = images.data.subarray(index * area, (index + 1) * area);
        const planes = new Uint8Array(3 * area);
        for (let c = 0; c < 3; c++) planes.set(grey, c * area);
        return { label: labels.data[index]!, pixels: sized(planes, [height, width], size) };
      });
    },
  };
}

function sized(
  planes: Uint8Array,
  [height, width]: readonly [number, number],
  size: readonly [number, number],
): Uint8Array {
  if (size[0] === height && size[1] === width) return planes;
  if (height !== width) {
    throw new WorkbenchError(
      'shape-mismatch',
      `Images of ${height} x ${width} are not square, and ${size[0]} x ${size[1]} were asked for.`,
      'Ask for their own size.',
    );
  }
  return resizePlanes(planes, width, { height: size[0], width: size[1] }, photographNormalisation);
}

interface Idx {
  readonly lengths: readonly number[];
  readonly data: Uint8Array;
}

/** Throws `idx-malformed`, `data-not-readable`. */
async function readIdx(file: string, axes: number): Promise<Idx> {
  const stored = await readRegular(file, mostBytes).catch((cause: unknown) => {
    throw notReadable(
      file,
      cause instanceof NotRegular ? new NotRegular(`it ${cause.message}`) : cause,
    );
  });
  const packed = stored[0] === 0x1f && stored[1] === 0x8b;
  const bytes = packed ? await unpacked(file, stored) : stored;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const begin = 4 + 4 * axes;
  if (bytes.length < begin || view.getUint16(0) !== 0 || bytes[2] !== 8 || bytes[3] !== axes) {
    throw malformed(
      file,
      `it does not begin like bytes of ${axes} ${axes === 1 ? 'axis' : 'axes'}`,
    );
  }
  const lengths = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const wanted = lengths.reduce((product, length) => product * length, 1);
  if (wanted !== bytes.length - begin || wanted === 0) {
    throw malformed(
      file,
      `its lengths ${lengths.join(' x ')} need ${wanted} bytes, and it has ${bytes.length - begin}`,
    );
  }
  return { lengths, data: bytes.subarray(begin) };
}

async function unpacked(file: string, packed: Uint8Array): Promise<Uint8Array> {
  return promisify(gunzip)(packed, { maxOutputLength: mostBytes }).catch((cause: unknown) => {
    throw malformed(file, cause instanceof Error ? cause.message : String(cause));
  });
}

function malformed(file: string, what: string): WorkbenchError {
  return new WorkbenchError(
    'idx-malformed',
    `${file} cannot be used as an idx file: ${what}.`,
    'Copy or unpack it again.',
  );
}
