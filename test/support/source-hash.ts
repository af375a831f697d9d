/** Hash of sources, to notice that somebody changed them. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Of the files below a folder whose path matches, with "/" between folders; sorted. */
export function sourcesBelow(folder: string, matching: RegExp): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => matching.test(file))
    .sort((a, b) => (a < b ? -1 : 1));
}

/** Line ends do not count: a checkout may change them. */
export function hashOf(folder: string, files: readonly string[]): string {
  const sum = createHash('sha256');
  for (const file of files) {
    const text = readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n');
    sum.update(`${file}\0${text}\0`);
  }
  return sum.digest('hex');
}
