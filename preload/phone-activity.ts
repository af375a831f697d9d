/** The part of the contract that tells what the phones of a search do while it runs. */
import { z } from 'zod';
import { phoneActivitySchema } from '../main/common/phone-activity.ts';

const run = z.string().min(1).max(200);

export const phoneActivityMethods = {
  /** What the phones of a running search do; empty for every other run. */
  'search.phones': {
    args: z.tuple([z.strictObject({ run })]),
    result: z.array(phoneActivitySchema).readonly(),
  },
} as const;

export const phoneActivityEvents = {
  /** A phone of the search does something else, or did another candidate; the page asks again. */
  'search.phonesChanged': z.object({ run }),
} as const;
