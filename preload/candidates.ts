/** The part of the contract about a single candidate of a run; contract.ts merges it. */
import { z } from 'zod';
import { architectureNodeSchema } from '../main/common/architecture.ts';
import { engineIdentitySchema } from '../main/common/engines.ts';
import { measuredLatency } from './measured-latency.ts';

const run = z.string().min(1).max(200);
const id = z.number().int().positive();
const one = z.tuple([z.strictObject({ run, id })]);

export const scoredAgain = z.object({
  /** Null where the run computes none, as the two that follow. */
  zico: z.number().nullable(),
  zicoCapped: z.number().nullable(),
  bias: z.number().nullable(),
  /** Every figure of the stored score came out again, bit for bit. */
  same: z.boolean(),
  /** Names of the layers whose figures differ. */
  differing: z.array(z.string()),
  engine: engineIdentitySchema,
  seconds: z.number(),
});
export type ScoredAgain = z.infer<typeof scoredAgain>;

export const measuredAgain = measuredLatency.extend({
  /** Whether it was taken as the stored one was; otherwise the two do not compare. */
  sameConditions: z.boolean(),
});
export type MeasuredAgain = z.infer<typeof measuredAgain>;

/** How busy the children are that score, measure and decode. */
export const loadSchema = z.object({
  /** Share of all processors since the last look, 0 to 1. */
  share: z.number(),
  bytes: z.number(),
  processes: z.number(),
});
export type Load = z.infer<typeof loadSchema>;

export const candidateMethods = {
  'app.load': { args: z.tuple([]), result: loadSchema },
  /** The network as boxes in topological order. */
  'candidate.architecture': { args: one, result: z.array(architectureNodeSchema) },
  /** Scores it again as its run did; null where that was cancelled. Nothing is stored. */
  'candidate.scoreAgain': { args: one, result: scoredAgain.nullable() },
  /** Takes its latency again from the run's source; null where that was cancelled. Nothing is stored. */
  'candidate.measureAgain': { args: one, result: measuredAgain.nullable() },
  /** Cancels what is being scored or measured again. */
  'candidate.cancelAgain': { args: z.tuple([]), result: z.null() },
  /** The front's hypervolume by generation, as shares of the last; thinned where there are many. */
  'runs.trend': { args: z.tuple([z.strictObject({ run })]), result: z.array(z.number()) },
  /** Run files dropped onto the window. Only the bridge's own `drop` calls this: pages know no paths. */
  'runs.dropped': {
    args: z.tuple([z.strictObject({ paths: z.array(z.string().min(1)).min(1).max(1000) })]),
    result: z.null(),
  },
} as const;
