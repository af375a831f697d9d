/** What one phone of a search does, for people to see. */
import { z } from 'zod';
import { phoneConditionsSchema } from './phone-conditions.ts';

export const phoneActivitySchema = z.object({
  /** As adb names it. */
  serial: z.string(),
  model: z.string().nullable(),
  state: z.enum(['idle', 'starting', 'measuring', 'waiting', 'away']),
  /** What it waits for, and what a person can do; null while it works. */
  message: z.string().nullable(),
  hint: z.string().nullable(),
  /** How long it has waited, and the limit; null while it works. */
  waitedMs: z.number().nullable(),
  limitMs: z.number().nullable(),
  /** Candidates that wait, in the one queue of all phones. */
  queued: z.number(),
  /** Candidates of this session. */
  measured: z.number(),
  failed: z.number(),
  /** Median of the last candidate. */
  lastMs: z.number().nullable(),
  /** Medians of the last candidates, at most `mostRecent`, the newest last. */
  recentMs: z.array(z.number()).readonly(),
  /** As read last, before or after a repeat or while it waited. */
  conditions: phoneConditionsSchema.nullable(),
});
export type PhoneActivity = Readonly<z.infer<typeof phoneActivitySchema>>;

/** As many medians as a small chart shows. */
export const mostRecent = 60;
