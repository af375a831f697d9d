/** Files that a person names: read whole, with errors that say what is wrong with the file. */
import { readFile } from 'node:fs/promises';
import { WorkbenchError } from './errors.ts';

/** Throws `file-not-found`, `file-not-readable`. */
export async function readInputFile(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const missing = ['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '');
    if (missing) {
      throw new WorkbenchError('file-not-found', `There is no file ${file}.`, 'Check the path.', {
        cause,
      });
    }
    if ((cause as NodeJS.ErrnoException).code === 'EISDIR') {
      throw new WorkbenchError(
        'file-not-readable',
        `${file} is a folder, not a file.`,
        'Name a file in it.',
        { cause },
      );
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WorkbenchError(
      'file-not-readable',
      `${file} cannot be read: ${reason}.`,
      'Check that it is a file and that you may read it.',
      { cause },
    );
  }
}
