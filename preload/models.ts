/** The part of the contract about a person's own models. */
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
  /** Decides batches and bias; `custom` means those of version 0.1. */
  preset: z.enum(presets),
  /** Null chooses a size to suit preset, task and images. */
  batchSize: wholeIn(batchSizeRange).nullable(),
  seed: wholeIn(seedRange),
  /** The weights in the file, or fresh ones by the named scheme. */
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
  /** True if no layer gets a gradient: the model ranks below all others. */
  ranksLast: z.boolean(),
  termCap: z.number(),
  parameters: z.number(),
  macs: z.number(),
  layers: z.array(layerRow),
  batches: z.number(),
  batchSize: z.number(),
  dataDescription: z.string(),
  /** The state of batch normalisations in the file: kept, folded away or absent. */
  batchNormalization: z.string(),
  /** What a person should read before comparing this score with another. */
  warnings: z.array(warningSchema),
  engine: engineIdentitySchema,
  /** Why it is not the engine that was asked for, or not the default one; null if it is. */
  engineNote: z.string().nullable(),
  seconds: z.number(),
});
export type ScoredModel = z.infer<typeof scoredModel>;

/** One of the person's models, in the order in which they were added. */
export const modelRow = z.object({
  id: modelId,
  name: z.string(),
  /** Where the file is, for display only. */
  path: z.string(),
  state: z.enum(['waiting', 'scoring', 'scored', 'failed', 'cancelled']),
  score: scoredModel.nullable(),
  error: errorReportSchema.nullable(),
});
export type ModelRow = z.infer<typeof modelRow>;

export const modelList = z.object({
  settings: modelSettings,
  models: z.array(modelRow),
  /** True while models are being scored or are waiting for their turn. */
  busy: z.boolean(),
});
export type ModelList = z.infer<typeof modelList>;

export const modelMethods = {
  'models.list': { args: none, result: modelList },
  /** Asks for ONNX files and scores them one after another; false if cancelled. */
  'models.choose': { args: none, result: z.boolean() },
  /** Scores files dropped onto the window. Only the bridge's own `drop` calls this: pages know no paths. */
  'models.dropped': {
    args: z.tuple([z.strictObject({ paths: z.array(z.string().min(1)).min(1).max(1000) })]),
    result: nothing,
  },
  /** Scores every model of the list again with these settings. */
  'models.configure': {
    args: z.tuple([z.strictObject({ settings: modelSettings })]),
    result: nothing,
  },
  /** Scores a model again that failed or was cancelled. */
  'models.retry': { args: z.tuple([z.strictObject({ id: modelId })]), result: nothing },
  'models.remove': { args: z.tuple([z.strictObject({ id: modelId })]), result: nothing },
  /** Stops scoring; waiting models are cancelled as well. */
  'models.cancel': { args: none, result: nothing },
} as const;
