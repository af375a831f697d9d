/**
 * CIFAR-10's binary files, read at random: of a file of any size only the records asked for are read.
 * Layout: records of 3,073 bytes, one label byte, then 32 x 32 bytes of red, of green and of blue
 * (https://www.cs.toronto.edu/~kriz/cifar.html, "binary version").
 */
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { WorkbenchError } from '../errors.ts';
import type { ImageDataset, LabelledImage } from './dataset.ts';

const pixelBytes = 3 * 32 * 32;
const recordBytes = 1 + pixelBytes;
const classes = 10;

/** Per-channel statistics of the 50,000 training images, as the field uses them. */
const normalisation = { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] };

const whatToPass =
  'Pass a .bin file of the binary version of CIFAR-10, or the folder that holds such files ' +
  '(cifar-10-batches-bin).';

interface RecordFile {
  readonly file: string;
  readonly records: number;
}

/**
 * Opens a file, or a folder that is searched for *.bin files whose size is a multiple of 3,073 bytes
 * (its direct subfolders are searched where it has none itself, because the published archive unpacks
 * into one). Files count in the order of their names.
 *
 * Throws `data-not-found`, `data-not-readable`, `not-cifar10`; reading throws `label-out-of-range`
 * and, where a file shrank meanwhile, `not-cifar10`.
 */
export async function openCifar10(dataPath: string): Promise<ImageDataset> {
  const files = await recordFiles(dataPath);
  const count = files.reduce((sum, file) => sum + file.records, 0);
  const names = files.map(({ file }) => path.basename(file));
  const where =
    names.length <= 3 ? names.join(', ') : `${names[0]} and ${names.length - 1} more files`;
  return {
    description: `${count} CIFAR-10 images from ${where}`,
    count,
    inputShape: [3, 32, 32],
    classes,
    normalisation,
    read: (indices) => readRecords(files, indices),
  };
}

async function recordFiles(dataPath: string): Promise<RecordFile[]> {
  const info = await statOf(dataPath);
  if (!info.isDirectory()) {
    const found = asRecordFile(dataPath, info.isFile() ? info.size : 0);
    if (found) return [found];
    throw new WorkbenchError(
      'not-cifar10',
      `${dataPath} is no CIFAR-10 binary file: its size, ${info.size} bytes, is not a positive multiple of ${recordBytes}.`,
      whatToPass,
    );
  }
  const here = await recordFilesIn(dataPath);
  const found = here.length > 0 ? here : await recordFilesInSubfolders(dataPath);
  if (found.length > 0) return found;
  throw new WorkbenchError(
    'not-cifar10',
    `The folder ${dataPath} has no CIFAR-10 binary file: no *.bin file whose size is a positive multiple of ${recordBytes} bytes.`,
    whatToPass,
  );
}

async function recordFilesInSubfolders(folder: string): Promise<RecordFile[]> {
  const found: RecordFile[] = [];
  for (const name of await namesIn(folder)) {
    const inner = path.join(folder, name);
    // An unreadable or vanished neighbour is no reason to refuse the folder.
    const info = await stat(inner).catch(() => null);
    if (info?.isDirectory()) found.push(...(await recordFilesIn(inner).catch(() => [])));
  }
  return found;
}

async function recordFilesIn(folder: string): Promise<RecordFile[]> {
  const found: RecordFile[] = [];
  for (const name of await namesIn(folder)) {
    if (!name.toLowerCase().endsWith('.bin')) continue;
    const file = path.join(folder, name);
    const info = await stat(file).catch(() => null);
    const records = info?.isFile() ? asRecordFile(file, info.size) : null;
    if (records) found.push(records);
  }
  return found;
}

/** Names in code-unit order: the same on every computer, whatever its language. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (cause) {
    throw notReadable(folder, cause);
  }
}

function asRecordFile(file: string, bytes: number): RecordFile | null {
  return bytes > 0 && bytes % recordBytes === 0 ? { file, records: bytes / recordBytes } : null;
}

async function statOf(dataPath: string) {
  try {
    return await stat(dataPath);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw notReadable(dataPath, cause);
    throw new WorkbenchError(
      'data-not-found',
      `There is no file or folder ${dataPath}.`,
      whatToPass,
      { cause },
    );
  }
}

function notReadable(file: string, cause: unknown): WorkbenchError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new WorkbenchError(
    'data-not-readable',
    `${file} cannot be read: ${reason}.`,
    'Check the permissions of the file or folder, or pass other data.',
    { cause },
  );
}

async function readRecords(
  files: readonly RecordFile[],
  indices: readonly number[],
): Promise<LabelledImage[]> {
  const handles = new Map<string, FileHandle>();
  try {
    const images: LabelledImage[] = [];
    for (const index of indices) {
      const { file, record } = locate(files, index);
      let handle = handles.get(file);
      if (!handle) {
        handle = await open(file, 'r').catch((cause: unknown) => {
          throw notReadable(file, cause);
        });
        handles.set(file, handle);
      }
      images.push(await readRecord(handle, file, record));
    }
    return images;
  } finally {
    await Promise.all([...handles.values()].map((handle) => handle.close()));
  }
}

function locate(files: readonly RecordFile[], index: number): { file: string; record: number } {
  let record = index;
  for (const { file, records } of files) {
    if (record < records) return { file, record };
    record -= records;
  }
  throw new RangeError(`image ${index} is outside the data set`);
}

async function readRecord(
  handle: FileHandle,
  file: string,
  record: number,
): Promise<LabelledImage> {
  const bytes = new Uint8Array(recordBytes);
  const { bytesRead } = await handle
    .read(bytes, 0, recordBytes, record * recordBytes)
    .catch((cause: unknown) => {
      throw notReadable(file, cause);
    });
  if (bytesRead !== recordBytes) {
    throw new WorkbenchError(
      'not-cifar10',
      `${file} ends inside record ${record}: it became shorter while it was read.`,
      'Let whatever writes the file finish, then start again.',
    );
  }
  const label = bytes[0];
  if (label >= classes) {
    throw new WorkbenchError(
      'label-out-of-range',
      `${file}, record ${record}: the label is ${label}, but CIFAR-10 has the classes 0 to ${classes - 1}.`,
      `The file is damaged or no CIFAR-10 binary file. ${whatToPass}`,
    );
  }
  return { label, pixels: bytes.subarray(1) };
}
