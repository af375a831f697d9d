/** A network as boxes, as it is drawn. */
import { z } from 'zod';

/** A layer with what follows it (normalisation, activation), or what joins or resizes. */
export const architectureNodeSchema = z.object({
  /** The name of its first node in the graph, or of the graph's input. */
  id: z.string(),
  /** `stem`, `stage1`, ..., `head`; for the input `input`. */
  stage: z.string(),
  /** What it is: `conv 3×3 s2`, `add`. */
  title: z.string(),
  /** What was drawn into it: `batch norm`, `SiLU`. */
  also: z.array(z.string()).readonly(),
  /** Name of its layer in the layer table; null where it has no weights of its own. */
  layer: z.string().nullable(),
  /** Of its output for one image as deployed: channels, height, width, or whatever axes there are. */
  shape: z.array(z.number()).readonly(),
  parameters: z.number(),
  /** Multiply-accumulates for one image. */
  macs: z.number(),
  /** Ids of the nodes whose outputs it reads, each once. */
  inputs: z.array(z.string()).readonly(),
  /** True where none of its values reaches the output: a dead end. */
  leadsNowhere: z.boolean(),
});
export type ArchitectureNode = Readonly<z.infer<typeof architectureNodeSchema>>;
