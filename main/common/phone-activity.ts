/** What one phone of a search is doing, as shown to people. */
import { z } from 'zod';
import { phoneConditionsSchema } from './phone-conditions.ts';

export const phoneActivitySchema = z.object({
  /** The phone's name in adb. */
  serial: z.string(),
  model: z.string().nullable(),
  state: z.enum(['idle', 'starting', 'measuring', 'waiting', 'away']),
  /** What it is waiting for, and what a person can do; null while it works. */
  message: z.string().nullable(),
  hint: z.string().nullable(),
  /** How long it has been waiting, and the limit; null while it works. */
  waitedMs: z.number().nullable(),
  limitMs: z.number().nullable(),
  /** Candidates waiting in the queue that all phones share. */
  queued: z.number(),
  /** Candidates measured in this session. */
  measured: z.number(),
  failed: z.number(),
  /** Median latency of the last candidate. */
  lastMs: z.number().nullable(),
  /** Median latencies of the last candidates, at most `mostRecent`, newest last. */
  recentMs: z.array(z.number()).readonly(),
  /** As last read, before or after a repeat or while it was waiting. */
  conditions: phoneConditionsSchema.nullable(),
});
export type PhoneActivity = Readonly<z.infer<typeof phoneActivitySchema>>;

/** The number of medians that a small chart can show. */
export const mostRecent = 60;
