/**
 * Digests of rows. They reveal a row that a disk, a copy or a slip has changed. They are no protection
 * against forgery: anybody can compute them.
 */
import { hash } from 'node:crypto';
import type { Column, Cover, Raw } from './column.ts';

/** Digests are whole numbers below this: SQLite and JavaScript both hold them exactly. */
export const digestLimit = 2 ** 48;

/**
 * Of the columns that `cover` covers. What is null is left out, so that a column which a later version adds
 * changes the digest of no row that lacks it.
 */
export function digestOf(columns: readonly Column[], cover: Cover, row: Raw): number {
  let text = '';
  for (const column of columns) {
    const value = row[column.name];
    if (column.cover !== cover || value === null || value === undefined) continue;
    // The length keeps apart what would read the same side by side.
    text += typeof value === 'number' ? `${column.name}#${value};` : tagged(column.name, value);
  }
  return Number.parseInt(hash('sha256', text).slice(0, 12), 16);
}

const tagged = (name: string, value: string): string => `${name}$${value.length}:${value};`;

/** Digests added up: the sum does not depend on the order, and changes with any row that comes or goes. */
export function sumOfDigests(sum: number, digest: number): number {
  return (sum + digest) % digestLimit;
}
