/**
 * The engines that compute scores, as known to both sides of the bridge: one entry each. A new engine also
 * needs its folder in main/engine/ and a line in the table of main/engine/engines.ts, which the compiler demands.
 */
import { z } from 'zod';
import { wholeIn, workersRange } from './ranges.ts';

/**
 * The arithmetic of an engine's convolutions; everything else is always single precision. `float32-winograd`:
 * single precision, dense 3x3 convolutions by Winograd's method, which needs fewer multiplications and rounds
 * differently. `bf16`: operands rounded to bfloat16.
 */
export const precisions = ['float32', 'float32-winograd', 'bf16'] as const;
export type Precision = (typeof precisions)[number];
export const precisionSchema = z.enum(precisions);

/** What a person may ask for; `auto` decides from what is to be scored (main/engine/engine-choice.ts). */
export const precisionWishes = ['auto', ...precisions] as const;
export type PrecisionWish = (typeof precisionWishes)[number];
export const precisionWishSchema = z.enum(precisionWishes);

/** Instruction sets of processors, as far as they decide the order of sums and so the last digits of a score. */
export const instructionSets = ['avx512', 'avx2', 'neon', 'scalar'] as const;
export type InstructionSet = (typeof instructionSets)[number];
const instructionSetSchema = z.enum(instructionSets);

export interface EngineTraits {
  /** Label in the form. */
  readonly label: string;
  /** Precisions of its convolutions, the usual one first. */
  readonly precisions: readonly Precision[];
  /**
   * True if the number of threads decides the last bits of a score, because it changes the order of sums:
   * the threads are then part of the engine's identity.
   */
  readonly threadsDecideBits: boolean;
}

/**
 * In the order in which `auto` tries them: it takes the first that can score everything. The last one is
 * always available and scores any network.
 */
const traits = {
  onednn: {
    label: 'onednn',
    precisions: ['float32', 'float32-winograd', 'bf16'],
    threadsDecideBits: true,
  },
  onnxruntime: { label: 'onnxruntime', precisions: ['float32'], threadsDecideBits: false },
} as const satisfies Readonly<Record<string, EngineTraits>>;

export type EngineName = keyof typeof traits;
export const engineTraits: Readonly<Record<EngineName, EngineTraits>> = traits;

const names = Object.keys(traits) as EngineName[];
export const engineNameSchema = z.enum(names);
export const engineNames: readonly EngineName[] = names;
/** What a person may ask for. */
export const engineWishSchema = z.enum(['auto', ...names]);
export type EngineWish = z.infer<typeof engineWishSchema>;
export const engineWishes: readonly EngineWish[] = engineWishSchema.options;

/** What computed a score; only scores of equal identity can be compared. */
export const engineIdentitySchema = z.object({
  name: engineNameSchema,
  version: z.string(),
  threads: z.number(),
  /** Of the convolutions; absent: float32. */
  precision: precisionSchema.optional(),
  /** Present if they decide last digits and are known: with onednn, but not in version 0.1. */
  instructions: instructionSetSchema.optional(),
});
export type EngineIdentity = Readonly<z.infer<typeof engineIdentitySchema>>;

/** What scores a run: decided before its first candidate, and the same for all. */
export const scoringPlanSchema = z.object({
  engine: engineNameSchema,
  version: z.string(),
  /** Scoring processes of the latest session, and the threads of each; null until decided. */
  workers: z.number().nullable(),
  threads: z.number().nullable(),
  /** Of the convolutions; absent: float32. */
  precision: precisionSchema.optional(),
  /** Present if they decide last digits; absent with onnxruntime and in runs of version 0.1. */
  instructions: instructionSetSchema.optional(),
  /** Why it is not the usual engine; null if it is. */
  note: z.string().nullable(),
});
export type ScoringPlan = Readonly<z.infer<typeof scoringPlanSchema>>;

/** How a search should be scored. */
export const scoringWishSchema = z.strictObject({
  engine: engineWishSchema,
  /** Number of scoring processes; `auto` finds the best by measuring. */
  workers: z.union([z.literal('auto'), wholeIn(workersRange)]),
  /** Absent means `auto`. */
  precision: precisionWishSchema.optional(),
});
export type ScoringWish = Readonly<z.infer<typeof scoringWishSchema>>;
