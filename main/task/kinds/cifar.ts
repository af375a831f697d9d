/**
 * CIFAR's binary files, with random access: of a file of any size only the records asked for are read. Layout:
 * records of one label byte (CIFAR-100: a coarse, then a fine one), then 32 x 32 bytes of red, of green and of
 * blue (https://www.cs.toronto.edu/~kriz/cifar.html, "binary version"). CIFAR-100 is read with its 100 fine
 * labels.
 */
import { stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { WorkbenchError } from '../../errors.ts';
import type {
  ClassificationDataset,
  LabelledImage,
  Normalisation,
  UnusableImage,
} from '../dataset.ts';
import { Groups } from '../groups.ts';
import { described } from '../kind-descriptions.ts';
import { listFolder, placeAt, type DataPlace } from '../listing.ts';
import { resizePlanes } from '../pictures/resize-planes.ts';
import { isUnusable, notReadable, openData, UnusableFile, orUnusable } from '../problems.ts';
import { cifar100Names, cifar10Names } from './cifar-names.ts';
import type { DataKind } from './kind.ts';

export const side = 32;
export const pixelBytes = 3 * side * side;

export interface Variant {
  readonly kind: 'cifar10' | 'cifar100';
  readonly title: string;
  /** How many values each label byte may have; the last one is the label. */
  readonly labels: readonly number[];
  readonly names: readonly string[];
  /** Statistics of the training images, as commonly used. */
  readonly normalisation: Normalisation;
  readonly hint: string;
}

export const cifar10: Variant = {
  kind: 'cifar10',
  title: 'CIFAR-10',
  labels: [10],
  names: cifar10Names,
  normalisation: { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] },
  hint: 'Pass a .bin file of the binary version of CIFAR-10, or the folder that holds such files (cifar-10-batches-bin).',
};
export const cifar100: Variant = {
  kind: 'cifar100',
  title: 'CIFAR-100',
  labels: [20, 100],
  names: cifar100Names,
  normalisation: { mean: [0.5071, 0.4865, 0.4409], std: [0.2673, 0.2564, 0.2762] },
  hint: 'Pass a .bin file of the binary version of CIFAR-100, or the folder that holds such files (cifar-100-binary).',
};

const isBin = (file: string): boolean => file.toLowerCase().endsWith('.bin');
const recordBytes = ({ labels }: Variant): number => labels.length + pixelBytes;

interface RecordFile {
  readonly file: string;
  /** Records. */
  readonly count: number;
}

/**
 * Opens a file, or a folder that is searched for *.bin files whose size is a multiple of a record's
 * (its direct subfolders are searched where it has none itself, because the published archives unpack
 * into one). Files count in the order of their names.
 *
 * Throws `data-not-found`, `data-not-readable`, `not-cifar10` or `not-cifar100`; reading throws the last
 * two where a file shrank meanwhile. A record with an impossible label is an image that cannot be used.
 */
export async function openCifar(
  variant: Variant,
  dataPath: string,
): Promise<ClassificationDataset> {
  const place = await placeAt(dataPath);
  const files = await recordFiles(variant, place);
  if (files.length > 0) return datasetOf(variant, files);
  const { kind, title, hint } = variant;
  const multiple = `a positive multiple of ${recordBytes(variant)}`;
  throw new WorkbenchError(
    `not-${kind}`,
    place.isFolder
      ? `The folder ${dataPath} has no ${title} binary file: no *.bin file whose size is ${multiple} bytes.`
      : `${dataPath} is not a ${title} binary file: its size, ${place.bytes} bytes, is not ${multiple}.`,
    hint,
  );
}

const kindOf = (variant: Variant): DataKind => ({
  ...described[variant.kind],
  async open(place) {
    if (!place.isFolder && !isBin(place.path)) return null;
    const files = await recordFiles(variant, place);
    return files.length > 0 ? datasetOf(variant, files) : null;
  },
});

export const cifar10Kind = kindOf(cifar10);
export const cifar100Kind = kindOf(cifar100);

/**
 * What a data set of CIFAR images says about itself, in either format.
 * @param files names of the files that hold them
 */
