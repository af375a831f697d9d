/** The result of a benchmark as a file: versioned JSON, one scored network after the other. */
import { z } from 'zod';
import {
  benchmarkEnds,
  benchmarkResultSchema,
  benchmarkSettingsSchema,
} from '../common/benchmarks.ts';
import { errorReportSchema } from '../common/report.ts';
import { recordFile } from './record-file.ts';

const format = 'zico-benchmark';
const version = 1;

export const benchmarkRecord = z.object({
  format: z.literal(format),
  version: z.literal(version),
  createdAt: z.string(),
  productVersion: z.string(),
  status: z.enum(benchmarkEnds),
  error: errorReportSchema.nullable(),
  settings: benchmarkSettingsSchema,
  ...benchmarkResultSchema.shape,
  seconds: z.number().nonnegative(),
});
export type BenchmarkRecord = z.infer<typeof benchmarkRecord>;

/** The format and version that a new record states. */
export const benchmarkFormat = { format, version } as const;

export const benchmarkFile = recordFile(benchmarkFormat, benchmarkRecord);
