/** The part of the contract about files and text for other programs; contract.ts merges it. */
import { z } from 'zod';
import { candidateId, runId } from './identifiers.ts';

export const savedKinds = ['svg', 'png', 'csv', 'json', 'txt'] as const;
export type SavedKind = (typeof savedKinds)[number];

/** More than any chart or table of the window comes to. */
const mostBytes = 512 * 2 ** 20;

/** Null when the person cancels. */
const saved = z.object({ file: z.string() }).nullable();

const someCandidates = {
  run: runId,
  /** In this order; null for all, and networks scored outside the search. */
  ids: z.array(candidateId).max(1_000_000).nullable(),
};

export const savingMethods = {
  /** Asks where to, and writes what the page made. */
  'files.save': {
    args: z.tuple([
      z.strictObject({
        /** Suggested, without an ending. */
        name: z.string().min(1).max(300),
        kind: z.enum(savedKinds),
        content: z.union([
          z.string().max(mostBytes),
          z.instanceof(Uint8Array).refine((bytes) => bytes.byteLength <= mostBytes),
        ]),
      }),
    ]),
    result: saved,
  },
  /** Asks where to, and writes candidates as `zico candidates` does. */
  'runs.saveCandidates': {
    args: z.tuple([z.strictObject({ ...someCandidates, format: z.enum(['csv', 'json']) })]),
    result: saved,
  },
  /** The same as text, for the clipboard. */
  'runs.candidatesText': {
    args: z.tuple([
      z.strictObject({ ...someCandidates, format: z.enum(['csv', 'json', 'tabbed']) }),
    ]),
    result: z.string(),
  },
} as const;
