/** The part of the contract about a person's notes on a run and its candidates, kept in the run file. */
import { z } from 'zod';
import { longestTag, markSchema, mostTags } from '../main/common/notes.ts';

const run = z.string().min(1).max(200);

export type Mark = z.infer<typeof markSchema>;

export const noteMethods = {
  /** Lists candidates with a star, a note or a name. */
  'runs.marks': { args: z.tuple([z.strictObject({ run })]), result: z.array(markSchema) },
  /** Replaces the notes on a candidate; returns all marks of the run. */
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
  /** Moves the run's file to the system's trash; false if the person decides to keep it. */
  'runs.trash': { args: z.tuple([z.strictObject({ run })]), result: z.boolean() },
} as const;
