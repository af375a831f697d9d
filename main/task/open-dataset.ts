/** Finds out what kind of data a file or folder holds, and opens it. Runs in the data child: it decodes. */
import path from 'node:path';
import { WorkbenchError } from '../errors.ts';
import type { Dataset } from './dataset.ts';
import { dataKinds } from './kinds/index.ts';
import type { DataKind } from './kinds/kind.ts';
import { hasPicture, placeAt, splitsOf, type Place } from './listing.ts';
import { UnusableFile } from './problems.ts';
import type { OpenRequest } from './protocol.ts';
import type { Known } from '../common/known.ts';

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
      if (!request.task || dataset.task === request.task) return dataset;
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
  throw await notRecognised(request, kinds);
}

/** The only folder, or of several the only one with pictures, next to lists and code. */
async function folderOfPictures({ path: parent, folders }: Place): Promise<string | null> {
  const [first, ...others] = folders;
  if (first === undefined || others.length === 0) return first ?? null;
  const pictured: string[] = [];
  for (const name of folders) {
    if (await hasPicture(path.join(parent, name)).catch(() => false)) pictured.push(name);
    if (pictured.length > 1) return null;
  }
  return pictured[0] ?? null;
}

/** A file whose fault affects the whole data set, not one image. */
async function opened(kind: DataKind, place: Place): Promise<Dataset | null> {
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

/** Advice for files of kinds that people are likely to have. */
function fileHint(file: string): string | null {
  if (/\.(zip|tar|tgz|gz|bz2|xz|7z|rar)$/i.test(file)) {
    return 'Unpack the archive first, and pass the folder that comes out of it.';
  }
  if (/\.(parquet|arrow|tfrecords?|h5|hdf5|mat|pt|pth|pkl|lmdb|mdb|csv|jsonl)$/i.test(file)) {
    return 'Files of this kind are not read: save the images into a folder for each class, or as .npz with inputs and targets.';
  }
  return null;
}

async function notRecognised(
  request: OpenRequest,
  kinds: readonly DataKind[],
): Promise<WorkbenchError> {
  const place = await placeAt(request.path);
  const [only, ...others] = kinds as Known<DataKind>;
  const what =
    others.length === 0
      ? `not laid out as ${only.title}: ${only.layout}`
      : `none of the kinds of data looked for: ${kinds.map(({ title }) => title).join('; ')}`;
  const splits = place.isFolder ? splitsOf(place) : [];
  const hint =
    splits.length > 0
      ? `It looks like a folder of splits: pass one of them, such as ${path.join(request.path, splits[0]!)} (there are ${splits.join(', ')}).`
      : ((place.isFolder ? null : fileHint(request.path)) ??
        'Arrange the data as one of the kinds that can be used.');
  return new WorkbenchError('data-not-recognised', `${request.path} is ${what}.`, hint);
}
