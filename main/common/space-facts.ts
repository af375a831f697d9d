/** What lists, forms and the editor show of a space. */
import { z } from 'zod';
import { tasks } from './tasks.ts';

/** Height and width in pixels. */
const imageSize = z.tuple([z.number().int().positive(), z.number().int().positive()]).readonly();

/** An extent of a space. */
export const extentRangeSchema = z.object({
  unit: z.string(),
  least: z.number(),
  most: z.number(),
  /** The space leaves no choice: nothing can be said about it. */
  fixed: z.boolean(),
});

export type ExtentRange = Readonly<z.infer<typeof extentRangeSchema>>;

export const spaceFactsSchema = z.object({
  name: z.string(),
  title: z.string(),
  task: z.enum(tasks),
  classes: z.number(),
  /** Of the images, for scoring and for deployment; the largest where the size is a gene. */
  resolution: z.object({ scoring: imageSize, deployment: imageSize }),
  /** Up to 2^53 exact, beyond that the nearest number. */
  networks: z.number(),
  /** For people: rounded beyond 15 digits. */
  networksText: z.string(),
  /** Null where the space has no such measure. */
  depth: extentRangeSchema.nullable(),
  width: extentRangeSchema.nullable(),
  genes: z
    .array(z.object({ name: z.string(), choices: z.array(z.number()).readonly() }))
    .readonly(),
  baselines: z
    .array(
      z.object({
        name: z.string(),
        /** Null for a known network beside the space. */
        genotype: z.string().nullable(),
        parameters: z.number(),
        macs: z.number(),
      }),
    )
    .readonly(),
});
export type SpaceFacts = Readonly<z.infer<typeof spaceFactsSchema>>;

/** What is wrong with a description. */
export const spaceFaultSchema = z.object({
  /** Place in the file, such as `network.backbone.stages[0].stride`; empty for the file as a whole. */
  path: z.string(),
  message: z.string(),
  /** What would be valid. */
  hint: z.string(),
});
export type SpaceFault = Readonly<z.infer<typeof spaceFaultSchema>>;

/** Stem, one stage, or head of a network; sizes are those of its output as deployed. */
const drawnPart = z.object({
  part: z.string(),
  /** Blocks one after another; 1 where there are none to speak of. */
  blocks: z.number(),
  channels: z.number(),
  height: z.number(),
  width: z.number(),
  parameters: z.number(),
  macs: z.number(),
  /** The choices for it, gene by gene, besides channels and repeats. */
  choices: z.array(z.string()).readonly(),
});
export type DrawnPart = Readonly<z.infer<typeof drawnPart>>;

export const drawnNetworkSchema = z.object({
  genotype: z.string(),
  parameters: z.number(),
  macs: z.number(),
  parts: z.array(drawnPart).readonly(),
});
export type DrawnNetwork = Readonly<z.infer<typeof drawnNetworkSchema>>;

/** Arrays of the same order, one entry for each network. */
export const spaceSizesSchema = z.object({
  parameters: z.array(z.number()).readonly(),
  macs: z.array(z.number()).readonly(),
});
export type SpaceSizes = Readonly<z.infer<typeof spaceSizesSchema>>;
