/** The part of the contract that says what can be searched, how, and by which computer. */
import { z } from 'zod';
import { count, imageSize } from './identifiers.ts';
import { phoneSettings } from './phone-settings.ts';
import { engineIdentitySchema } from './scoring.ts';

export const searchSettings = z.strictObject({
  space: z.string(),
  data: z.string().nullable(),
  latency: z.enum(['host', 'phone', 'predicted-s10-gpu', 'macs']),
  phone: phoneSettings.nullable(),
  search: z.enum(['guided', 'nsga2', 'random']),
  inFlight: z.number().int().min(1).max(1024).nullable(),
  population: z.number().int().min(4).max(10_000),
  generations: count.nullable(),
  candidates: count.nullable(),
  seconds: z.number().positive().nullable(),
  seed: z.number().int().min(0).max(0xffff_ffff),
  beta: z.number().min(0).max(10),
  termCap: z.number().positive().nullable(),
  batches: z.number().int().min(2).max(64),
  batchSize: z.number().int().min(1).max(4096),
  weights: z.enum(['pytorch-default', 'kaiming-normal-fan-out']),
  maxParameters: count.nullable(),
  maxMacs: count.nullable(),
  maxLatencyMs: z.number().positive().nullable(),
});
export type SearchSettings = z.infer<typeof searchSettings>;

/** What a measure of a network can be in its space; null where the space has no such measure. */
const extentRange = z
  .object({ unit: z.string(), least: z.number(), most: z.number(), fixed: z.boolean() })
  .nullable();

export const appDescription = z.object({
  version: z.string(),
  platform: z.string(),
  electron: z.string(),
  /** Processor name of this computer. */
  processor: z.string(),
  cores: z.number(),
  memoryBytes: z.number(),
  engine: engineIdentitySchema,
  /** Why bf16 is not to be had here; null where nothing speaks against it. */
  bf16Obstacle: z.string().nullable(),
  defaultSettings: searchSettings,
  /** Describes the images that ship with the product. */
  embeddedData: z.string(),
  /** The same for each task. */
  embedded: z.object({
    classification: z.string(),
    segmentation: z.string(),
    detection: z.string(),
  }),
  runsFolder: z.string(),
});
export type AppDescription = z.infer<typeof appDescription>;

export const spaceDescription = z.object({
  name: z.string(),
  title: z.string(),
  task: z.enum(['classification', 'segmentation', 'detection']),
  networks: z.number(),
  classes: z.number(),
  /** Height and width of the images, for scoring and for deployment. */
  resolution: z.object({ scoring: imageSize, deployment: imageSize }),
  genes: z.array(z.object({ name: z.string(), choices: z.array(z.number()) })),
  baselines: z.array(
    z.object({
      name: z.string(),
      /** Null for a known network beside the space. */
      genotype: z.string().nullable(),
      parameters: z.number(),
      macs: z.number(),
    }),
  ),
  depth: extentRange,
  width: extentRange,
  /** Settings that suit the space, until a person chooses others. */
  suggested: z.object({ batchSize: z.number(), beta: z.number() }),
});
export type SpaceDescription = z.infer<typeof spaceDescription>;
