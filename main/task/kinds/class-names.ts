/** Names of classes that a person put next to the data, one per line. */
import path from 'node:path';
import { readRegular } from '../../regular-file.ts';

/** A list of class names takes a few kilobytes. */
const mostBytes = 2 ** 24;

const fileNames = [
  ...['classes.txt', 'class_names.txt', 'labels.txt', 'names.txt', 'codes.txt'],
  ...['obj.names', 'classes.names', 'voc.names', 'coco.names'],
];
/** Roboflow's list next to masks: "Pixel Value, Class", then one line per class. */
const pixelValues = '_classes.csv';

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
    const bytes = await readRegular(path.join(folder, pixelValues), mostBytes).catch(() => null);
    const names = bytes && namesOfPixels(bytes.toString('utf8'));
    if (names && names.length > 0) return names;
  }
  return null;
}

/** Null where the file is some other list of the same name. */
function namesOfPixels(text: string): readonly string[] | null {
  const [head = '', ...lines] = text.replace(/^\ufeff/, '').split(/\r?\n/);
  if (!/^\s*pixel value\s*,/i.test(head)) return null;
  const names: string[] = [];
  for (const line of lines) {
    const [, id, name] = /^\s*(\d{1,3})\s*,\s*(.*\S)\s*$/.exec(line) ?? [];
    if (id !== undefined && name !== undefined) names[Number(id)] = name;
  }
  return Array.from(names, (name: string | undefined, i) => name ?? `class ${i}`);
}
