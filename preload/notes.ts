/** What a person notes about a run and its candidates; it is kept in the run file. */
import { z } from 'zod';

/** Characters of a note: enough for a page, little enough for every list. */
export const longestNote = 4000;

const run = z.string().min(1).max(200);
const candidate = z.number().int().positive();

const mark = z.strictObject({
  candidate,
  starred: z.boolean(),
  /** Empty where there is none. */
  note: z.string().max(longestNote),
});
export type Mark = z.infer<typeof mark>;

export const noteMethods = {
  /** Candidates with a star or a note. */
  'runs.marks': { args: z.tuple([z.strictObject({ run })]), result: z.array(mark) },
  /** Replaces what was noted about a candidate; answers all marks of the run. */
  'runs.mark': { args: z.tuple([z.strictObject({ run, mark })]), result: z.array(mark) },
  'runs.tag': {
    args: z.tuple([z.strictObject({ run, tags: z.array(z.string().min(1).max(40)).max(20) })]),
    result: z.null(),
  },
  /** Moves the run's file to the system's trash; false where the person keeps it after all. */
  'runs.trash': { args: z.tuple([z.strictObject({ run })]), result: z.boolean() },
} as const;
