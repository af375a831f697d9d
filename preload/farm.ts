/** The part of the contract about other computers that score and measure: where they are, and what they do. */
import { z } from 'zod';
import { engineWishSchema, precisionWishSchema } from '../main/common/engines.ts';
import { farmNewsSchema, farmStatusSchema } from '../main/common/farm.ts';
import { errorReportSchema } from '../main/common/report.ts';

/** How a search uses the farm. */
export const farmChoice = z.strictObject({
  /** This computer only searches. */
  only: z.boolean(),
  /** Workers with other engines score as well. */
  any: z.boolean(),
});
export type FarmChoice = z.infer<typeof farmChoice>;

export const farmView = z.object({
  /** Null where none was named. */
  url: z.string().nullable(),
  insecure: z.boolean(),
  caFile: z.string().nullable(),
  /** Where the password comes from; the page never sees it. */
  password: z.enum(['none', 'kept', 'environment']),
  /** Why this computer cannot keep a password; null where it can. */
  keeping: errorReportSchema.nullable(),
  state: z.enum(['off', 'connecting', 'connected', 'failed']),
  /** Why there is no look at it. */
  error: errorReportSchema.nullable(),
  /** The last look, which may be some seconds old. */
  status: farmStatusSchema.nullable(),
  /** What keeps the connection from its next look; null while all is well. */
  trouble: z.string().nullable(),
  /** Of the search of this window that uses it; null where none does. */
  news: farmNewsSchema.nullable(),
  notes: z.array(z.string()).readonly(),
});
export type FarmView = z.infer<typeof farmView>;

const none = z.tuple([]);
const nothing = z.null();

export const farmMethods = {
  /** @param watched somebody is looking: the connection is kept, and looks are taken every two seconds */
  'farm.view': { args: z.tuple([z.strictObject({ watched: z.boolean() })]), result: farmView },
  /**
   * Names the farm. A password is sealed by the system and kept; null keeps the one there is, '' forgets it.
   * Throws what `farmAddress` throws, `farm-password-unsafe`.
   */
  'farm.connect': {
    args: z.tuple([
      z.strictObject({
        url: z.string().max(2000),
        insecure: z.boolean(),
        password: z.string().max(4096).nullable(),
      }),
    ]),
    result: nothing,
  },
  /** Asks the person for the certificate of who signed the farm's; false when they cancel. */
  'farm.chooseCa': { args: none, result: z.boolean() },
  /** Goes back to what the system trusts. */
  'farm.forgetCa': { args: none, result: nothing },
  /** Forgets address and password. */
  'farm.forget': { args: none, result: nothing },
  'farm.drain': {
    args: z.tuple([z.strictObject({ worker: z.string().max(80), drain: z.boolean() })]),
    result: nothing,
  },
  /** Places for a search that is scored so: of workers that fit, and of this computer. */
  'farm.places': {
    args: z.tuple([
      z.strictObject({
        engine: engineWishSchema,
        precision: precisionWishSchema,
        ...farmChoice.shape,
      }),
    ]),
    result: z.object({
      workers: z.number(),
      others: z.number(),
      own: z.number(),
      unfit: z.array(z.object({ worker: z.string(), why: z.string() })).readonly(),
    }),
  },
} as const;
export type FarmPlaces = z.infer<(typeof farmMethods)['farm.places']['result']>;

export const farmEvents = {
  /** Something about the farm changed; the page asks again. */
  'farm.changed': z.object({}),
} as const;
