/** Errors and warnings as they pass between processes and are stored in files. */
import { z } from 'zod';

export const errorReportSchema = z.object({
  /** Stable, kebab-case, one per cause: scripts branch on it. */
  code: z.string(),
  /** A plain sentence that says what happened, naming the file, node or value at fault. */
  message: z.string(),
  /** What to do next. */
  hint: z.string(),
});
export type ErrorReport = Readonly<z.infer<typeof errorReportSchema>>;

/** What a person should know about a result that is still valid. */
export const warningSchema = z.object({
  /** Stable, kebab-case, one per cause: scripts branch on it. */
  code: z.string(),
  /** A plain sentence. */
  message: z.string(),
  /** What to do, where it matters. */
  hint: z.string(),
  /** How many images, layers or classes it is about. */
  count: z.number(),
  /** The first of them, in words: files, layers. */
  examples: z.array(z.string()).readonly(),
});
export type Warning = Readonly<z.infer<typeof warningSchema>>;
