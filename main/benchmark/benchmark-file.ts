/** The result of a benchmark as a file: versioned JSON, one scored network after the other. */
import { z } from 'zod';
import { readInputFile } from '../files.ts';
import { WorkbenchError } from '../errors.ts';
import { weightSchemes } from '../common/weight-schemes.ts';
import { writeFileAtomically } from '../atomic-write.ts';

const format = 'zico-benchmark';
const version = 1;

const whole = z.number().int().nonnegative();

export const benchmarkSettings = z.object({
  space: z.string(),
  /** Networks drawn at random. */
  count: z.number().int().min(2),
  /** Of networks, batches and initial weights. */
  seed: z.number().int().min(0).max(0xffff_ffff),
  weights: z.enum(weightSchemes),
  batches: z.number().int().min(2).max(64),
  batchSize: z.number().int().min(1).max(4096),
  termCap: z.number().positive(),
  /** Scored twice more: with other initial weights and with other batches. */
  repeatability: z.boolean(),
});
export type BenchmarkSettings = z.infer<typeof benchmarkSettings>;

const plainScore = z.object({ zico: z.number(), zicoCapped: z.number(), bias: z.number() });

const network = z.object({
  genotype: z.string(),
  parameters: whole,
  macs: whole,
  /** In %, along `columns`. */
  accuracies: z.array(z.number()),
  scores: plainScore,
  /** Null until scored again, and where that failed. */
  otherWeights: plainScore.nullable(),
  otherBatches: plainScore.nullable(),
});
export type BenchmarkedNetwork = z.infer<typeof network>;

const report = z.object({ code: z.string(), message: z.string(), hint: z.string() });

export const benchmarkRecord = z.object({
  format: z.literal(format),
  version: z.literal(version),
  createdAt: z.string(),
  productVersion: z.string(),
  /** Stopped by a person, or ended by an error: what was scored until then is kept. */
  status: z.enum(['finished', 'stopped', 'failed']),
  error: report.nullable(),
  settings: benchmarkSettings,
  /** Describes the images that were drawn; null where it did not come to that. */
  data: z.string().nullable(),
  engine: z.object({ name: z.string(), version: z.string(), threads: whole }).nullable(),
  scoring: z.object({ workers: whole, threads: whole }).nullable(),
  seconds: z.number().nonnegative(),
  /** The table's columns of accuracies. */
  columns: z.array(z.string()),
  networks: z.array(network),
  /** Networks that were left out, of one pass or another. */
  failed: z.array(z.object({ genotype: z.string(), pass: z.string(), error: report })),
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
  const head = z.object({ format: z.literal(format), version: whole }).safeParse(content);
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
