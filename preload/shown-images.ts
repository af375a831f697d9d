/** Looking at the images that networks are scored with. */
import { z } from 'zod';
import { shownBatchSchema } from '../main/common/shown-images.ts';
import { candidateId, none, nothing, runId } from './identifiers.ts';

/** Which of them. */
const part = {
  /** Number of the batch, from 0. */
  batch: z.number().int().min(0),
  /** Place of the first image in the batch; as many follow as fit into one answer. */
  first: z.number().int().min(0),
  /** Whether they are read and drawn again. */
  anew: z.boolean(),
};

/** @param wantedSearch a search as the form asks for it */
export const shownImageMethods = <S extends z.ZodRawShape>(wantedSearch: S) => ({
  /** The images that such a search would score. */
  'images.ofSearch': {
    args: z.tuple([z.strictObject({ wanted: z.strictObject(wantedSearch), ...part })]),
    result: shownBatchSchema,
  },
  /** The images of a run; of a candidate as its network takes them. */
  'images.ofRun': {
    args: z.tuple([z.strictObject({ run: runId, candidate: candidateId.nullable(), ...part })]),
    result: shownBatchSchema,
  },
  /** Nobody looks any more. */
  'images.close': { args: none, result: nothing },
});
