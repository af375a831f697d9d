/** Converting a person's own model for TensorFlow Lite or ONNX Runtime. */
import { z } from 'zod';
import { convertTargets } from '../main/common/converting.ts';
import { deployedPrecisions } from '../main/common/precisions.ts';
import { rangeChoiceSchema } from '../main/common/quantising.ts';
import { none, nothing } from './identifiers.ts';

export const conversion = z.strictObject({
  target: z.enum(convertTargets),
  precision: z.enum(deployedPrecisions),
  ranges: rangeChoiceSchema,
});
export type Conversion = z.infer<typeof conversion>;

export const convertedModel = z.object({
  /** Where the file was written. */
  file: z.string(),
  bytes: z.object({ model: z.number(), out: z.number() }).readonly(),
  images: z.object({ calibrating: z.number(), checking: z.number() }).readonly(),
  /** On images that did not calibrate it; null where nothing could be compared. */
  output: z
    .object({
      /** Signal to noise; null where nothing differs. */
      sqnrDb: z.number().nullable(),
      largestDifference: z.number(),
      firstClassAgreement: z.number(),
    })
    .readonly()
    .nullable(),
  /** Why nothing was compared. */
  why: z.string().nullable(),
  /** The layers with most noise. */
  worst: z.array(z.object({ layer: z.string(), sqnrDb: z.number() }).readonly()).readonly(),
  /** Operators that stay in float, by kind. */
  inFloat: z.array(z.object({ kind: z.string(), count: z.number() }).readonly()).readonly(),
  /** Values that were one and the same number on all images that calibrated. */
  unvarying: z.array(z.string()).readonly(),
  /** What most of the model's weights are stored as, where that is not float32. */
  storedAs: z.enum(['float16', 'bfloat16', 'float64']).nullable(),
});
export type ConvertedModel = Readonly<z.infer<typeof convertedModel>>;

export const convertMethods = {
  /**
   * Asks for a folder and writes the converted model into it, beside whatever is there; null if cancelled. The images
   * are those of the page.
   */
  'models.convert': {
    args: z.tuple([z.strictObject({ id: z.number().int().positive(), conversion })]),
    result: convertedModel.nullable(),
  },
  'models.cancelConverting': { args: none, result: nothing },
} as const;

export const convertEvents = {
  /** How far a conversion is, from 0 to 1. */
  'models.converting': z.object({ id: z.number(), doing: z.string(), share: z.number() }),
} as const;
