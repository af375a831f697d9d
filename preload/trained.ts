/** The part of the contract about trained models of candidates, kept in the run file. */
import { z } from 'zod';
import { statedSchema } from '../main/common/trained.ts';
import { measuredLatency } from './measured-latency.ts';
import { candidateId, none, runId } from './identifiers.ts';

const of = z.strictObject({ run: runId, id: candidateId });
/** SHA-256 of a model's file, by which the page names it: it never sees a path. */
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** A file whose network is the candidate's. */
export const lookedAtModel = z.object({
  digest,
  /** Without its folder. */
  name: z.string(),
  /** How many outputs its last layer has where that was made anew; null where it is the candidate's. */
  newHead: z.number().nullable(),
});
export type LookedAtModelView = z.infer<typeof lookedAtModel>;

export const trainedModel = lookedAtModel.extend({
  candidate: z.number().int(),
  /** Percent. */
  accuracy: z.number(),
  metric: z.string(),
  data: z.string(),
  /** ISO 8601, UTC. */
  attachedAt: z.string(),
  /** Null where it was not measured. */
  float32: measuredLatency.nullable(),
  int8: measuredLatency.nullable(),
});
export type TrainedModelView = z.infer<typeof trainedModel>;

/** How a score orders networks of equal metric and data; empty below three of them. */
export const trainedGroup = z.object({
  metric: z.string(),
  data: z.string(),
  /** The most accurate first. */
  candidates: z.array(z.number().int()),
  scores: z.array(
    z.object({
      score: z.string(),
      label: z.string(),
      networks: z.number().int(),
      kendall: z.number().nullable(),
      spearman: z.number().nullable(),
    }),
  ),
});
export type TrainedGroupView = z.infer<typeof trainedGroup>;

const list = z.array(trainedModel);

export const trainedMethods = {
  /** All of a run, in the order of the candidates. */
  'trained.list': { args: z.tuple([z.strictObject({ run: runId })]), result: list },
  /** How the scores of a run order what was trained, with this beta in place of the run's own. */
  'trained.order': {
    args: z.tuple([z.strictObject({ run: runId, beta: z.number().min(0).max(10) })]),
    result: z.array(trainedGroup),
  },
  /** Asks for a file and looks whose network it is; null where that was cancelled. Throws `other-network`. */
  'trained.choose': { args: z.tuple([of]), result: lookedAtModel.nullable() },
  /** The same of a dropped file. Only the bridge's own `dropTrained` calls this: pages know no paths. */
  'trained.dropped': {
    args: z.tuple([of.extend({ path: z.string().min(1) })]),
    result: lookedAtModel,
  },
  /**
   * Attaches a model that was looked at, or changes what is said of the one that is attached; it takes the place of
   * another. Returns all of the run.
   */
  'trained.attach': {
    args: z.tuple([of.extend({ digest, stated: statedSchema })]),
    result: list,
  },
  'trained.detach': { args: z.tuple([of]), result: list },
  /**
   * Takes its latency in float32 and int8; asks for its file where that was not looked at since the window was opened.
   * Null where that was cancelled.
   */
  'trained.measure': { args: z.tuple([of]), result: list.nullable() },
  /** Cancels measuring. */
  'trained.cancel': { args: none, result: z.null() },
} as const;
