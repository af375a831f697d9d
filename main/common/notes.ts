/** What a person notes about a run and its candidates; it is kept in the run file. */
import { z } from 'zod';

/** Characters of a note: enough for a page, little enough for every list. */
export const longestNote = 4000;

/** Tags of a run, and characters of one. */
export const mostTags = 20;
export const longestTag = 40;

export const markSchema = z.strictObject({
  candidate: z.number().int().positive(),
  starred: z.boolean(),
  /** Empty where there is none. */
  note: z.string().max(longestNote),
});
