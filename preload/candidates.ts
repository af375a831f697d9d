/** The part of the contract about a single candidate of a run; contract.ts merges it. */
import { z } from 'zod';
import { architectureNodeSchema } from '../main/common/architecture.ts';
import { engineIdentitySchema } from '../main/common/engines.ts';
import { exportFormats } from '../main/common/export-formats.ts';
import { rangeChoiceSchema } from '../main/common/quantising.ts';
import { biasWays } from '../main/common/zico-bc.ts';
import { measuredLatency, type MeasuredLatency } from './measured-latency.ts';
import { candidateDetail } from './runs.ts';

const run = z.string().min(1).max(200);
const id = z.number().int().positive();
const one = z.tuple([z.strictObject({ run, id })]);

export const scoredAgain = z.object({
  /** Null if the run does not compute it, as are the next two. */
  zico: z.number().nullable(),
  zicoCapped: z.number().nullable(),
  bias: z.number().nullable(),
  /** True if every figure of the stored score came out the same, bit for bit. */
  same: z.boolean(),
  /** Names of the layers whose figures differ. */
  differing: z.array(z.string()),
  engine: engineIdentitySchema,
  seconds: z.number(),
});
export type ScoredAgain = z.infer<typeof scoredAgain>;

export const measuredAgain = measuredLatency.extend({
  /** Whether it was measured under the same conditions as the stored one; otherwise the two cannot be compared. */
  sameConditions: z.boolean(),
});
export type MeasuredAgain = z.infer<typeof measuredAgain>;

/** How busy our child processes are: those that score, measure, decode, propose and read. */
export const loadSchema = z.object({
  /** Share of all processors used since the last call, 0 to 1. */
  share: z.number(),
  /** Resident memory of all of them. */
  bytes: z.number(),
  processes: z.number(),
});
export type Load = z.infer<typeof loadSchema>;

/** Genotype of a network that need not be a candidate. */
const genotype = z.string().min(1).max(100_000);
const network = z.tuple([z.strictObject({ run, genotype })]);

/** ZiCo and bias are null if the run's score needs neither. */
export const scoredNetwork = z.object({
  zico: z.number().nullable(),
  zicoCapped: z.number().nullable(),
  bias: z.number().nullable(),
  seconds: z.number(),
});
export type ScoredNetwork = z.infer<typeof scoredNetwork>;

export type MeasuredNetwork = MeasuredLatency;
/** The ZiCo of a candidate whose run ranks by other scores. */
export const givenZico = z.object({
  zico: z.number(),
  zicoCapped: z.number(),
  bias: z.number(),
  /** By the way of counting it. */
  biases: z.partialRecord(z.enum(biasWays), z.number()),
});
export type GivenZico = z.infer<typeof givenZico>;

export const candidateMethods = {
  'app.load': { args: z.tuple([]), result: loadSchema },
  /** The network as boxes in topological order. */
  'candidate.architecture': { args: one, result: z.array(architectureNodeSchema) },
  /** Scores it again as its run did; null if cancelled. Nothing is stored. */
  'candidate.scoreAgain': { args: one, result: scoredAgain.nullable() },
  /**
   * Computes its ZiCo as the search would have, and stores it with the candidate; one that has it is answered at once.
   * Null if cancelled.
   */
  'candidate.giveZico': { args: one, result: givenZico.nullable() },
  /** Takes its latency again from the run's source; null if cancelled. Nothing is stored. */
  'candidate.measureAgain': { args: one, result: measuredAgain.nullable() },
  /**
   * Scores a network of the run's space that its search did not try, and stores it beside the candidates; if it
   * was scored before, answers at once. Null if cancelled.
   */
  'candidate.scoreNetwork': { args: network, result: scoredNetwork.nullable() },
  /**
   * What is known of a network that was scored, besides or as a candidate: the number of the row is 0 where it is no
   * candidate. Throws `unknown-candidate`.
   */
  'candidate.network': { args: network, result: candidateDetail },
  /**
   * Scores it if that was not done, and takes its latency, from the run's source or on this computer where the run
   * counts MACs. Null where that was cancelled.
   */
  'candidate.measureNetwork': { args: network, result: measuredLatency.nullable() },
  /**
   * Asks for a folder, scores the network unless it has been scored, and writes its files; null if cancelled.
   */
  'candidate.exportNetwork': {
    args: z.tuple([
      z.strictObject({
        run,
        genotype,
        formats: z.array(z.enum(exportFormats)).min(1),
        ranges: rangeChoiceSchema,
      }),
    ]),
    result: z.object({ folder: z.string(), files: z.array(z.string()) }).nullable(),
  },
  /** Cancels scoring or measuring again. */
  'candidate.cancelAgain': { args: z.tuple([]), result: z.null() },
  /** The front's hypervolume by generation, as shares of the last; thinned where there are many. */
  'runs.trend': { args: z.tuple([z.strictObject({ run })]), result: z.array(z.number()) },
  /** Opens run files dropped onto the window. Only the bridge's own `drop` calls this: pages know no paths. */
  'runs.dropped': {
    args: z.tuple([z.strictObject({ paths: z.array(z.string().min(1)).min(1).max(1000) })]),
    result: z.null(),
  },
} as const;
