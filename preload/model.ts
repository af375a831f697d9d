/** What a model of a run's scores expects, and what it knows, as it crosses between main side and page. */
import { z } from 'zod';

const share = z.number().min(0).max(1);

export const expectedNetwork = z.object({
  genotype: z.string(),
  /** Whether it was scored, as a candidate or besides. */
  scored: z.boolean(),
  /** Of the candidate; null where it is none. */
  id: z.number().int().positive().nullable(),
  /** MACs or milliseconds, as the run searches; predicted where it was not measured. */
  cost: z.number(),
  score: z.number(),
  /** Standard deviation of the score that is expected. */
  deviation: z.number().nonnegative(),
  /** In how many of all draws of the scores it would be on the front. */
  frontShare: share,
});
export type ExpectedNetwork = z.infer<typeof expectedNetwork>;

export const geneEffects = z.object({
  gene: z.string(),
  choices: z.array(z.object({ choice: z.string(), score: z.number(), logCost: z.number() })),
});
export type GeneEffects = z.infer<typeof geneEffects>;

export const runModel = z.object({
  /** Candidates that it was made from. */
  candidates: z.number().int().nonnegative(),
  /** From cheap to dear. */
  front: z.array(expectedNetwork),
  /** What is expected of the candidates that were scored: three columns. */
  estimates: z.object({
    ids: z.array(z.number().int().positive()),
    scores: z.array(z.number()),
    deviations: z.array(z.number().nonnegative()),
  }),
  /** Null where there are too few scores to know anything. */
  knowledge: z
    .object({
      foretold: z.number().int().nonnegative(),
      rankCorrelation: z.number().nullable(),
      genes: z.array(geneEffects),
    })
    .nullable(),
});
export type RunModel = z.infer<typeof runModel>;
