/** The part of the contract about what can be searched, and how, on this computer. */
import { z } from 'zod';
import { engineIdentitySchema } from '../main/common/engines.ts';
import { presetValuesSchema, searchSettingsSchema } from '../main/common/settings/index.ts';
import { presets } from '../main/common/settings/score.ts';
import { spaceFactsSchema } from '../main/common/space-facts.ts';
import { tasks } from '../main/common/tasks.ts';

export const appDescription = z.object({
  version: z.string(),
  platform: z.string(),
  electron: z.string(),
  /** Processor name of this computer. */
  processor: z.string(),
  cores: z.number(),
  memoryBytes: z.number(),
  engine: engineIdentitySchema,
  /** Why bf16 is not available here; null if it is. */
  bf16Obstacle: z.string().nullable(),
  defaultSettings: searchSettingsSchema,
  /** Describes the images that ship with the product. */
  embeddedData: z.string(),
  /** The same for each task. */
  embedded: z.record(z.enum(tasks), z.string()),
  runsFolder: z.string(),
});
export type AppDescription = z.infer<typeof appDescription>;

export const spaceSummary = spaceFactsSchema.extend({
  /** The values of each preset for this space. */
  presets: z.record(z.enum(presets), presetValuesSchema),
  /** The file whose code makes the networks, which the window does not load; null of a space that is described. */
  code: z.string().nullable(),
});
export type SpaceSummary = z.infer<typeof spaceSummary>;
