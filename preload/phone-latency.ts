/** A latency measured on a phone, with everything that was recorded about it. */
import { z } from 'zod';
import {
  driftSchema,
  phoneRepeatSchema,
  requeueReasonSchema,
} from '../main/common/phone-measurement.ts';
import { placementSchema } from '../main/common/placement.ts';
import { coreClusterSchema, runnerIdentitySchema } from '../main/common/phones.ts';

export const phoneLatency = z.object({
  serial: z.string(),
  model: z.string().nullable(),
  chip: z.string().nullable(),
  android: z.string().nullable(),
  /** The worker of a farm that has it; null where it was plugged in where the search ran. */
  worker: z.string().nullable(),
  /** Why the figure never became steady; empty if it did. */
  unsteady: z.array(requeueReasonSchema).readonly(),
  /** Null if no reference model was measured. */
  drift: driftSchema.nullable(),
  runner: runnerIdentitySchema.omit({ proof: true, refused: true }),
  /** Where the nodes of the network ran; null where that is not known. */
  placement: placementSchema.nullable(),
  threads: z.number(),
  warmUp: z.number(),
  /** The cores that were used. */
  cores: coreClusterSchema.omit({ mask: true }),
  repeats: z.array(phoneRepeatSchema).readonly(),
});
export type PhoneLatency = z.infer<typeof phoneLatency>;
