/** The part of the contract about a person's notes on a run and its candidates, kept in the run file. */
import { z } from 'zod';
import { mostNameLength } from '../main/common/file-names.ts';
import { errorReportSchema } from '../main/common/report.ts';
import { longestTag, markSchema, mostTags } from '../main/common/notes.ts';

const run = z.string().min(1).max(200);
const runs = z.array(run).min(1).max(5000);

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
  /** Takes runs out of sight; a while later, unless that is undone, their files go to the system's trash. */
  'runs.trash': { args: z.tuple([z.strictObject({ runs })]), result: z.null() },
  /** Undoes it. Throws `already-trashed` after that while. */
  'runs.restore': { args: z.tuple([z.strictObject({ runs })]), result: z.null() },
  /** Gives the run's file another name, and the run with it. Returns the run's new identifier. */
  'runs.rename': {
    args: z.tuple([z.strictObject({ run, name: z.string().min(1).max(mostNameLength) })]),
    result: z.object({ run }),
  },
  /** Shows the run's file in the system's file manager. */
  'runs.reveal': { args: z.tuple([z.strictObject({ run })]), result: z.null() },
  /** Run files that were opened from outside of the runs folder, the latest first. */
  'runs.recent': {
    args: z.tuple([]),
    result: z.array(z.object({ run, name: z.string(), path: z.string() })),
  },
  /** Opens one of these. */
  'runs.openRecent': { args: z.tuple([z.strictObject({ run })]), result: z.object({ run }) },
} as const;

export const noteEvents = {
  /** Undoing is not offered any more: the files are in the trash, or still there because of an error. */
  'runs.trashPassed': z.object({
    runs: z.array(run),
    error: errorReportSchema.nullable(),
  }),
} as const;
