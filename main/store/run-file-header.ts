/** Reads what the first bytes of a file say, without opening it as a database. */
import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readSync,
  realpathSync,
  statSync,
  type Stats,
} from 'node:fs';
import path from 'node:path';
import {
  fileError,
  folderForARun,
  folderNotWritable,
  notARunFile,
  runFileMissing,
} from './store-errors.ts';
import { applicationId } from './schema.ts';

export interface RunFileHeader {
  /** Of the file without its write-ahead log. */
  readonly version: number;
  /** True while somebody writes the run, and after a writer was killed. */
  readonly writeAheadLog: boolean;
}

/**
 * Reads the header of a run file (sqlite.org/fileformat.html, section 1.3). Not for a run that this process has
 * open for writing: closing any descriptor of a file drops all locks that the process holds on it (POSIX),
 * SQLite's included.
 * @param purpose what the file is going to be opened for: refused here where permissions forbid it,   because a
 * SQLite connection that fails half-way keeps its locks until it is garbage collected
 * Throws `run-file-missing`, `not-a-run-file`, `folder-not-writable`.
 */
export function readHeader(file: string, purpose: 'read' | 'write'): RunFileHeader {
  const stats = statsOf(file);
  if (stats === undefined) throw runFileMissing(file);
  if (stats.isDirectory()) throw folderForARun(file);
  if (!stats.isFile()) throw notARunFile(file);
  const header = Buffer.alloc(100);
  let bytes: number;
  try {
    if (purpose === 'write') accessSync(path.dirname(realpathSync(file)), constants.W_OK);
    const descriptor = openSync(file, purpose === 'read' ? 'r' : 'r+');
    try {
      bytes = readSync(descriptor, header);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw folderNotWritable(file, error);
  }
  const magic = header.toString('latin1', 0, 16);
  const isRun = magic === 'SQLite format 3\0' && header.readInt32BE(68) === applicationId;
  if (bytes < 100 || !isRun) throw notARunFile(file);
  return { version: header.readInt32BE(60), writeAheadLog: header[18] === 2 };
}

/** Undefined where there is no such file. Throws `folder-not-writable` where access is denied. */
export function statsOf(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    throw fileError(error, file);
  }
}

/** The path of a file with links resolved. Throws `run-file-missing`, `folder-not-writable`. */
export function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch (error) {
    throw fileError(error, file);
  }
}
