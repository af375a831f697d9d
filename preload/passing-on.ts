/** The part of the contract about files that are made of a run to be passed on. */
import { z } from 'zod';
import { runId } from './identifiers.ts';

/** Where a file was written, for display only; null if the person cancelled. */
const saved = z.object({ file: z.string() }).nullable();
const ofRun = z.tuple([z.strictObject({ run: runId })]);

export const passingOnMethods = {
  /** Asks where to, and writes a copy without marks and tags. */
  'runs.saveWithoutNotes': { args: ofRun, result: saved },
  /** Asks where to, and writes a page about the run: front, marks, settings, conditions. */
  'runs.saveReport': { args: ofRun, result: saved },
} as const;
