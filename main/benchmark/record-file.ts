/** Results of benchmarks as files: versioned JSON that says what it is. */
import { z } from 'zod';
import { writeFileAtomically } from '../atomic-write.ts';
import { readInputFile } from '../files.ts';
import { WorkbenchError } from '../errors.ts';

/** How a kind of result is written and read. */
export interface RecordFile<R> {
  /** Throws `folder-not-writable`, `disk-full`. */
  write(file: string, record: R): Promise<void>;
  /** Throws `file-not-found`, `file-not-readable`, `not-a-benchmark-file`, `newer-version`. */
  read(file: string): Promise<R>;
}

/**
 * @param format the name of the format, which such a file states
 * @param version the latest version that this product reads and writes
 */
export function recordFile<R>(
  { format, version }: { readonly format: string; readonly version: number },
  schema: z.ZodType<R>,
): RecordFile<R> {
  return {
    async write(file, record) {
      await writeFileAtomically(file, new TextEncoder().encode(`${JSON.stringify(record)}\n`));
    },
    async read(file) {
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
      const record = schema.safeParse(content);
      if (record.success) return record.data;
      const issue = record.error.issues[0]!;
      throw notABenchmark(file, `${issue.path.join('.')}: ${issue.message}`);
    },
  };
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
