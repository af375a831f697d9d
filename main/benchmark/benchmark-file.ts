/** The result of a benchmark as a file: versioned JSON, one scored network after the other. */
import { z } from 'zod';
import {
  benchmarkEnds,
  benchmarkResultSchema,
  benchmarkSettingsSchema,
} from '../common/benchmarks.ts';
import { errorReportSchema } from '../common/report.ts';
import { readInputFile } from '../files.ts';
import { WorkbenchError } from '../errors.ts';
import { writeFileAtomically } from '../atomic-write.ts';

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

/** Of a new record. */
export const benchmarkFormat = { format, version } as const;

/** Throws `folder-not-writable`, `disk-full`. */
export async function writeBenchmarkFile(file: string, record: BenchmarkRecord): Promise<void> {
  await writeFileAtomically(file, new TextEncoder().encode(`${JSON.stringify(record)}\n`));
}

/** Throws `file-not-found`, `file-not-readable`, `not-a-benchmark-file`, `newer-version`. */
export async function readBenchmarkFile(file: string): Promise<BenchmarkRecord> {
  const content = parsed(new TextDecoder().decode(await readInputFile(file)), file);
  const head = z.object({ format: z.literal(format), version: z.number() }).safeParse(content);
  if (!head.success) throw notABenchmark(file, 'it does not say that it is one');
  if (head.data.version > version) {
    throw new WorkbenchError(
      'newer-version',
      `${file} was written by a newer version of ZiCo Workbench.`,
      'Update ZiCo Workbench to open it.',
    );
  }
  const record = benchmarkRecord.safeParse(content);
  if (record.success) return record.data;
  const issue = record.error.issues[0]!;
  throw notABenchmark(file, `${issue.path.join('.')}: ${issue.message}`);
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notABenchmark(file, cause instanceof Error ? cause.message : String(cause));
  }
}

function notABenchmark(file: string, why: string): WorkbenchError {
  return new WorkbenchError(
    'not-a-benchmark-file',
    `${file} is not the result of a benchmark (${why}).`,
    'Delete it, and run the benchmark again.',
  );
}
