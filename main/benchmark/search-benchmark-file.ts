/** The results of searches in a benchmark, as a file: versioned JSON. */
import { z } from 'zod';
import {
  searchBenchmarkResultSchema,
  searchBenchmarkSettingsSchema,
} from '../common/search-benchmarks.ts';
import { recordFile } from './record-file.ts';

const format = 'zico-search-benchmark';
const version = 1;

/** One that was stopped, or failed, has no file: the scores that it computed are kept elsewhere. */
const searchBenchmarkRecord = z.object({
  format: z.literal(format),
  version: z.literal(version),
  createdAt: z.string(),
  productVersion: z.string(),
  settings: searchBenchmarkSettingsSchema,
  result: searchBenchmarkResultSchema,
  seconds: z.number().nonnegative(),
});
export type SearchBenchmarkRecord = z.infer<typeof searchBenchmarkRecord>;

/** The format and version that a new record states. */
export const searchBenchmarkFormat = { format, version } as const;

export const searchBenchmarkFile = recordFile(searchBenchmarkFormat, searchBenchmarkRecord);
