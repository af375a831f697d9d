/** Benchmarks of the window: their settings, and what is stored and shown of them. */
import { z } from 'zod';
import { networkFactsSchema } from './network-facts.ts';
import { batchesRange, batchSizeRange, seedRange, wholeIn, type WholeRange } from './ranges.ts';
import { errorReportSchema } from './report.ts';
import { presets } from './settings/score.ts';
import { biasLayerSets, biasSizes } from './zico-bc.ts';
import { weightSchemes } from './weight-schemes.ts';

/** Spaces of which the product knows accuracies. */
export const benchmarkSpaces = ['nats-sss', 'nas-bench-201'] as const;
export type BenchmarkSpace = (typeof benchmarkSpaces)[number];

/** Networks drawn at random, at most all that NATS-Bench's size space has. */
export const countRange: WholeRange = { from: 2, to: 32_768 };

export const benchmarkSettingsSchema = z.object({
  space: z.enum(benchmarkSpaces),
  count: wholeIn(countRange),
  /** Of networks, batches and initial weights. */
  seed: wholeIn(seedRange),
  /** Results from before presets were made by the other settings alone. */
  preset: z.enum(presets).default('custom'),
  weights: z.enum(weightSchemes),
  batches: wholeIn(batchesRange),
  batchSize: wholeIn(batchSizeRange),
  termCap: z.number().positive(),
  /** As results from before the choice counted it. */
  biasSize: z.enum(biasSizes).default('scoring'),
  biasLayers: z.enum(biasLayerSets).default('all'),
  /** Scored twice more: with other initial weights and with other batches. */
  repeatability: z.boolean(),
});
export type BenchmarkSettings = z.infer<typeof benchmarkSettingsSchema>;

/** The networks are scored once, or once more for each of the other passes. */
export const benchmarkPasses = ['scores', 'otherWeights', 'otherBatches'] as const;
export type BenchmarkPass = (typeof benchmarkPasses)[number];

/** How a benchmark ended: stopped by a person, or by an error; what was scored until then is kept. */
export const benchmarkEnds = ['finished', 'stopped', 'failed'] as const;

const whole = z.number().int().nonnegative();
const plainScore = z.object({
  ...{ zico: z.number(), zicoCapped: z.number(), bias: z.number() },
  /** No layer gets a gradient: it ranks below all others. */
  ranksLast: z.boolean().optional(),
});

export const benchmarkedNetworkSchema = z.object({
  genotype: z.string(),
  parameters: whole,
  macs: whole,
  /** In %, along the table's columns. */
  accuracies: z.array(z.number()),
  scores: plainScore,
  /** Absent in benchmarks that are older. */
  facts: networkFactsSchema.optional(),
  /** Null until scored again, and where that failed. */
  otherWeights: plainScore.nullable(),
  otherBatches: plainScore.nullable(),
});
export type BenchmarkedNetwork = z.infer<typeof benchmarkedNetworkSchema>;

/** What was found, and by whom. */
export const benchmarkResultSchema = z.object({
  /** Describes the images that were drawn; null where none were drawn. */
  data: z.string().nullable(),
  engine: z.object({ name: z.string(), version: z.string(), threads: whole }).nullable(),
  scoring: z.object({ workers: whole, threads: whole }).nullable(),
  /** The table's columns of accuracies. */
  columns: z.array(z.string()),
  networks: z.array(benchmarkedNetworkSchema),
  /** Networks that were left out, of one pass or another. */
  failed: z.array(z.object({ genotype: z.string(), pass: z.string(), error: errorReportSchema })),
});
