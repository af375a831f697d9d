/** Ranges of whole numbers that are entered in more than one place: settings, options, forms, contract, files. */
import { z } from 'zod';
import { integer } from './figures.ts';

export interface WholeRange {
  readonly from: number;
  readonly to: number;
}

/** Seeds of random numbers. */
export const seedRange: WholeRange = { from: 0, to: 0xffff_ffff };
/** Number of batches; at least two, since a score divides by the spread between batches. */
export const batchesRange: WholeRange = { from: 2, to: 64 };
/** Images in a batch. */
export const batchSizeRange: WholeRange = { from: 1, to: 4096 };
/** Scoring processes, and threads of an engine. */
export const workersRange: WholeRange = { from: 1, to: 256 };
/** Pixels along a side of an image. */
export const imageSizeRange: WholeRange = { from: 1, to: 99_999 };
/** TCP ports. */
export const portRange: WholeRange = { from: 1, to: 65_535 };

export function wholeIn({ from, to }: WholeRange): z.ZodNumber {
  return z.number().int().min(from).max(to);
}

/** The number that a person typed in digits; null if it is not a whole number within the range. */
export function typedWhole(text: string, { from, to }: WholeRange): number | null {
  const value = /^\s*\d+\s*$/.test(text) ? Number(text) : NaN;
  return value >= from && value <= to ? value : null;
}

/** The message at a field with anything else typed in. */
export function wholeNumberFault({ from, to }: WholeRange): string {
  return `A whole number from ${integer(from)} to ${integer(to)}.`;
}

/** Height and width as people write them, `224` or `512x1024`; null where it is neither. */
export function typedSize(text: string): readonly [number, number] | null {
  const match = /^\s*([1-9]\d{0,4})(?:\s*[x×]\s*([1-9]\d{0,4}))?\s*$/.exec(text);
  return match ? [Number(match[1]), Number(match[2] ?? match[1])] : null;
}
