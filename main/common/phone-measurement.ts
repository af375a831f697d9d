/** What a phone's latency was made of, as far as both sides of the bridge know it. */
import { z } from 'zod';
import { phoneConditionsSchema, requeueReasons } from './phone-conditions.ts';

export const requeueReasonSchema = z.enum(requeueReasons);

/** One start of the runner. Nothing that was measured is ever dropped: `discarded` says what does not count. */
export const phoneRepeatSchema = z.object({
  /** Every run in order. Some runners print no more than one average. */
  latenciesMs: z.array(z.number()).readonly(),
  before: phoneConditionsSchema,
  after: phoneConditionsSchema,
  /** As the runner itself saw them around the timed runs; empty where it does not say. */
  coreKHzBefore: z.array(z.number().nullable()).readonly(),
  coreKHzAfter: z.array(z.number().nullable()).readonly(),
  /** Null where it counts. */
  discarded: requeueReasonSchema.nullable(),
});
export type PhoneRepeat = Readonly<z.infer<typeof phoneRepeatSchema>>;

export const driftSchema = z.object({
  /** Reference latency at the session's start, divided by that around this model: below 1 the phone had slowed down. */
  factor: z.number(),
  /** The raw median times the factor: shown beside the raw figure, never instead of it. */
  correctedMs: z.number(),
  /** Medians of the reference model: at the session's begin, before and after this model. */
  referenceMs: z.tuple([z.number(), z.number(), z.number()]).readonly(),
});
export type Drift = Readonly<z.infer<typeof driftSchema>>;
