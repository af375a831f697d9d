/** Names of classes that a person put beside the data, one a line. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const fileNames = ['classes.txt', 'class_names.txt', 'labels.txt', 'names.txt', 'codes.txt'];

/** The names in the first such file of the folders, or null. */
export async function namesBeside(folders: readonly string[]): Promise<readonly string[] | null> {
  for (const folder of folders) {
    for (const name of fileNames) {
      const text = await readFile(path.join(folder, name), 'utf8').catch(() => null);
      const names = text
        ?.split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== '');
      if (names && names.length > 0) return names;
    }
  }
  return null;
}
