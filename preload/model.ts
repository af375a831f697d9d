/** What a model of a run's scores expects and knows, as sent from the main side to the page. */
import { z } from 'zod';

const share = z.number().min(0).max(1);

export const expectedNetwork = z.object({
  genotype: z.string(),
  /** Whether it was scored, as a candidate or outside the search. */
  scored: z.boolean(),
  /** Id of the candidate; null if it is none. */
  id: z.number().int().positive().nullable(),
  /** MACs or milliseconds, whichever the run trades; predicted if it was not measured. */
  cost: z.number(),
  score: z.number(),
  /** Standard deviation of the expected score. */
  deviation: z.number().nonnegative(),
  /** Share of random draws of the scores in which it is on the front. */
  frontShare: share,
});
export type ExpectedNetwork = z.infer<typeof expectedNetwork>;

export const geneEffects = z.object({
  gene: z.string(),
  choices: z.array(
    z.object({
      choice: z.string(),
      /** Of the gene; 0 for networks without it. */
      value: z.number(),
      score: z.number(),
      logCost: z.number(),
    }),
  ),
});
export type GeneEffectsView = z.infer<typeof geneEffects>;

export const runModel = z.object({
  /** Number of candidates that the model was fitted to. */
  candidates: z.number().int().nonnegative(),
  /** By rising cost. */
  front: z.array(expectedNetwork),
  /** What is expected of the scored candidates, as three columns. */
  estimates: z.object({
    ids: z.array(z.number().int().positive()),
    scores: z.array(z.number()),
    deviations: z.array(z.number().nonnegative()),
  }),
  /** Null if there are too few scores to know anything. */
  knowledge: z
    .object({
      foretold: z.number().int().nonnegative(),
      rankCorrelation: z.number().nullable(),
      /** Of each model on the way: how well it foretold the scores after those that it knew. */
      course: z.array(
        z.object({
          known: z.number().int().nonnegative(),
          foretold: z.number().int().nonnegative(),
          rankCorrelation: z.number().nullable(),
        }),
      ),
      genes: z.array(geneEffects),
    })
    .nullable(),
});
export type RunModel = z.infer<typeof runModel>;
