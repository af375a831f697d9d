/** Faulty files: thrown where one is found, collected where work continues without it. */
import type { FileHandle } from 'node:fs/promises';
import { WorkbenchError } from '../errors.ts';
import { NotRegular, openRegular } from '../regular-file.ts';
import type { DataProblem, ProblemKind } from './batches.ts';
import type { UnusableImage } from './dataset.ts';
import { noteParts } from './witness.ts';

/** How many problems of a data set are kept word for word. */
const keptProblems = 50;

/** Thrown by whatever reads one image; drawing continues without that image. */
export class UnusableFile extends Error {
  readonly problem: DataProblem;

  /** @param reason without the file's name and without a full stop */
  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(`${file}: ${reason}`, options);
    this.problem = { file, reason };
  }
}

/** How many problems of each kind are kept word for word, and how many kinds. */
const keptExamples = 3;
const keptKinds = 100;

/** The first problems word for word, how many there are, and of which kinds; repeated ones count once. */
export class ProblemList {
  readonly problems: DataProblem[] = [];
  problemCount = 0;
  readonly #said = new Set<string>();
  readonly #kinds = new Map<string, { count: number; readonly examples: DataProblem[] }>();

  add(file: string, reason: string): void {
    const said = `${file}\0${reason}`;
    if (this.#said.has(said)) return;
    // Of a million problems only the first are remembered, as few of the others are likely to occur twice.
    if (this.#said.size < 100_000) this.#said.add(said);
    this.problemCount += 1;
    if (this.problems.length < keptProblems) this.problems.push({ file, reason });
    const kind = kindOf(reason);
    const known = this.#kinds.get(kind);
    if (known) {
      known.count += 1;
      if (known.examples.length < keptExamples) known.examples.push({ file, reason });
    } else if (this.#kinds.size < keptKinds) {
      this.#kinds.set(kind, { count: 1, examples: [{ file, reason }] });
    }
  }

  /** Of a data set that was opened: what was found then, of which the first are known word for word. */
  static of(found: {
    readonly problems: readonly DataProblem[];
    readonly problemCount: number;
    readonly problemKinds?: readonly ProblemKind[];
  }): ProblemList {
    const list = new ProblemList();
    for (const { file, reason } of found.problems) list.add(file, reason);
    list.problemCount += found.problemCount - found.problems.length;
    for (const { kind, count, examples } of found.problemKinds ?? []) {
      list.#kinds.set(kind, { count, examples: [...examples] });
    }
    return list;
  }

  /** The most frequent first. */
  get kinds(): readonly ProblemKind[] {
    return [...this.#kinds]
      .map(([kind, found]) => ({ kind, ...found }))
      .sort((one, other) => other.count - one.count);
  }
}

/** A reason without its particulars: numbers, quoted names, paths. */
function kindOf(reason: string): string {
  return reason
    .replace(/^(?:line|image|annotation) \d+(?: \([^)]*\))?: /, '')
    .replace(/"[^"]*"/g, '"…"')
    .replace(/#[0-9a-f]{6}\b/g, '#…')
    .replace(/-?\d+(?:\.\d+)?/g, '…')
    .replace(/(?:\/|[A-Z]:\\)\S+/g, '…');
}

/**
 * Runs a reader; a faulty file becomes a result, anything else remains an error.
 * @param read tells `counted` as what the data set's `classCounts` have counted the image, as soon as it knows
 */
export async function orUnusable<I>(
  read: (counted: (classes: readonly number[]) => void) => Promise<I>,
): Promise<I | UnusableImage> {
  const known: { countedAs?: readonly number[] } = {};
  try {
    return await read((classes) => {
      known.countedAs = classes;
    });
  } catch (error) {
    if (!(error instanceof UnusableFile)) throw error;
    return { problem: error.problem, ...known };
  }
}

export function isUnusable(image: object): image is UnusableImage {
  return 'problem' in image;
}

/** The error for data that were found but contain nothing to draw. */
export function noImages(where: string, what: string, hint: string): WorkbenchError {
  return new WorkbenchError('no-images', `${where} ${what}.`, hint);
}

/**
 * Opens a file of a data set, to read parts of it; the caller closes. Throws `data-not-readable`,
 * `data-changed-meanwhile`.
 */
export async function openData(file: string): Promise<FileHandle> {
  try {
    const { handle } = await openRegular(file);
    try {
      noteParts(file, await handle.stat());
      return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (cause) {
    if (cause instanceof WorkbenchError) throw cause;
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
