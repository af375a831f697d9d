/** The part of the contract about what the phones of a search are doing while it runs. */
import { z } from 'zod';
import { phoneActivitySchema } from '../main/common/phone-activity.ts';

const run = z.string().min(1).max(200);

export const phoneActivityMethods = {
  /** What the phones of a running search are doing; empty for every other run. */
  'search.phones': {
    args: z.tuple([z.strictObject({ run })]),
    result: z.array(phoneActivitySchema).readonly(),
  },
} as const;

export const phoneActivityEvents = {
  /** A phone of the search is doing something else, or has finished another candidate; the page asks again. */
  'search.phonesChanged': z.object({ run }),
} as const;
