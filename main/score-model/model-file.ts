/** An ONNX model in a file, with the weights that may lie beside it. Never reads outside the model's folder. */
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { WorkbenchError } from '../errors.ts';
import { readInputFile } from '../files.ts';
import type { Graph } from '../graph/graph.ts';
import { readOnnx, type ReadOptions } from '../graph/onnx/read.ts';
import type { ExternalData } from '../graph/onnx/tensor.ts';

/**
 * Throws what `readOnnx` throws, `file-not-found`, `file-not-readable`, and for weights in another file
 * `external-data-outside`, `external-data-missing`, `external-data-too-short`.
 */
export async function readModelFile(
  file: string,
  options: Omit<ReadOptions, 'external'> = {},
): Promise<Graph> {
  const bytes = await readInputFile(file);
  return readOnnx(bytes, file, { ...options, external: externalDataBeside(file) });
}

/** Reads weights of the model `file` from files in its folder or below. */
export function externalDataBeside(file: string): ExternalData {
  return (location, offset, length) => {
    const found = fileInside(file, location);
    // Non-blocking: a pipe beside the model would otherwise wait for somebody to write into it.
    const descriptor = openSync(found, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const info = fstatSync(descriptor);
      if (!info.isFile()) throw missing(file, location, 'is no file');
      const wanted = length ?? info.size - offset;
      const whole = [offset, wanted].every((value) => Number.isSafeInteger(value) && value >= 0);
      if (!whole || offset + wanted > info.size) {
        throw new WorkbenchError(
          'external-data-too-short',
          `${file} has weights in ${location} from byte ${offset} on${length === null ? '' : `, ${length} bytes`}, but that file has ${info.size} bytes.`,
          'Copy the file with the weights again, whole, or save the model as one file.',
        );
      }
      const bytes = new Uint8Array(wanted);
      for (let done = 0; done < wanted;) {
        const read = readSync(descriptor, bytes, done, wanted - done, offset + done);
        if (read === 0) throw missing(file, location, 'became shorter while it was read');
        done += read;
      }
      return bytes;
    } finally {
      closeSync(descriptor);
    }
  };
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
    'Keep the weights beside the model, or save the model as one file.',
  );
}

function missing(file: string, location: string, what: string): WorkbenchError {
  return new WorkbenchError(
    'external-data-missing',
    `${file} has weights in "${location}", which ${what}.`,
    'Copy that file beside the model, or save the model as one file.',
  );
}
