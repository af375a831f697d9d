/** Names of classes that a person put beside the data, one a line. */
import path from 'node:path';
import { readRegular } from '../../regular-file.ts';

/** A list of class names is a few kilobytes. */
const mostBytes = 2 ** 24;

const fileNames = ['classes.txt', 'class_names.txt', 'labels.txt', 'names.txt', 'codes.txt'];

/** The names in the first such file of the folders, or null. */
export async function namesBeside(folders: readonly string[]): Promise<readonly string[] | null> {
  for (const folder of folders) {
    for (const name of fileNames) {
      const bytes = await readRegular(path.join(folder, name), mostBytes).catch(() => null);
      const text = bytes?.toString('utf8');
      const names = text
        ?.split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== '');
      if (names && names.length > 0) return names;
    }
  }
  return null;
}