export function cifarImages(
  { title, names, normalisation }: Variant,
  count: number,
  files: readonly (string | undefined)[],
) {
  const where =
    files.length <= 3 ? files.join(', ') : `${files[0]} and ${files.length - 1} more files`;
  return {
    task: 'classification',
    description: `${count} ${title} images from ${where}`,
    count,
    inputShape: [3, side, side],
    storedSize: [side, side],
    fit: 'cover',
    classes: names.length,
    classNames: names,
    normalisation,
    problems: [],
    problemCount: 0,
  } as const satisfies Partial<ClassificationDataset>;
}

function datasetOf(variant: Variant, found: readonly RecordFile[]): ClassificationDataset {
  const files = new Groups(found);
  const names = found.map(({ file }) => path.basename(file));
  return {
    ...cifarImages(variant, files.count, names),
    kind: variant.kind,
    classCounts: null,
    async read(indices, [height, width] = [side, side]) {
      const images = await readRecords(variant, files, indices);
      if (height === side && width === side) return images;
      return images.map((image) =>
        isUnusable(image)
          ? image
          : {
              label: image.label,
              pixels: resizePlanes(image.pixels, side, { width, height }, variant.normalisation),
            },
      );
    },
  };
}

async function recordFiles(variant: Variant, place: DataPlace): Promise<RecordFile[]> {
  if (!place.isFolder) {
    const found = asRecordFile(variant, place.path, place.bytes);
    return found ? [found] : [];
  }
  const here = await recordFilesIn(variant, place.path, place.files);
  return here.length > 0 ? here : recordFilesInSubfolders(variant, place);
}

async function recordFilesInSubfolders(variant: Variant, place: DataPlace): Promise<RecordFile[]> {
  const found: RecordFile[] = [];
  for (const name of place.folders) {
    const inner = path.join(place.path, name);
    // An unreadable or vanished sibling is no reason to refuse the folder.
    const { files } = await listFolder(inner, isBin).catch(() => ({ files: [] }));
    found.push(...(await recordFilesIn(variant, inner, files)));
  }
  return found;
}

async function recordFilesIn(
  variant: Variant,
  folder: string,
  names: readonly string[],
): Promise<RecordFile[]> {
  const found: RecordFile[] = [];
  for (const name of names.filter(isBin)) {
    const file = path.join(folder, name);
    const info = await stat(file).catch(() => null);
    const records = info?.isFile() ? asRecordFile(variant, file, info.size) : null;
    if (records) found.push(records);
  }
  return found;
}

function asRecordFile(variant: Variant, file: string, bytes: number): RecordFile | null {
  const size = recordBytes(variant);
  return bytes > 0 && bytes % size === 0 ? { file, count: bytes / size } : null;
}

async function readRecords(
  variant: Variant,
  files: Groups<RecordFile>,
  indices: readonly number[],
): Promise<(ByteImage | UnusableImage)[]> {
  const handles = new Map<string, FileHandle>();
  try {
    const images: (ByteImage | UnusableImage)[] = [];
    for (const index of indices) {
      const { group, at } = files.locate(index);
      let handle = handles.get(group.file);
      if (!handle) {
        handle = await openData(group.file);
        handles.set(group.file, handle);
      }
      const from = handle;
      images.push(await orUnusable(() => readRecord(variant, from, group.file, at)));
    }
    return images;
  } finally {
    await Promise.all([...handles.values()].map((handle) => handle.close()));
  }
}

type ByteImage = LabelledImage & { readonly pixels: Uint8Array };

async function readRecord(
  variant: Variant,
  handle: FileHandle,
  file: string,
  record: number,
): Promise<ByteImage> {
  const size = recordBytes(variant);
  const bytes = new Uint8Array(size);
  const { bytesRead } = await handle.read(bytes, 0, size, record * size).catch((cause: unknown) => {
    throw notReadable(file, cause);
  });
  if (bytesRead !== size) {
    throw new WorkbenchError(
      `not-${variant.kind}`,
      `${file} ends inside record ${record}: it became shorter while it was read.`,
      'Let whatever writes the file finish, then start again.',
    );
  }
  for (const [i, values] of variant.labels.entries()) {
    if (bytes[i]! < values) continue;
    const which = variant.labels.length === 1 ? 'label' : i === 0 ? 'coarse label' : 'fine label';
    throw new UnusableFile(
      file,
      `has the ${which} ${bytes[i]} in record ${record}, but ${variant.title} has the classes 0 to ${values - 1}`,
    );
  }
  const labelBytes = variant.labels.length;
  return { label: bytes[labelBytes - 1]!, pixels: bytes.subarray(labelBytes) };
}
