/** What a person notes about a run and its candidates; it is kept in the run file. */
import { z } from 'zod';
import { longestTag, markSchema, mostTags } from '../main/common/notes.ts';

const run = z.string().min(1).max(200);

export type Mark = z.infer<typeof markSchema>;

export const noteMethods = {
  /** Candidates with a star or a note. */
  'runs.marks': { args: z.tuple([z.strictObject({ run })]), result: z.array(markSchema) },
  /** Replaces what was noted about a candidate; returns all marks of the run. */
  'runs.mark': {
    args: z.tuple([z.strictObject({ run, mark: markSchema })]),
    result: z.array(markSchema),
  },
  'runs.tag': {
    args: z.tuple([
      z.strictObject({ run, tags: z.array(z.string().min(1).max(longestTag)).max(mostTags) }),
    ]),
    result: z.null(),
  },
  /** Moves the run's file to the system's trash; false where the person decides to keep it. */
  'runs.trash': { args: z.tuple([z.strictObject({ run })]), result: z.boolean() },
} as const;
