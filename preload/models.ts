/** The part of the contract that speaks of a person's own models. */
import { z } from 'zod';
import { batchSizeRange, seedRange, wholeIn } from '../main/common/ranges.ts';
import { presets } from '../main/common/settings/score.ts';
import { tasks } from '../main/common/tasks.ts';
import { weightSchemes } from '../main/common/weight-schemes.ts';
import { none, nothing } from './identifiers.ts';
import { errorReportSchema, warningSchema } from '../main/common/report.ts';
import { layerRow } from './runs.ts';
import {
  engineIdentitySchema,
  engineWishSchema,
  precisionWishSchema,
} from '../main/common/engines.ts';

export const modelSettings = z.strictObject({
  task: z.enum(tasks),
  /** Folder or file chosen by the person; null for the images that ship with the product. */
  data: z.string().nullable(),
  /** Decides batches and bias; `custom` is what version 0.1 did. */
  preset: z.enum(presets),
  /** Null takes a size that fits preset, task and images. */
  batchSize: wholeIn(batchSizeRange).nullable(),
  seed: wholeIn(seedRange),
  /** The file's own weights, or fresh ones of that scheme. */
  weights: z.enum(['file', ...weightSchemes]),
  engine: engineWishSchema,
  precision: precisionWishSchema,
});
export type ModelSettings = z.infer<typeof modelSettings>;

const modelId = z.number().int().positive();

export const scoredModel = z.object({
  task: z.string(),
  zico: z.number(),
  zicoCapped: z.number(),
  bias: z.number(),
  /** No layer gets a gradient: it ranks below all others. */
  ranksLast: z.boolean(),
  termCap: z.number(),
  parameters: z.number(),
  macs: z.number(),
  layers: z.array(layerRow),
  batches: z.number(),
  batchSize: z.number(),
  dataDescription: z.string(),
  /** What the file says of its normalisations: kept, folded away or absent. */
  batchNormalization: z.string(),
  /** What a person should read before comparing this score with another. */
  warnings: z.array(warningSchema),
  engine: engineIdentitySchema,
  /** Why it is not the engine that was asked for, or the default one; null where there is nothing to say. */
  engineNote: z.string().nullable(),
  seconds: z.number(),
});
export type ScoredModel = z.infer<typeof scoredModel>;

/** One of the person's models, in the order in which they were added. */
export const modelRow = z.object({
  id: modelId,
  name: z.string(),
  /** Where the file lies, for showing only. */
  path: z.string(),
  state: z.enum(['waiting', 'scoring', 'scored', 'failed', 'cancelled']),
  score: scoredModel.nullable(),
  error: errorReportSchema.nullable(),
});
export type ModelRow = z.infer<typeof modelRow>;

export const modelList = z.object({
  settings: modelSettings,
  models: z.array(modelRow),
  /** Models are being scored, or are waiting for their turn. */
  busy: z.boolean(),
});
export type ModelList = z.infer<typeof modelList>;

export const modelMethods = {
  'models.list': { args: none, result: modelList },
  /** Asks for ONNX files and scores them one after another; false when the person cancels. */
  'models.choose': { args: none, result: z.boolean() },
  /** Files dropped onto the window. Only the bridge's own `drop` calls this: pages know no paths. */
  'models.dropped': {
    args: z.tuple([z.strictObject({ paths: z.array(z.string().min(1)).min(1).max(1000) })]),
    result: nothing,
  },
  /** Scores every model of the list again with these settings. */
  'models.configure': {
    args: z.tuple([z.strictObject({ settings: modelSettings })]),
    result: nothing,
  },
  /** Scores one again that failed or was cancelled. */
  'models.retry': { args: z.tuple([z.strictObject({ id: modelId })]), result: nothing },
  'models.remove': { args: z.tuple([z.strictObject({ id: modelId })]), result: nothing },
  /** Stops scoring; models that are waiting are cancelled as well. */
  'models.cancel': { args: none, result: nothing },
} as const;
