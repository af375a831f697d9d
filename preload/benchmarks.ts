/** The part of the contract about benchmarks: scores compared with known accuracies. */
import { z } from 'zod';
import {
  benchmarkEnds,
  benchmarkPasses,
  benchmarkResultSchema,
  benchmarkSettingsSchema,
  judgedPredictorsSchema,
} from '../main/common/benchmarks.ts';
import { predictors } from '../main/common/predictors.ts';
import { errorReportSchema } from '../main/common/report.ts';

/** Opaque identifier of a benchmark, never a path. */
const benchmarkId = z.string().min(1).max(200);

const state = z.enum(['running', 'stopping', ...benchmarkEnds]);
export type BenchmarkState = z.infer<typeof state>;

export const benchmarkSummary = z.object({
  benchmark: benchmarkId,
  state,
  createdAt: z.string(),
  /** Null if the file could not be read. */
  settings: benchmarkSettingsSchema.nullable(),
  /** Number of networks scored. */
  scored: z.number(),
  seconds: z.number(),
  /** Set if the file could not be read, or if an error ended the benchmark. */
  error: errorReportSchema.nullable(),
});
export type BenchmarkSummary = z.infer<typeof benchmarkSummary>;

export const benchmarkView = z.object({
  summary: benchmarkSummary,
  /** Null unless it is running. */
  progress: z
    .object({
      pass: z.enum(benchmarkPasses),
      /** Networks of all passes together, including those left out. */
      done: z.number(),
      all: z.number(),
      secondsLeft: z.number().nullable(),
    })
    .nullable(),
  ...benchmarkResultSchema.shape,
});
export type BenchmarkView = z.infer<typeof benchmarkView>;

const none = z.tuple([]);
const nothing = z.null();

export const benchmarkMethods = {
  /** Lists all benchmarks, newest first. */
  'benchmarks.list': { args: none, result: z.array(benchmarkSummary) },
  /** Throws `search-running`, `models-being-scored`, `benchmark-running`. */
  'benchmarks.start': {
    args: z.tuple([z.strictObject({ settings: benchmarkSettingsSchema.strict() })]),
    result: z.object({ benchmark: benchmarkId }),
  },
  'benchmarks.view': {
    args: z.tuple([z.strictObject({ benchmark: benchmarkId })]),
    result: benchmarkView,
  },
  /** Ends the running benchmark; what it scored is kept. */
  'benchmarks.stop': { args: none, result: nothing },
  /**
   * Judges the networks of one that does not run, for a beta: in a process of its own, one at a time. With models,
   * which take a minute or more, nothing else may compute; without, those of earlier are told. Null where it was
   * cancelled, by a person or by the next question. Throws `benchmark-running` of one that runs.
   */
  'benchmarks.judge': {
    args: z.tuple([
      z.strictObject({
        benchmark: benchmarkId,
        beta: z.number().min(0).max(100),
        models: z.boolean(),
        /** Absent: all. */
        only: z.array(z.enum(predictors)).optional(),
      }),
    ]),
    result: judgedPredictorsSchema.nullable(),
  },
  'benchmarks.cancelJudging': { args: none, result: nothing },
  /** Deletes the file of one that does not run. */
  'benchmarks.delete': {
    args: z.tuple([z.strictObject({ benchmark: benchmarkId })]),
    result: nothing,
  },
} as const;

export const benchmarkEvents = {
  /** The list or the running benchmark changed; the page asks again. */
  'benchmarks.changed': z.object({}),
  /** How many of the predictors are judged. */
  'benchmarks.judging': z.object({ benchmark: benchmarkId, done: z.number(), all: z.number() }),
} as const;
