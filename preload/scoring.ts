/** How a search scores, as the window asks for it and as it is shown. */
import { z } from 'zod';

export const engineWishSchema = z.enum(['auto', 'onednn', 'onnxruntime']);
export type EngineWish = z.infer<typeof engineWishSchema>;

/** Of the convolutions; absent where scores are stored without it: float32. */
export const precisionSchema = z.enum(['float32', 'float32-winograd', 'bf16']);

export const precisionWishSchema = z.enum(['auto', ...precisionSchema.options]);
export type PrecisionWish = z.infer<typeof precisionWishSchema>;

export const scoringWishSchema = z.strictObject({
  engine: engineWishSchema,
  /** Scoring processes; `auto` finds out by measuring. */
  workers: z.union([z.literal('auto'), z.number().int().min(1).max(256)]),
  /** Absent: as with `auto`. */
  precision: precisionWishSchema.optional(),
});
export type ScoringWish = z.infer<typeof scoringWishSchema>;

/** The engine that computed a score. */
export const engineIdentitySchema = z.object({
  name: z.string(),
  version: z.string(),
  threads: z.number(),
  precision: precisionSchema.optional(),
  /** Of the processor, where they decide last digits and are known. */
  instructions: z.string().optional(),
});

export const scoringPlanSchema = z.object({
  engine: z.string(),
  version: z.string(),
  /** Scoring processes, and threads of each; null until they are settled. */
  workers: z.number().nullable(),
  threads: z.number().nullable(),
  precision: precisionSchema.optional(),
  instructions: z.string().optional(),
  /** Why it is not the engine that is usual; null where nothing has to be said. */
  note: z.string().nullable(),
});
export type ScoringPlan = z.infer<typeof scoringPlanSchema>;
