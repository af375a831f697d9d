/** The measurements behind a phone's latency, as known to both sides of the bridge. */
import { z } from 'zod';
import { phoneConditionsSchema, requeueReasons } from './phone-conditions.ts';

export const requeueReasonSchema = z.enum(requeueReasons);

/** One start of the runner. No measurement is ever dropped: `discarded` marks those that do not count. */
export const phoneRepeatSchema = z.object({
  /** Every run, in order. Some runners print only one average. */
  latenciesMs: z.array(z.number()).readonly(),
  before: phoneConditionsSchema,
  after: phoneConditionsSchema,
  /** As the runner itself read them around the timed runs; empty if it does not report them. */
  coreKHzBefore: z.array(z.number().nullable()).readonly(),
  coreKHzAfter: z.array(z.number().nullable()).readonly(),
  /** Null if it counts. */
  discarded: requeueReasonSchema.nullable(),
});
export type PhoneRepeat = Readonly<z.infer<typeof phoneRepeatSchema>>;

export const driftSchema = z.object({
  /** Reference latency at the session's start divided by the one around this model; below 1 if the phone slowed down. */
  factor: z.number(),
  /** The raw median times the factor: shown beside the raw figure, never instead of it. */
  correctedMs: z.number(),
  /** Medians of the reference model: at the start of the session, before and after this model. */
  referenceMs: z.tuple([z.number(), z.number(), z.number()]).readonly(),
});
export type Drift = Readonly<z.infer<typeof driftSchema>>;
