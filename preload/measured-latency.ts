/** A measured latency, as it is shown anywhere. */
import { z } from 'zod';
import { latencyBoundsSchema } from '../main/common/latency-bounds.ts';
import { phoneLatency } from './phone-latency.ts';

export const measuredLatency = z.object({
  latencyMs: z.number(),
  p90Ms: z.number(),
  minMs: z.number(),
  runsMs: z.array(z.number()),
  /** One sentence: runner, version, precision, threads, warm-up, runs, device. */
  conditions: z.string(),
  /** Null if nothing is known about its error. */
  bounds: latencyBoundsSchema.nullable(),
  /** Null unless a phone measured it. */
  phone: phoneLatency.nullable(),
  /** Why a latency on this computer never became steady; empty if it did. For phones, see `phone`. */
  unsteady: z.array(z.string()),
});
export type MeasuredLatency = z.infer<typeof measuredLatency>;
