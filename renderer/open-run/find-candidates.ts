/** Finding candidates by what one types: their number, the name that somebody gave them, or their genotype. Pure. */
import { candidateName } from '../ground/words/format.ts';

export interface FoundIn {
  readonly length: number;
  readonly ids: Int32Array;
  genotypeOf(index: number): string;
}

/** Words that all have to occur; none where nothing is typed. */
export function wordsOf(term: string): string[] {
  return term
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** What is looked through of a candidate. */
export function writtenOf(
  candidates: FoundIn,
  index: number,
  nameOf: (id: number) => string,
): string {
  const id = candidates.ids[index]!;
  return `${candidateName(id)} ${nameOf(id)} ${candidates.genotypeOf(index)}`.toLowerCase();
}

/** 1 for each candidate in which every word occurs; null where nothing is looked for. */
export function foundMask(
  candidates: FoundIn,
  term: string,
  nameOf: (id: number) => string,
): Uint8Array | null {
  const words = wordsOf(term);
  if (words.length === 0) return null;
  const mask = new Uint8Array(candidates.length);
  for (let i = 0; i < candidates.length; i++) {
    const written = writtenOf(candidates, i, nameOf);
    mask[i] = words.every((word) => written.includes(word)) ? 1 : 0;
  }
  return mask;
}

/**
 * Indices of at most `most` candidates in which every word occurs: first the one whose number it is, then those with
 * a name, then the rest in the order in which they came.
 */
export function foundFirst(
  candidates: FoundIn,
  term: string,
  nameOf: (id: number) => string,
  most: number,
): number[] {
  const words = wordsOf(term);
  if (words.length === 0) return [];
  const [exact, named, rest]: [number[], number[], number[]] = [[], [], []];
  const wanted = words.join(' ');
  for (let i = 0; i < candidates.length; i++) {
    const id = candidates.ids[i]!;
    const written = writtenOf(candidates, i, nameOf);
    if (!words.every((word) => written.includes(word))) continue;
    if (wanted === candidateName(id) || wanted === String(id)) exact.push(i);
    else if (nameOf(id) !== '') named.push(i);
    else if (rest.length < most) rest.push(i);
  }
  return [...exact, ...named, ...rest].slice(0, most);
}
