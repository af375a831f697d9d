/** Says what a data set contains, and looks for problems in some of its images. */
import { WorkbenchError } from '../errors.ts';
import type { DataProblem, ProblemKind, Task } from './batches.ts';
import type { Dataset, DatasetInfo } from './dataset.ts';
import { spread } from './groups.ts';
import { isUnusable, ProblemList } from './problems.ts';

export interface Inspection {
  readonly kind: string;
  readonly task: Task;
  readonly description: string;
  /** Without those that were read and cannot be used. */
  readonly images: number;
  /** Names. */
  readonly classes: readonly string[];
  /**
   * Images (classification) or boxes (detection) of each class, without those of images that were read and cannot
   * be used; null where only decoding all could tell.
   */
  readonly classCounts: readonly number[] | null;
  /** Of the first image that could be read; null where none could. */
  readonly imageSize: {
    readonly width: number;
    readonly height: number;
    /** Whether any other image that was looked at has a different size. */
    readonly varies: boolean;
  } | null;
  readonly normalisation: DatasetInfo['normalisation'];
  /** How many images were decoded. */
  readonly checked: number;
  /** How many of those cannot be used. */
  readonly unusable: number;
  /** The first of them; `problemCount` counts all that were found. */
  readonly problems: readonly DataProblem[];
  readonly problemCount: number;
  /** All of them by kind, the most frequent first, each with its first examples. */
  readonly problemKinds: readonly ProblemKind[];
}

type Outcome = Awaited<ReturnType<Dataset['read']>>[number];

/**
 * @param check how many images are decoded, evenly spread over the data set
 * @param hear is told how many of them have been looked at so far
 */
export async function inspectDataset(
  dataset: Dataset,
  check: number,
  hear: (done: number, of: number) => void = () => undefined,
): Promise<Inspection> {
  const looked = spread(dataset.count, check);
  const found = ProblemList.of(dataset);
  const sizes: (readonly [number, number])[] = [];
  const classCounts = dataset.classCounts && [...dataset.classCounts];
  let unusable = 0;
  for (const [done, index] of looked.entries()) {
    hear(done, looked.length);
    const outcome = await readOne(dataset, index);
    const problems = isUnusable(outcome)
      ? [outcome.problem]
      : [...(outcome.warnings ?? []), ...(outcome.notes ?? [])];
    for (const { file, reason } of problems) found.add(file, reason);
    if (isUnusable(outcome)) {
      unusable++;
      for (const one of outcome.countedAs ?? []) {
        if (classCounts && classCounts[one]) classCounts[one] -= 1;
      }
      continue;
    }
    const size = outcome.stored ?? dataset.storedSize;
    if (size) sizes.push(size);
  }
  for (const { file, reason } of (await dataset.changes?.()) ?? []) found.add(file, reason);
  const [first] = sizes;
  return {
    kind: dataset.kind,
    task: dataset.task,
    description: counting(dataset, unusable),
    images: dataset.count - unusable,
    classes: dataset.classNames,
    classCounts,
    imageSize: first
      ? {
          width: first[1],
          height: first[0],
          varies: sizes.some(([height, width]) => height !== first[0] || width !== first[1]),
        }
      : null,
    normalisation: dataset.normalisation,
    checked: looked.length,
    unusable,
    problems: found.problems,
    problemCount: found.problemCount,
    problemKinds: found.kinds,
  };
}

/** A description that begins with the number of images, with the number of those that can be used. */
function counting({ description, count }: Dataset, unusable: number): string {
  const head = `${count} `;
  return unusable > 0 && description.startsWith(head)
    ? `${count - unusable} ${description.slice(head.length)}`
    : description;
}

/** What would end a run is just one more problem here. */
async function readOne(dataset: Dataset, index: number): Promise<Outcome> {
  try {
    return (await dataset.read([index]))[0]!;
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    return { problem: { file: dataset.description, reason: error.message } };
  }
}
