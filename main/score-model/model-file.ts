/** An ONNX model in a file, with the weights that may lie beside it. Never reads outside the model's folder. */
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { totalmem } from 'node:os';
import path from 'node:path';
import { WorkbenchError } from '../errors.ts';
import { readInputFile } from '../files.ts';
import type { Graph } from '../graph/graph.ts';
import { readOnnx, type ReadOptions } from '../graph/onnx/read.ts';
import { readReadableOutputs } from '../graph/onnx/readable-outputs.ts';
import type { ExternalData } from '../graph/onnx/tensor.ts';

/**
 * The scoring process, which may use 60 % of this computer's memory, holds weights and their gradients together; and
 * they reach it in one message of less than 2 GiB.
 */
const mostWeightBytes = Math.min(0.3 * totalmem(), 1.75 * 2 ** 30);

export interface ModelFileOptions extends Omit<ReadOptions, 'external'> {
  /** Of several outputs only those that can be read, where that is not all of them. */
  readonly readableOutputs?: boolean;
}

/**
 * Throws what `readOnnx` throws, `file-not-found`, `file-not-readable`, and for weights in another file
 * `external-data-outside`, `external-data-missing`, `external-data-too-short`,
 * `model-too-large`.
 */
export async function readModelFile(
  file: string,
  { readableOutputs = false, ...options }: ModelFileOptions = {},
): Promise<Graph> {
  const bytes = await readInputFile(file);
  const read = readableOutputs ? readReadableOutputs : readOnnx;
  const graph = read(bytes, file, { ...options, external: externalDataBeside(file) });
  let together = 0;
  for (const { values } of graph.initializers.values()) {
    if (values.kind === 'data') together += values.data.byteLength;
  }
  if (together > mostWeightBytes) throw tooLarge(file, together, mostWeightBytes);
  return graph;
}

/** The system reads less than 2 GiB in a single call. */
const mostAtOnce = 2 ** 30;

/**
 * Reads weights of the model `file` from files in its folder or below.
 * @param most bytes that all of them together may have, in memory
 */
export function externalDataBeside(file: string, most = mostWeightBytes): ExternalData {
  let together = 0;
  return (location, offset, length) => {
    const found = fileInside(file, location);
    // Non-blocking: a pipe beside the model would otherwise wait for somebody to write into it.
    const descriptor = openSync(found, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const info = fstatSync(descriptor);
      if (!info.isFile()) throw missing(file, location, 'is not a file');
      const whole = Number.isSafeInteger(offset) && offset >= 0;
      if (!whole || offset + length > info.size) {
        throw new WorkbenchError(
          'external-data-too-short',
          `${file} has weights in ${location} from byte ${offset} on, ${length} bytes, but that file has ${info.size} bytes.`,
          'Copy the file with the weights again, whole, or save the model as one file.',
        );
      }
      together += length;
      if (together > most) throw tooLarge(file, together, most);
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length;) {
        const piece = Math.min(length - done, mostAtOnce);
        const read = readSync(descriptor, bytes, done, piece, offset + done);
        if (read === 0) throw missing(file, location, 'became shorter while it was read');
        done += read;
      }
      return bytes;
    } finally {
      closeSync(descriptor);
    }
  };
}

function tooLarge(file: string, bytes: number, most: number): WorkbenchError {
  const mebibytes = (count: number) => Math.floor(count / 2 ** 20);
  return new WorkbenchError(
    'model-too-large',
    `${file} has weights of at least ${mebibytes(bytes)} MiB; up to ${mebibytes(most)} MiB can be scored here.`,
    'Score a smaller model.',
  );
}

/** The real path of a location that lies in the model's folder, also after following links. */
function fileInside(file: string, location: string): string {
  const folder = path.dirname(path.resolve(file));
  const plain =
    !location.includes('\0') && !path.isAbsolute(location) && !path.win32.isAbsolute(location);
  const wanted = path.resolve(folder, location);
  if (!plain || !isInside(folder, wanted)) throw outside(file, location);
  try {
    const real = realpathSync(wanted);
    if (isInside(realpathSync(folder), real)) return real;
  } catch {
    throw missing(file, location, 'cannot be found');
  }
  throw outside(file, location);
}

function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative);
}

function outside(file: string, location: string): WorkbenchError {
  return new WorkbenchError(
    'external-data-outside',
    `${file} has weights in "${location}", which is not in the model's folder. It was not read.`,
    'Keep the weights next to the model, or save the model as one file.',
  );
}

function missing(file: string, location: string, what: string): WorkbenchError {
  return new WorkbenchError(
    'external-data-missing',
    `${file} has weights in "${location}", which ${what}.`,
    'Copy that file next to the model, or save the model as one file.',
  );
}
