/** What was measured of a latency, wherever it is shown. */
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
  /** Null where nothing is known of its error. */
  bounds: latencyBoundsSchema.nullable(),
  /** Null where no phone measured. */
  phone: phoneLatency.nullable(),
  /** Why a figure of this computer never became steady; empty where it did. A phone says so itself. */
  unsteady: z.array(z.string()),
});
