/**
 * Digests of rows. They reveal rows that were changed by a disk, a copy or a mistake. They do not protect
 * against forgery: anybody can compute them.
 */
import { hash } from 'node:crypto';
import type { Column, Cover, Raw } from './column.ts';

/** Digests are whole numbers below this: SQLite and JavaScript both hold them exactly. */
export const digestLimit = 2 ** 48;

/**
 * Of the columns that `cover` covers. Null is left out, so that a column added by a later version does not
 * change the digest of any row without it.
 */
export function digestOf(columns: readonly Column[], cover: Cover, row: Raw): number {
  let text = '';
  for (const name of coveredBy(columns, cover)) {
    const value = row[name];
    if (value === null || value === undefined) continue;
    // The length distinguishes values that would look the same when joined.
    text += typeof value === 'number' ? `${name}#${value};` : tagged(name, value);
  }
  return Number.parseInt(hash('sha256', text).slice(0, 12), 16);
}

/** Looked for once for each table: lists of thousands of rows are checked. */
const covered = new WeakMap<readonly Column[], Map<Cover, readonly string[]>>();

function coveredBy(columns: readonly Column[], cover: Cover): readonly string[] {
  let known = covered.get(columns);
  if (known === undefined) covered.set(columns, (known = new Map<Cover, readonly string[]>()));
  let names = known.get(cover);
  if (names === undefined) {
    names = columns.filter((column) => column.cover === cover).map(({ name }) => name);
    known.set(cover, names);
  }
  return names;
}

const tagged = (name: string, value: string): string => `${name}$${value.length}:${value};`;

/** The sum of digests: it does not depend on the order, and changes with any row that is added or removed. */
export function sumOfDigests(sum: number, digest: number): number {
  return (sum + digest) % digestLimit;
}

/** The sum once a row was replaced. */
export function sumAfterReplacing(sum: number, former: number, digest: number): number {
  return sumOfDigests(sum, digest - former + digestLimit);
}
