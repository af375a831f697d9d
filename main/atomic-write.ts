/** Files that are there whole or not at all: written beside their place, then renamed into it. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { WorkbenchError } from './errors.ts';

export interface NamedFile {
  /** File name without folder. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Replaces what lies at the path. Throws `folder-not-writable`, `disk-full`. */
export async function writeFileAtomically(file: string, bytes: Uint8Array): Promise<void> {
  const folder = path.dirname(file);
  await writeFilesAtomically(folder, [{ name: path.basename(file), bytes }]);
}

/**
 * Writes all files or none: every one is complete on the disk before the first gets its name.
 * The folder must exist. Throws `folder-not-writable`, `disk-full`.
 */
export async function writeFilesAtomically(
  folder: string,
  files: readonly NamedFile[],
): Promise<void> {
  const planned = files.map(({ name, bytes }) => ({ bytes, ...placesOf(folder, name) }));
  try {
    for (const { temporary, bytes } of planned) await writeThrough(temporary, bytes);
    for (const { temporary, final } of planned) await rename(temporary, final);
  } catch (cause) {
    await Promise.all(
      planned.map(({ temporary }) => rm(temporary, { force: true }).catch(() => undefined)),
    );
    // What the system says of a rename onto a folder depends on which one it is.
    for (const { final } of planned) if (await isFolder(final)) throw folderInPlace(final, cause);
    throw writeError(folder, cause);
  }
}

/**
 * `writeFileAtomically` for a small file, such as settings, without giving way to anything else, so that
 * two changes never cross. Throws the same.
 */
export function writeSmallFileAtomically(file: string, text: string): void {
  const folder = path.dirname(file);
  const { temporary, final } = placesOf(folder, path.basename(file));
  try {
    const handle = openSync(temporary, 'wx');
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, final);
  } catch (cause) {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // What kept the file from being written says more.
    }
    throw writeError(folder, cause);
  }
}

/** Where a file is written first, and where it is to be. */
function placesOf(folder: string, name: string) {
  const mark = randomBytes(4).toString('hex');
  return {
    final: path.join(folder, name),
    temporary: path.join(folder, `.${name}.${mark}.tmp`),
  };
}

async function writeThrough(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates a folder and those above it where they are missing. Throws as writing does. */
export async function ensureFolder(folder: string): Promise<void> {
  try {
    await makeFolder(path.resolve(folder));
  } catch (cause) {
    throw writeError(folder, cause);
  }
}

/** One by one: Node's own way never ends where a folder says that those above it are missing, as /proc does. */
async function makeFolder(folder: string): Promise<void> {
  const above = path.dirname(folder);
  if (await isFolder(folder)) return;
  if (above !== folder) await makeFolder(above);
  await mkdir(folder).catch(async (error: unknown) => {
    if (!(await isFolder(folder))) throw error; // another program may have been faster
  });
}

const isFolder = (folder: string): Promise<boolean> =>
  stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** What an error of the file system means to a person who wanted a file in a folder. */
export function writeError(folder: string, cause: unknown): unknown {
  const { code, dest } = cause as NodeJS.ErrnoException & { readonly dest?: string };
  switch (code) {
    case 'EISDIR':
      return folderInPlace(dest ?? folder, cause);
    case 'ENOSPC':
    case 'EDQUOT':
      return new WorkbenchError(
        'disk-full',
        `There is no space left to write into ${folder}.`,
        'Free some space or choose a folder on another disk, then try again.',
        { cause },
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'ENAMETOOLONG':
      return new WorkbenchError(
        'folder-not-writable',
        `Nothing can be written into ${folder}: ${reasons[code]}.`,
        'Choose another folder, or correct the path or the permissions.',
        { cause },
      );
    default:
      return cause;
  }
}

const folderInPlace = (folder: string, cause: unknown): WorkbenchError =>
  new WorkbenchError(
    'folder-not-writable',
    `Nothing can be written as ${path.resolve(folder)}: that is a folder.`,
    'Give the file another name.',
    { cause },
  );

const reasons = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'there is a file of that name, not a folder',
  ENAMETOOLONG: 'the name is too long',
};
