/** Files at fault: thrown where one is met, collected where the work goes on without it. */
import type { FileHandle } from 'node:fs/promises';
import { WorkbenchError } from '../errors.ts';
import { NotRegular, openRegular } from '../regular-file.ts';
import type { DataProblem } from './batches.ts';
import type { UnusableImage } from './dataset.ts';

/** How many problems of a data set are kept word by word. */
const keptProblems = 50;

/** Thrown by whatever reads one image; drawing goes on without it. */
export class UnusableFile extends Error {
  readonly problem: DataProblem;

  /** @param reason without the file's name and without a full stop */
  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(`${file}: ${reason}`, options);
    this.problem = { file, reason };
  }
}

/** The first problems word by word, and how many there are; what is said twice counts once. */
export class ProblemList {
  readonly problems: DataProblem[] = [];
  problemCount = 0;

  add(file: string, reason: string): void {
    if (this.problems.some((known) => known.file === file && known.reason === reason)) return;
    this.problemCount += 1;
    if (this.problems.length < keptProblems) this.problems.push({ file, reason });
  }
}

/** Runs a reader; a file at fault becomes a result, anything else stays an error. */
export async function usable<I>(read: () => Promise<I>): Promise<I | UnusableImage> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UnusableFile) return { problem: error.problem };
    throw error;
  }
}

export function isUnusable(image: object): image is UnusableImage {
  return 'problem' in image;
}

/** The error for data that were found but hold nothing to draw. */
export function noImages(where: string, what: string, hint: string): WorkbenchError {
  return new WorkbenchError('no-images', `${where} ${what}.`, hint);
}

/** Opens a file of a data set for reading; the caller closes. Throws `data-not-readable`. */
export async function openData(file: string): Promise<FileHandle> {
  try {
    return (await openRegular(file)).handle;
  } catch (cause) {
    const said = cause instanceof NotRegular ? new NotRegular(`it ${cause.message}`) : cause;
    throw notReadable(file, said);
  }
}

export function notReadable(file: string, cause: unknown): WorkbenchError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new WorkbenchError(
    'data-not-readable',
    `${file} cannot be read: ${reason}.`,
    'Check the permissions of the file or folder, or pass other data.',
    { cause },
  );
}
