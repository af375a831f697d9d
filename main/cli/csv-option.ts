/** `--csv [file]`: a table for other programs, on standard output or in a file. */
import { badArguments } from '../asked/bad-arguments.ts';
import { writeFileAtomically } from '../atomic-write.ts';
import type { CliEnvironment } from './environment.ts';

export interface CsvOption {
  /** A file name; true prints to standard output. */
  readonly csv?: true | string;
  readonly json?: boolean;
}

/**
 * Throws `bad-arguments` where CSV and JSON would both go to standard output.
 * @param toFile whether the CSV may go to a file instead
 */
export function refuseCsvBesideJson({ csv, json }: CsvOption, toFile = true): void {
  if (csv === true && json === true) {
    throw badArguments(
      '--json and --csv exclude each other.',
      `Leave one of them out${toFile ? ', or name a file: --csv FILE' : ''}.`,
    );
  }
}

/** Throws `folder-not-writable`, `disk-full`. */
export async function writeCsv(
  csv: true | string,
  text: string,
  { stdout }: CliEnvironment,
): Promise<void> {
  if (csv === true) stdout(text);
  else await writeFileAtomically(csv, new TextEncoder().encode(text));
}
