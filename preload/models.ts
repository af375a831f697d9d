/** The part of the contract about a person's own models. */
import { z } from 'zod';
import { batchSizeRange, imageSizeRange, seedRange, wholeIn } from '../main/common/ranges.ts';
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

/** What models are scored on: pictures, arrays as they are, or noise. */
export const imageSources = ['pictures', 'noise', 'arrays'] as const;
export type ImageSource = (typeof imageSources)[number];

/** Height and width in pixels. */
const imageSize = z.tuple([wholeIn(imageSizeRange), wholeIn(imageSizeRange)]);

export const modelSettings = z.strictObject({
  task: z.enum(tasks),
  images: z.enum(imageSources),
  /** Folder or file chosen by the person; null for the images that ship with the product. */
  data: z.string().nullable(),
  /** Decides batches and bias; `custom` means those of version 0.1. */
  preset: z.enum(presets),
  /** Null chooses a size to suit preset, task and images. */
  batchSize: wholeIn(batchSizeRange).nullable(),
  seed: wholeIn(seedRange),
  /** Of the images where a model leaves it open; null for that of the images, or what is usual. */
  size: imageSize.nullable(),
  /** Numbers for inputs other than the images. */
  constants: z.record(z.string().min(1), z.array(z.number()).min(1)),
  /** Leaves layers of rounding noise out. */
  ignoreNoise: z.boolean(),
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

/** Time for one image on this computer. */
export const modelLatency = z.object({
  latencyMs: z.number(),
  p90Ms: z.number(),
  /** Of the image: 1, channels, height, width. */
  input: z.array(z.number()),
  runs: z.number(),
  precision: z.string(),
  /** Why the file was run as it stands; null where its inference form was. */
  asStored: z.string().nullable(),
});
export type ModelLatency = z.infer<typeof modelLatency>;

/** An output of a file, as far as its size is known. */
const modelOutput = z.object({ name: z.string(), shape: z.string().nullable() });

/** One of the person's models, in the order in which they were added. */
export const modelRow = z.object({
  id: modelId,
  name: z.string(),
  /** Where the file is, for display only. */
  path: z.string(),
  state: z.enum(['waiting', 'scoring', 'scored', 'failed', 'cancelled']),
  score: scoredModel.nullable(),
  error: errorReportSchema.nullable(),
  /** What the file gives; null before it was looked at, or where it cannot be read. */
  outputs: z.array(modelOutput).nullable(),
  /** Outputs, or values inside the network, that are to be scored; none for the first that fits. */
  chosen: z.array(z.string().min(1)),
  latency: modelLatency.nullable(),
  latencyError: errorReportSchema.nullable(),
  measuring: z.boolean(),
});
export type ModelRow = z.infer<typeof modelRow>;

export const modelList = z.object({
  settings: modelSettings,
  models: z.array(modelRow),
  /** Names of the arrays that were chosen. */
  arrays: z.object({ inputs: z.string().nullable(), targets: z.string().nullable() }),
  /** Models are being scored or measured, or are waiting for their turn. */
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
  /** Asks for a .npy file. False when the person cancels. */
  'models.chooseArray': {
    args: z.tuple([z.strictObject({ which: z.enum(['inputs', 'targets']) })]),
    result: z.boolean(),
  },
  /** Scores one again by other outputs, or values inside of it; none for the first that fits. */
  'models.chooseOutputs': {
    args: z.tuple([z.strictObject({ id: modelId, outputs: z.array(z.string().min(1)).max(64) })]),
    result: nothing,
  },
  /** Measures one on this computer, or all. */
  'models.measure': {
    args: z.tuple([z.strictObject({ id: modelId.nullable() })]),
    result: nothing,
  },
  /** Asks where to write the ranked table as CSV. False when the person cancels. */
  'models.saveTable': {
    args: z.tuple([z.strictObject({ beta: z.number().min(0), capped: z.boolean() })]),
    result: z.boolean(),
  },
  /** Stops scoring and measuring; waiting models are cancelled as well. */
  'models.cancel': { args: none, result: nothing },
} as const;
