/** Finds out what kind of data a file or folder holds, and opens it. Runs in the data child: it decodes. */
import path from 'node:path';
import { WorkbenchError } from '../errors.ts';
import type { Dataset } from './dataset.ts';
import { dataKinds } from './kinds/index.ts';
import { namesMasks } from './kinds/image-masks.ts';
import type { DataKind } from './kinds/kind.ts';
import { hasPicture, placeAt, type DataPlace } from './listing.ts';
import { notRecognised } from './not-recognised.ts';
import { ProblemList, UnusableFile } from './problems.ts';
import type { OpenRequest } from './protocol.ts';

/** Archives unpack into one folder, and some into two nested ones. */
const deepest = 2;

/**
 * Opens without decoding any image. Throws `data-not-found`, `data-not-readable`, `unknown-data-kind`,
 * `data-not-recognised` (saying what was looked for), and what the kind refuses: `no-images`, `not-coco`,
 * `json-malformed`, `data-ambiguous`, `shape-mismatch`, `npy-type`, `npy-malformed`, `too-few-classes`.
 */
export async function openDataset(request: OpenRequest): Promise<Dataset> {
  const kinds = kindsFor(request);
  let place = await placeAt(request.path);
  for (let depth = 0; ; depth++) {
    for (const kind of kinds) {
      const dataset = await opened(kind, place);
      if (!dataset) continue;
      if (!request.task || dataset.task === request.task) return withProblems(dataset, place);
      throw new WorkbenchError(
        'data-do-not-fit',
        `${request.path} is data for ${dataset.task} (${dataset.description}), not for ${request.task}.`,
        `Choose data for ${request.task}.`,
      );
    }
    const inner = depth < deepest ? await folderOfPictures(place) : null;
    if (inner === null) break;
    place = await placeAt(path.join(place.path, inner));
  }
  throw await notRecognised(request, kinds, place);
}

/** What is wrong with names in the folder itself belongs to the data set as well. */
function withProblems<D extends Dataset>(dataset: D, { problems }: DataPlace): D {
  if (problems.problemCount === 0) return dataset;
  const all = ProblemList.of(dataset);
  for (const { file, reason } of problems.problems) all.add(file, reason);
  const { problemCount, kinds: problemKinds } = all;
  return { ...dataset, problems: all.problems, problemCount, problemKinds };
}

/** The only folder, or of several the only one with pictures, next to lists and code. */
async function folderOfPictures({ path: parent, folders }: DataPlace): Promise<string | null> {
  const [first, ...others] = folders;
  if (first === undefined || others.length === 0) return first ?? null;
  const pictured: string[] = [];
  for (const name of folders) {
    if (await hasPicture(path.join(parent, name)).catch(() => false)) pictured.push(name);
  }
  // Masks beside a folder that holds everything else.
  const candidates =
    pictured.length === 2 ? pictured.filter((name) => !namesMasks(name)) : pictured;
  return candidates.length === 1 ? candidates[0]! : null;
}

/** A file whose fault affects the whole data set, not one image. */
async function opened(kind: DataKind, place: DataPlace): Promise<Dataset | null> {
  try {
    return await kind.open(place);
  } catch (cause) {
    if (!(cause instanceof UnusableFile)) throw cause;
    const { file, reason } = cause.problem;
    throw new WorkbenchError('data-not-readable', `${file} ${reason}.`, 'Replace the file.', {
      cause,
    });
  }
}

function kindsFor({ kind, task }: OpenRequest): readonly DataKind[] {
  if (kind === undefined || kind === null) {
    return dataKinds.filter(
      ({ onlyByName = false, tasks }) => !onlyByName && (!task || tasks.includes(task)),
    );
  }
  const named = dataKinds.find(({ name }) => name === kind);
  if (named) return [named];
  throw new WorkbenchError(
    'unknown-data-kind',
    `There is no kind of data "${kind}".`,
    `Use one of ${dataKinds.map(({ name }) => name).join(', ')}.`,
  );
}
