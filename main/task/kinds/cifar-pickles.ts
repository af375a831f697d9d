/** CIFAR's "python version": pickles of NumPy arrays, read without running any code in them. */
import path from 'node:path';
import { WorkbenchError } from '../../errors.ts';
import { NotRegular, readRegular } from '../../regular-file.ts';
import type { ClassificationDataset } from '../dataset.ts';
import { Groups } from '../groups.ts';
import { described } from '../kind-descriptions.ts';
import { readPickle } from '../pickle.ts';
import { NoPickle, PickledArray, type Pickled } from '../pickled.ts';
import { resizePlanes } from '../pictures/resize-planes.ts';
import { notReadable } from '../problems.ts';
import { cifar10, cifar100, cifarImages, pixelBytes, side, type Variant } from './cifar.ts';
import type { DataKind } from './kind.ts';
import type { Known } from '../../common/known.ts';

/** Names of the training files; `test` is the file that is taken where they are missing. */
const layouts = [
  { variant: cifar10, names: /^data_batch_\d+$/, test: 'test_batch', labels: 'labels' },
  { variant: cifar100, names: /^train$/, test: 'test', labels: 'fine_labels' },
] as const;
/** A batch has 31 MB, CIFAR-100's training images 155 MB. */
const mostBytes = 2 ** 29;

interface Batch {
  readonly count: number;
  readonly pixels: Uint8Array;
  readonly labels: readonly number[];
}

export const cifarPickles: DataKind = {
  ...described.cifarPickles,
  async open(place) {
    const [folder, files] = place.isFolder
      ? [place.path, place.files]
      : [path.dirname(place.path), [path.basename(place.path)]];
    // Two file names of CIFAR-100 are common words; the presence of its third file shows that they mean it.
    const meant = (names: RegExp) =>
      names.source !== '^train$' || !place.isFolder || files.includes('meta');
    for (const { variant, names, test, labels } of layouts) {
      const training = files.filter((name) => names.test(name) && meant(names));
      const chosen =
        training.length > 0 ? training : files.filter((name) => name === test && meant(names));
      if (chosen.length === 0) continue;
      const paths = chosen.map((name) => path.join(folder, name));
      if (!(await isPickle(paths[0]!))) continue;
      const batches: Batch[] = [];
      for (const file of paths) batches.push(await readBatch(file, labels, variant.names.length));
      return datasetOf(variant, batches, chosen);
    }
    return null;
  },
};

async function bytesOf(file: string): Promise<Uint8Array> {
  return readRegular(file, mostBytes).catch((cause: unknown) => {
    throw notReadable(
      file,
      cause instanceof NotRegular ? new NotRegular(`it ${cause.message}`) : cause,
    );
  });
}

/** Protocols 2 and later begin with their number. */
async function isPickle(file: string): Promise<boolean> {
  const bytes = await bytesOf(file);
  return bytes.length > 2 && bytes[0] === 0x80 && bytes[1]! <= 5;
}

/** Throws `pickle-malformed`, `data-not-readable`. */
async function readBatch(file: string, labelsKey: string, classes: number): Promise<Batch> {
  const content = await bytesOf(file);
  try {
    const batch = readPickle(content);
    if (!(batch instanceof Map)) throw new NoPickle('it holds no dictionary');
    const data: Pickled | undefined = batch.get('data');
    const labels: Pickled | undefined = batch.get(labelsKey);
    if (!(data instanceof PickledArray) || !Array.isArray(labels)) {
      throw new NoPickle(`it has no "data" and "${labelsKey}"`);
    }
    const [count, length] = data.shape as Known<number>;
    if (
      data.dtype.replace(/^[|<>=]/, '') !== 'u1' ||
      length !== pixelBytes ||
      data.data.length !== count * pixelBytes
    ) {
      throw new NoPickle(`its images are not rows of ${pixelBytes} bytes`);
    }
    const numbers = labels.filter((label) => typeof label === 'number');
    const odd = numbers.find((label) => !Number.isInteger(label) || label < 0 || label >= classes);
    if (numbers.length !== count || labels.length !== count) {
      throw new NoPickle(`it has ${labels.length} classes for ${count} images`);
    }
    if (odd !== undefined) throw new NoPickle(`it has the class ${odd} of ${classes}`);
    return { count, pixels: data.data, labels: numbers };
  } catch (cause) {
    if (!(cause instanceof NoPickle)) throw cause;
    throw new WorkbenchError(
      'pickle-malformed',
      `${file} cannot be used as a batch of CIFAR: ${cause.message}.`,
      'Unpack the archive again, or use the binary version.',
      { cause },
    );
  }
}

function datasetOf(
  variant: Variant,
  batches: readonly Batch[],
  files: readonly string[],
): ClassificationDataset {
  const all = new Groups(batches);
  const counts = variant.names.map(() => 0);
  for (const { labels } of batches) for (const label of labels) counts[label]! += 1;
  return {
    ...cifarImages(variant, all.count, files),
    kind: cifarPickles.name,
    classCounts: counts,
    async read(indices, [height, width] = [side, side]) {
      return indices.map((index) => {
        const { group, at } = all.locate(index);
        const pixels = group.pixels.slice(at * pixelBytes, (at + 1) * pixelBytes);
        const own = height === side && width === side;
        return {
          label: group.labels[at]!,
          pixels: own
            ? pixels
            : resizePlanes(pixels, side, { width, height }, variant.normalisation),
        };
      });
    },
  };
}
