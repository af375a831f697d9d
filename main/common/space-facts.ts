/** What lists, forms and the editor show about a space. */
import { z } from 'zod';
import { tasks } from './tasks.ts';

/** Height and width in pixels. */
const imageSize = z.tuple([z.number().int().positive(), z.number().int().positive()]).readonly();

/** The range of a measure over a space. */
export const extentRangeSchema = z.object({
  unit: z.string(),
  least: z.number(),
  most: z.number(),
  /** True if the space leaves no choice, so that nothing can be said about it. */
  fixed: z.boolean(),
});

export type ExtentRange = Readonly<z.infer<typeof extentRangeSchema>>;

export const spaceFactsSchema = z.object({
  name: z.string(),
  title: z.string(),
  task: z.enum(tasks),
  classes: z.number(),
  /** Sizes of images for scoring and for deployment; the largest if the size is a gene. */
  resolution: z.object({ scoring: imageSize, deployment: imageSize }),
  /** Where the resolution is a gene, which is the first then: what it can be, and the size that each means. */
  sizes: z
    .array(z.object({ value: z.number(), size: imageSize }))
    .readonly()
    .nullable(),
  /** Exact up to 2^53, beyond that the nearest double. */
  networks: z.number(),
  /** For people: rounded beyond 15 digits. */
  networksText: z.string(),
  /** Null if the space has no such measure. */
  depth: extentRangeSchema.nullable(),
  width: extentRangeSchema.nullable(),
  genes: z
    .array(
      z.object({
        name: z.string(),
        choices: z.array(z.number()).readonly(),
        /** What the choices are called, where they are no quantities. */
        labels: z.array(z.string()).readonly().optional(),
      }),
    )
    .readonly(),
  baselines: z
    .array(
      z.object({
        name: z.string(),
        /** Null for a fixed network beside the space. */
        genotype: z.string().nullable(),
        parameters: z.number(),
        macs: z.number(),
      }),
    )
    .readonly(),
});
export type SpaceFacts = Readonly<z.infer<typeof spaceFactsSchema>>;

/** A fault in a description. */
export const spaceFaultSchema = z.object({
  /** Place in the file, such as `network.backbone.stages[0].stride`; empty for the file as a whole. */
  path: z.string(),
  message: z.string(),
  /** What would be valid. */
  hint: z.string(),
});
export type SpaceFault = Readonly<z.infer<typeof spaceFaultSchema>>;

/** The stem, a stage, or the head of a network; sizes are those of its output as deployed. */
const drawnPart = z.object({
  part: z.string(),
  /** Number of consecutive blocks; 1 for a part without blocks. */
  blocks: z.number(),
  channels: z.number(),
  height: z.number(),
  width: z.number(),
  parameters: z.number(),
  macs: z.number(),
  /** The choices that its genes offer, besides channels and repeats. */
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

/** Parallel arrays with one entry for each network. */
export const spaceSizesSchema = z.object({
  parameters: z.array(z.number()).readonly(),
  macs: z.array(z.number()).readonly(),
});
export type SpaceSizes = Readonly<z.infer<typeof spaceSizesSchema>>;

/** A network of a space that was scored to try it, with the usual preset. */
export const triedNetworkSchema = z.object({
  genotype: z.string(),
  /** What a search ranks by. Null for a network that no gradient reaches, which ranks below all others. */
  zicoBc: z.number().nullable(),
  beta: z.number(),
  /** Every layer's term is capped in it. */
  capped: z.boolean(),
  batches: z.number(),
  batchSize: z.number(),
  /** Height and width of the images that it was scored with. */
  size: imageSize,
  engine: z.string(),
  seconds: z.number(),
});
export type TriedNetwork = Readonly<z.infer<typeof triedNetworkSchema>>;
