/** What went wrong or deserves a look, as it crosses from the main side. */
import { z } from 'zod';

export const errorReportSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
});
export type ErrorReport = z.infer<typeof errorReportSchema>;

/** What a person should know about a result that is still valid. */
export const warningRow = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  /** How many images, layers or classes it is about. */
  count: z.number(),
  /** The first of them. */
  examples: z.array(z.string()),
});
export type WarningRow = z.infer<typeof warningRow>;
