/** A latency that a phone measured, with everything that was recorded of it; main/phone/measurement.ts holds the meaning. */
import { z } from 'zod';
import { phoneConditionsSchema, requeueReasons } from '../main/common/phone-conditions.ts';

const requeueReason = z.enum(requeueReasons);

const phoneRepeat = z.object({
  /** Every run in order. */
  latenciesMs: z.array(z.number()).readonly(),
  before: phoneConditionsSchema,
  after: phoneConditionsSchema,
  /** As the runner itself saw them around the timed runs; empty where it does not say. */
  coreKHzBefore: z.array(z.number().nullable()).readonly(),
  coreKHzAfter: z.array(z.number().nullable()).readonly(),
  /** Null where it counts. */
  discarded: requeueReason.nullable(),
});
export type PhoneRepeat = z.infer<typeof phoneRepeat>;

export const phoneLatency = z.object({
  serial: z.string(),
  model: z.string().nullable(),
  chip: z.string().nullable(),
  android: z.string().nullable(),
  /** 95 % bootstrap interval of the median: repeats drawn first, runs within them. */
  intervalMs: z.tuple([z.number(), z.number()]).readonly(),
  /** Why the figure never became steady; empty where it did. */
  unsteady: z.array(requeueReason).readonly(),
  /** Null where no reference model was measured. */
  drift: z
    .object({
      factor: z.number(),
      correctedMs: z.number(),
      /** Of the reference model: at the session's begin, before and after this model. */
      referenceMs: z.tuple([z.number(), z.number(), z.number()]).readonly(),
    })
    .nullable(),
  runner: z.object({
    name: z.string(),
    engine: z.string(),
    version: z.string(),
    precision: z.string(),
    provider: z.string().nullable(),
  }),
  threads: z.number(),
  warmUp: z.number(),
  /** Cores that were used, as Linux numbers them, and the highest frequency they can take. */
  cores: z.object({ cores: z.array(z.number()).readonly(), maxKHz: z.number() }),
  repeats: z.array(phoneRepeat).readonly(),
});
export type PhoneLatency = z.infer<typeof phoneLatency>;
