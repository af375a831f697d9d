/** Benchmarks in the window: their settings, and the results as they are stored and shown. */
import { z } from 'zod';
import { networkFactsSchema } from './network-facts.ts';
import { batchesRange, batchSizeRange, seedRange, wholeIn, type WholeRange } from './ranges.ts';
import { errorReportSchema } from './report.ts';
import { presets } from './settings/score.ts';
import { biasLayerSets, biasSizes } from './zico-bc.ts';
import { weightSchemes } from './weight-schemes.ts';

/** Spaces for which accuracies ship with the product. */
export const benchmarkSpaces = ['nats-sss', 'nas-bench-201'] as const;
export type BenchmarkSpace = (typeof benchmarkSpaces)[number];

/** Number of networks to draw at random; at most all of NATS-Bench's size space. */
export const countRange: WholeRange = { from: 2, to: 32_768 };

export const benchmarkSettingsSchema = z.object({
  space: z.enum(benchmarkSpaces),
  count: wholeIn(countRange),
  /** Seeds the choice of networks, the batches and the initial weights. */
  seed: wholeIn(seedRange),
  /** Results older than presets depend on the other settings alone. */
  preset: z.enum(presets).default('custom'),
  weights: z.enum(weightSchemes),
  batches: wholeIn(batchesRange),
  batchSize: wholeIn(batchSizeRange),
  termCap: z.number().positive(),
  /** The default is how older results, made before this choice existed, counted it. */
  biasSize: z.enum(biasSizes).default('scoring'),
  biasLayers: z.enum(biasLayerSets).default('all'),
  /** Whether to score everything twice more: with other initial weights and with other batches. */
  repeatability: z.boolean(),
});
export type BenchmarkSettings = z.infer<typeof benchmarkSettingsSchema>;

/** The passes: networks are scored once, and once more for each further pass. */
export const benchmarkPasses = ['scores', 'otherWeights', 'otherBatches'] as const;
export type BenchmarkPass = (typeof benchmarkPasses)[number];

/** How a benchmark ended: finished, stopped by a person, or failed with an error. Scores up to then are kept. */
export const benchmarkEnds = ['finished', 'stopped', 'failed'] as const;

const whole = z.number().int().nonnegative();
const plainScore = z.object({
  ...{ zico: z.number(), zicoCapped: z.number(), bias: z.number() },
  /** True if no layer gets a gradient: the network ranks below all others. */
  ranksLast: z.boolean().optional(),
});

export const benchmarkedNetworkSchema = z.object({
  genotype: z.string(),
  parameters: whole,
  macs: whole,
  /** Percentages, in the order of the table's columns. */
  accuracies: z.array(z.number()),
  scores: plainScore,
  /** Absent in older benchmarks. */
  facts: networkFactsSchema.optional(),
  /** Null until scored again, and if that failed. */
  otherWeights: plainScore.nullable(),
  otherBatches: plainScore.nullable(),
});
export type BenchmarkedNetwork = z.infer<typeof benchmarkedNetworkSchema>;

/** What was found, and which engine scored. */
export const benchmarkResultSchema = z.object({
  /** Describes the images used; null if none were drawn. */
  data: z.string().nullable(),
  engine: z.object({ name: z.string(), version: z.string(), threads: whole }).nullable(),
  scoring: z.object({ workers: whole, threads: whole }).nullable(),
  /** Names of the table's accuracy columns. */
  columns: z.array(z.string()),
  networks: z.array(benchmarkedNetworkSchema),
  /** Networks left out of a pass because scoring them failed. */
  failed: z.array(z.object({ genotype: z.string(), pass: z.string(), error: errorReportSchema })),
});
