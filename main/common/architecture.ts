/** A network as the boxes in which it is drawn. */
import { z } from 'zod';

/** A box: a layer with what follows it (normalisation, activation), or an operator that joins or resizes. */
export const architectureNodeSchema = z.object({
  /** Name of its first node in the graph, or of the graph's input. */
  id: z.string(),
  /** `stem`, `stage1`, ..., `head`, or `input`. */
  stage: z.string(),
  /** Its operator in short: `conv 3×3 s2`, `add`. */
  title: z.string(),
  /** Operators drawn in the same box: `batch norm`, `SiLU`. */
  also: z.array(z.string()).readonly(),
  /** Name of its layer in the layer table; null if it has no weights of its own. */
  layer: z.string().nullable(),
  /** Shape of its output for one image as deployed: channels, height, width, or whatever axes it has. */
  shape: z.array(z.number()).readonly(),
  parameters: z.number(),
  /** Multiply-accumulates for one image. */
  macs: z.number(),
  /** Ids of the nodes whose outputs it reads, each once. */
  inputs: z.array(z.string()).readonly(),
  /** True for a dead end, none of whose values reach the output. */
  leadsNowhere: z.boolean(),
});
export type ArchitectureNode = Readonly<z.infer<typeof architectureNodeSchema>>;
