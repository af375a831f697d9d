/** The part of the contract that tells what the phones of a search do while it runs. */
import { z } from 'zod';
import { phoneConditions } from './phone-conditions.ts';

const run = z.string().min(1).max(200);

/** One phone that measures; main/phone/pool/activity.ts holds the meaning. */
export const phoneActivity = z.object({
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
  /** Medians of the last candidates, at most sixty, the newest last. */
  recentMs: z.array(z.number()).readonly(),
  /** As read last, before or after a repeat or while it waited. */
  conditions: phoneConditions.nullable(),
});
export type PhoneActivity = z.infer<typeof phoneActivity>;

export const phoneActivityMethods = {
  /** What the phones of a running search do; empty for every other run. */
  'search.phones': {
    args: z.tuple([z.strictObject({ run })]),
    result: z.array(phoneActivity).readonly(),
  },
} as const;

export const phoneActivityEvents = {
  /** A phone of the search does something else, or did another candidate; the page asks again. */
  'search.phonesChanged': z.object({ run }),
} as const;
