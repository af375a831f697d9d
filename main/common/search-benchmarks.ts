/** How good searches are, by known accuracies: what is asked, and what is stored and shown of it. */
import { z } from 'zod';
import { benchmarkSpaces } from './benchmarks.ts';
import { scoringPlanSchema } from './engines.ts';
import type { Spread } from './order-statistics.ts';
import { batchesRange, batchSizeRange, seedRange, wholeIn, type WholeRange } from './ranges.ts';
import { searchMethods } from './settings/method.ts';
import { presets } from './settings/score.ts';
import { weightSchemes } from './weight-schemes.ts';

/** Candidates of a search: fewer than a dozen teach a model nothing. */
export const searchedRange: WholeRange = { from: 10, to: 2_000 };
/** Searches by each method. */
export const seedsRange: WholeRange = { from: 1, to: 20 };

export const searchBenchmarkSettingsSchema = z.object({
  space: z.enum(benchmarkSpaces),
  methods: z.array(z.enum(searchMethods)).min(1),
  count: wholeIn(searchedRange),
  seeds: wholeIn(seedsRange),
  /** Of images and initial weights, and of the first search; the next have the seeds after it. */
  seed: wholeIn(seedRange),
  preset: z.enum(presets),
  beta: z.number().min(0).max(10),
  weights: z.enum(weightSchemes),
  batches: wholeIn(batchesRange),
  batchSize: wholeIn(batchSizeRange),
  /** Null ranks by the plain score. */
  termCap: z.number().positive().nullable(),
});
export type SearchBenchmarkSettings = z.infer<typeof searchBenchmarkSettingsSchema>;

/** Over the seeds. */
export const spreadSchema: z.ZodType<Spread> = z.object({
  median: z.number(),
  least: z.number(),
  most: z.number(),
});

/** Regret in percentage points and share of the true hypervolume, by column of the table. */
const quality = z.object({
  networks: spreadSchema,
  regret: z.record(z.string(), spreadSchema),
  hypervolume: z.record(z.string(), spreadSchema),
});
export type Quality = Readonly<z.infer<typeof quality>>;

/** What of a search is judged: which networks stand on the front, and by what they are ranked. */
export const judgedFronts = ['offered', 'scored', 'raw'] as const;
export type JudgedFront = (typeof judgedFronts)[number];

const qualityAfter = z.object({
  candidates: z.number().int(),
  /** The front of estimates over the whole space, which a guided search offers. */
  offered: quality,
  /** Scored networks, by their estimates. */
  scored: quality,
  /** Scored networks, by their scores. */
  raw: quality,
});
export type QualityAfter = Readonly<z.infer<typeof qualityAfter>>;

/** Fronts of all networks by what needs no score; `accuracy` is the best there is. */
export const baselines = ['parameters', 'macs', 'widths', 'accuracy'] as const;
export type ReferenceRule = (typeof baselines)[number];

export const searchBenchmarkResultSchema = z.object({
  columns: z.array(z.string()),
  /** MACs. */
  budgets: z.array(z.number()),
  scoring: scoringPlanSchema,
  methods: z.array(z.object({ search: z.enum(searchMethods), after: z.array(qualityAfter) })),
  /** By the accuracy of a column for that column. */
  baselines: z.record(z.enum(baselines), quality),
  /** Scores that were computed, and that were kept from earlier. */
  computed: z.number().int(),
  reused: z.number().int(),
});
