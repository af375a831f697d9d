/** The part of the contract that says what can be searched, how, and by which computer. */
import { z } from 'zod';
import { engineIdentitySchema } from '../main/common/engines.ts';
import { searchSettingsSchema } from '../main/common/settings/index.ts';
import { tasks } from '../main/common/tasks.ts';
import { imageSize } from './identifiers.ts';

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
  defaultSettings: searchSettingsSchema,
  /** Describes the images that ship with the product. */
  embeddedData: z.string(),
  /** The same for each task. */
  embedded: z.object({
    classification: z.string(),
    segmentation: z.string(),
    detection: z.string(),
  }),
  /** How many these are. */
  embeddedImages: z.object({
    classification: z.number(),
    segmentation: z.number(),
    detection: z.number(),
  }),
  runsFolder: z.string(),
});
export type AppDescription = z.infer<typeof appDescription>;

export const spaceDescription = z.object({
  name: z.string(),
  title: z.string(),
  task: z.enum(tasks),
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
