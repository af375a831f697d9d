/** The part of the contract that speaks of benchmarks: scores held against known accuracies. */
import { z } from 'zod';
import { weightSchemes } from '../main/common/weight-schemes.ts';
import { errorReportSchema } from '../main/common/report.ts';

/** Opaque name of a benchmark; never a path. */
const benchmarkId = z.string().min(1).max(200);

export const benchmarkSettings = z.strictObject({
  space: z.literal('nats-sss'),
  count: z.number().int().min(2).max(32_768),
  seed: z.number().int().min(0).max(0xffff_ffff),
  weights: z.enum(weightSchemes),
  batches: z.number().int().min(2).max(64),
  batchSize: z.number().int().min(1).max(128),
  termCap: z.number().positive(),
  repeatability: z.boolean(),
});
export type BenchmarkSettings = z.infer<typeof benchmarkSettings>;

const state = z.enum(['running', 'stopping', 'finished', 'stopped', 'failed']);
export type BenchmarkState = z.infer<typeof state>;

export const benchmarkSummary = z.object({
  benchmark: benchmarkId,
  state,
  createdAt: z.string(),
  /** Null when the file could not be read. */
  settings: benchmarkSettings.nullable(),
  /** Networks scored. */
  scored: z.number(),
  seconds: z.number(),
  /** Set when the file could not be read, or when an error ended the benchmark. */
  error: errorReportSchema.nullable(),
});
export type BenchmarkSummary = z.infer<typeof benchmarkSummary>;

const plainScore = z.object({ zico: z.number(), zicoCapped: z.number(), bias: z.number() });

/** One scored network. */
export const benchmarkedNetwork = z.object({
  genotype: z.string(),
  parameters: z.number(),
  macs: z.number(),
  /** In %, along the columns. */
  accuracies: z.array(z.number()),
  scores: plainScore,
  otherWeights: plainScore.nullable(),
  otherBatches: plainScore.nullable(),
});
export type BenchmarkedNetwork = z.infer<typeof benchmarkedNetwork>;

export const benchmarkPass = z.enum(['scores', 'otherWeights', 'otherBatches']);
export type BenchmarkPass = z.infer<typeof benchmarkPass>;

export const benchmarkView = z.object({
  summary: benchmarkSummary,
  /** Null unless it runs. */
  progress: z
    .object({
      pass: benchmarkPass,
      /** Of all passes together, with those left out. */
      done: z.number(),
      all: z.number(),
      secondsLeft: z.number().nullable(),
    })
    .nullable(),
  /** Describes the images drawn. */
  data: z.string().nullable(),
  engine: z.object({ name: z.string(), version: z.string(), threads: z.number() }).nullable(),
  scoring: z.object({ workers: z.number(), threads: z.number() }).nullable(),
  columns: z.array(z.string()),
  networks: z.array(benchmarkedNetwork),
  failed: z.array(z.object({ genotype: z.string(), pass: z.string(), error: errorReportSchema })),
});
export type BenchmarkView = z.infer<typeof benchmarkView>;

const none = z.tuple([]);
const nothing = z.null();

export const benchmarkMethods = {
  /** The newest first. */
  'benchmarks.list': { args: none, result: z.array(benchmarkSummary) },
  /** Throws `search-running`, `models-being-scored`, `benchmark-running`. */
  'benchmarks.start': {
    args: z.tuple([z.strictObject({ settings: benchmarkSettings })]),
    result: z.object({ benchmark: benchmarkId }),
  },
  'benchmarks.view': {
    args: z.tuple([z.strictObject({ benchmark: benchmarkId })]),
    result: benchmarkView,
  },
  /** Ends the one that runs; what it scored is kept. */
  'benchmarks.stop': { args: none, result: nothing },
  /** Deletes the file of one that does not run. */
  'benchmarks.delete': {
    args: z.tuple([z.strictObject({ benchmark: benchmarkId })]),
    result: nothing,
  },
} as const;

export const benchmarkEvents = {
  /** The list or the running benchmark changed; the page asks again. */
  'benchmarks.changed': z.object({}),
} as const;
