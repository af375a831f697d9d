/** The guide's pictures: what each shows, and whether the window still looks like that. */
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');
export const picturesFolder = path.join(root, 'docs/guide/pictures');
/** For each picture the digest of what it showed when it was taken. */
export const takenFile = path.join(picturesFolder, 'taken.json');

/** Name of a picture -> the rooms of the window (renderer/) that it shows. */
export const pictures = {
  'new-search': ['search/form'],
  'search-begins': ['search', 'choosing'],
  'search-goes-on': ['search', 'choosing'],
  search: ['search', 'choosing'],
  candidate: ['candidate'],
  trained: ['candidate'],
  compare: ['choosing'],
  export: ['candidate/export'],
  phones: ['phones'],
  'search-on-phone': ['search', 'choosing', 'phones'],
  'space-editor': ['spaces'],
  'score-a-model': ['score'],
  benchmarks: ['benchmarks'],
} as const satisfies Record<string, readonly string[]>;

export type PictureName = keyof typeof pictures;

export function isPicture(name: string): name is PictureName {
  return Object.hasOwn(pictures, name);
}

/** What is seen: components, their words and styles. How they come by their figures is not. */
const seen = ['**/*.svelte', '**/*text.ts'];

/** @returns a digest of the sources whose result a picture shows; line ends do not count */
export function digestOf(name: PictureName): string {
  const patterns = [
    'renderer/styles/*.css',
    ...pictures[name].flatMap((room) => seen.map((pattern) => `renderer/${room}/${pattern}`)),
  ];
  const files = globSync(patterns, { cwd: root }).sort();
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(`${file.replaceAll('\\', '/')}\n`);
    hash.update(readFileSync(path.join(root, file), 'utf8').replaceAll('\r\n', '\n'));
  }
  return hash.digest('hex').slice(0, 16);
}
