/** The part of the contract about benchmarks of searches: their fronts judged by known accuracies. */
import { z } from 'zod';
import {
  searchBenchmarkResultSchema,
  searchBenchmarkSettingsSchema,
} from '../main/common/search-benchmarks.ts';
import { searchMethods } from '../main/common/settings/method.ts';
import { errorReportSchema } from '../main/common/report.ts';

/** Opaque name of a result; never a path. */
const benchmarkId = z.string().min(1).max(200);
const one = z.tuple([z.strictObject({ benchmark: benchmarkId })]);

const summary = z.object({
  benchmark: benchmarkId,
  createdAt: z.string(),
  /** Null when the file could not be read. */
  settings: searchBenchmarkSettingsSchema.nullable(),
  seconds: z.number(),
  /** Set when the file could not be read. */
  error: errorReportSchema.nullable(),
});
export type SearchBenchmarkSummary = z.infer<typeof summary>;

const whole = z.number().int().nonnegative();
export const searchBenchmarks = z.object({
  running: z
    .object({
      settings: searchBenchmarkSettingsSchema,
      /** The n-th search of a method; null before the first. */
      search: z.object({ method: z.enum(searchMethods), number: whole }).nullable(),
      /** Candidates, of all searches together. */
      done: whole,
      all: whole,
      /** Those whose score was kept from earlier. */
      kept: whole,
      secondsLeft: z.number().nullable(),
      stopping: z.boolean(),
    })
    .nullable(),
  /** Why the latest one ended without a result. */
  error: errorReportSchema.nullable(),
  /** The newest first. */
  results: z.array(summary),
});
export type SearchBenchmarkList = z.infer<typeof searchBenchmarks>;

const view = z.object({ summary, result: searchBenchmarkResultSchema });
export type SearchBenchmarkView = z.infer<typeof view>;

const none = z.tuple([]);
const nothing = z.null();

export const searchBenchmarkMethods = {
  'searchBenchmarks.state': { args: none, result: searchBenchmarks },
  /** Throws `search-running`, `models-being-scored`, `benchmark-running`, `candidate-being-repeated`. */
  'searchBenchmarks.start': {
    args: z.tuple([z.strictObject({ settings: searchBenchmarkSettingsSchema.strict() })]),
    result: nothing,
  },
  'searchBenchmarks.view': { args: one, result: view },
  /** Ends the one that runs; the scores that it computed are kept. */
  'searchBenchmarks.stop': { args: none, result: nothing },
  'searchBenchmarks.delete': { args: one, result: nothing },
} as const;

export const searchBenchmarkEvents = {
  /** What runs or the results changed; the page asks again. */
  'searchBenchmarks.changed': z.object({}),
} as const;
