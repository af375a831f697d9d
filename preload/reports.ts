/** What went wrong, as it crosses from the main side. */
import { z } from 'zod';

export const errorReportSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
});
export type ErrorReport = z.infer<typeof errorReportSchema>;
