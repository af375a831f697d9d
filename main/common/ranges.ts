/** Ranges of whole numbers that are asked for in more than one place: settings, options, forms, contract, files. */
import { z } from 'zod';
import { integer } from './figures.ts';

export interface WholeRange {
  readonly from: number;
  readonly to: number;
}

/** Of everything random. */
export const seedRange: WholeRange = { from: 0, to: 0xffff_ffff };
/** Two at least: a score divides by the spread between batches. */
export const batchesRange: WholeRange = { from: 2, to: 64 };
/** Images in a batch. */
export const batchSizeRange: WholeRange = { from: 1, to: 4096 };
/** Scoring processes, and threads of an engine. */
export const workersRange: WholeRange = { from: 1, to: 256 };
/** TCP ports. */
export const portRange: WholeRange = { from: 1, to: 65_535 };

export function wholeIn({ from, to }: WholeRange): z.ZodNumber {
  return z.number().int().min(from).max(to);
}

/** What a person typed, in digits; null where it is no whole number of the range. */
export function typedWhole(text: string, { from, to }: WholeRange): number | null {
  const value = /^\s*\d+\s*$/.test(text) ? Number(text) : NaN;
  return value >= from && value <= to ? value : null;
}

/** The message at a field where something else was typed. */
export function wholeNumberFault({ from, to }: WholeRange): string {
  return `A whole number from ${integer(from)} to ${integer(to)}.`;
}
