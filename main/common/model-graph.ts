/** A model file as a graph of its operators, for looking at: what crosses to the window. */
import { z } from 'zod';
import { errorReportSchema } from './report.ts';

/** An input of the model, an operator, or an output of the model. */
export const modelBoxSchema = z.object({
  kind: z.enum(['input', 'operator', 'output']),
  /** The operator, or what the input or output is called. */
  title: z.string(),
  name: z.string(),
  /** Of its first output; empty where nobody knows. */
  shape: z.string(),
  /** Numbers of the boxes that it reads. */
  from: z.array(z.number().int()),
  /** Weights that it reads. */
  parameters: z.number(),
});
export type ModelBox = z.infer<typeof modelBoxSchema>;

export const modelGraphSchema = z.object({
  /** Names the model in further questions. */
  model: z.string(),
  /** Of its file. */
  file: z.string(),
  /** Of the network in it. */
  name: z.string(),
  /** What wrote it; empty where it does not say. */
  producer: z.string(),
  /** Domain and version, `ai.onnx 17`. */
  opsets: z.array(z.string()),
  /** Numbers of all its weights. */
  parameters: z.number(),
  /** In an order in which they can be computed. */
  boxes: z.array(modelBoxSchema),
  /** Why it cannot be scored as it stands; null where it can. */
  refusal: z
    .object({
      report: errorReportSchema,
      /** Number of the box at fault; null where it is none. */
      box: z.number().int().nullable(),
    })
    .nullable(),
});
export type ModelGraph = z.infer<typeof modelGraphSchema>;

/** What the numbers of a tensor are like. */
export const tensorFactsSchema = z.object({
  /** How many there are. */
  count: z.number(),
  /** How many of them were looked at, evenly spread. */
  seen: z.number(),
  least: z.number(),
  most: z.number(),
  mean: z.number(),
  deviation: z.number(),
  /** Share that is zero. */
  zeros: z.number(),
  /** Not a number, or infinite. */
  notFinite: z.number(),
  /** In equal bins from the least to the most; empty where all are equal. */
  bins: z.array(z.number()),
  /** The numbers themselves where they are few; empty otherwise. */
  values: z.array(z.number()),
});
export type TensorFacts = z.infer<typeof tensorFactsSchema>;

export const modelValueSchema = z.object({
  name: z.string(),
  /** Type and shape, `float32 64 x 3 x 3 x 3`; empty where nobody knows. */
  shape: z.string(),
  /** Of weights and constants. */
  facts: tensorFactsSchema.nullable(),
  /** Why there are no facts of a tensor. */
  unread: z.string().nullable(),
});
export type ModelValue = z.infer<typeof modelValueSchema>;

/** One box, looked at closely. */
export const modelNodeSchema = z.object({
  box: z.number().int(),
  domain: z.string(),
  attributes: z.array(z.object({ name: z.string(), value: z.string() })),
  inputs: z.array(modelValueSchema),
  outputs: z.array(modelValueSchema),
  /** What the file says of it. */
  documentation: z.string(),
});
export type ModelNode = z.infer<typeof modelNodeSchema>;
