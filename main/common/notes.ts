/** A person's notes about a run and its candidates, kept in the run file. */
import { z } from 'zod';

/** Characters in a note: enough for a page, few enough for any list. */
export const longestNote = 4000;

/** Characters in a name that a person gives a candidate. */
export const longestGivenName = 60;

/** Number of tags of a run, and of characters in a tag. */
export const mostTags = 20;
export const longestTag = 40;

export const markSchema = z.strictObject({
  candidate: z.number().int().positive(),
  starred: z.boolean(),
  /** Empty if there is none. */
  note: z.string().max(longestNote),
  /** What the person calls it; empty if it has its number alone. */
  name: z.string().max(longestGivenName),
});
