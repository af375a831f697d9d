/** The error for data of no kind that is read: what lies there instead, and what can be done about it. */
import path from 'node:path';
import { WorkbenchError } from '../errors.ts';
import type { Known } from '../common/known.ts';
import { namesMasks } from './kinds/image-masks.ts';
import type { DataKind } from './kinds/kind.ts';
import {
  hasPicture,
  isAnyPicture,
  isPicture,
  listFolder,
  splitsOf,
  type DataPlace,
} from './listing.ts';
import type { OpenRequest } from './protocol.ts';

/**
 * @param kinds those that were looked for
 * @param place where: what was asked for, or a folder within that holds everything
 */
export async function notRecognised(
  request: OpenRequest,
  kinds: readonly DataKind[],
  place: DataPlace,
): Promise<WorkbenchError> {
  const [only, ...others] = kinds as Known<DataKind>;
  const what =
    others.length === 0
      ? `not laid out as ${only.title}: ${only.layout}`
      : 'not data of a kind that can be used';
  const forMasks = kinds.some(({ tasks }) => tasks.includes('segmentation'));
  const advice = place.isFolder
    ? await folderHint(place, request.path, forMasks)
    : fileHint(place.path);
  const hint =
    advice ?? `Arrange the data as one of: ${kinds.map(({ title }) => title).join('; ')}.`;
  return new WorkbenchError('data-not-recognised', `${request.path} is ${what}.`, hint);
}

const archive = /\.(zip|tar|tgz|gz|bz2|xz|7z|rar)$/i;
const container =
  /\.(parquet|arrow|tfrecords?|h5|hdf5|mat|bin|pt|pth|pkl|lmdb|mdb|rec|safetensors)$/i;
const table = /\.(csv|tsv|jsonl|ndjson)$/i;
/** In which a data set may say what its pictures show. */
const labelTable = /\.(csv|tsv|jsonl|ndjson|xlsx?|mat|json|xml|txt)$/i;
const notTable = /(^|\/)(readme|licen[cs]e|changelog|requirements|sample_?submission)[^/]*$/i;

/** Advice for files of kinds that people are likely to have. */
function fileHint(file: string): string | null {
  if (archive.test(file)) {
    return 'Unpack the archive first, and pass the folder that comes out of it.';
  }
  if (container.test(file) || table.test(file)) {
    return 'Files of this kind are not read: save the images into a folder for each class, or as .npz with inputs and targets.';
  }
  return null;
}

/** @param asked what the person named: the place, or a folder around it */
async function folderHint(
  place: DataPlace,
  asked: string,
  forMasks: boolean,
): Promise<string | null> {
  const { path: folder, files, folders } = place;
  const splits = splitsOf(place);
  if (splits.length > 0 && (await hasTargets(place, splits[0]!))) {
    return `It looks like a folder of splits: pass one of them, such as ${path.join(folder, splits[0]!)} (there are ${splits.join(', ')}).`;
  }
  const within = await filesWithin(asked);
  const pictures = within.filter(isPicture);
  const masks = forMasks && pictures.find((file) => namesMasks(path.dirname(file)));
  if (masks && pictures.some((file) => !namesMasks(path.dirname(file)))) {
    return `Masks such as ${masks} are recognised if pictures are in images/ and masks in masks/ beside it, with the same names.`;
  }
  const tables = within.filter((file) => labelTable.test(file) && !notTable.test(file));
  if (pictures.length > 0) {
    return tables.length > 0
      ? `What the pictures show is not read from ${tables[0]!}: sort them into a folder for each class, or convert the annotations to COCO or YOLO.`
      : 'Nothing says what the pictures show: put those of each class into a folder of their own.';
  }
  const packed = within.filter((file) => archive.test(file));
  if (packed.length > 0) {
    return `Unpack ${packed[0]!}${packed.length > 1 ? ' and the other archives' : ''} first, and pass the folder that comes out.`;
  }
  const unread = within.find(isAnyPicture);
  if (unread !== undefined) return `Pictures such as ${unread} are not read: convert them to PNG.`;
  const stored = within.find((file) => container.test(file) || table.test(file));
  if (stored !== undefined) {
    return `Files such as ${stored} are not read: save the images into a folder for each class, or as .npz with inputs and targets.`;
  }
  if (within.length > 0 && within.every((file) => path.extname(file) === '')) {
    return `Pictures are known by an ending such as .jpg, and ${within[0]!} has none: rename them.`;
  }
  return files.length === 0 && folders.length === 0 ? 'The folder is empty.' : null;
}

/** For advice no more than this is looked at. */
const mostFolders = 20;
const mostFiles = 20;
const deepest = 5;

/** Some of the files below a folder, by their paths there, those further up first. */
async function filesWithin(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  let level = [''];
  for (let depth = 0; depth <= deepest && level.length > 0; depth++) {
    const next: string[] = [];
    for (const inner of level.slice(0, mostFolders)) {
      const listing = await listFolder(path.join(folder, inner)).catch(() => null);
      const below = (name: string): string => (inner === '' ? name : `${inner}/${name}`);
      found.push(...(listing?.files ?? []).slice(0, mostFiles).map(below));
      next.push(...(listing?.folders ?? []).map(below));
    }
    level = next;
  }
  return found;
}

/** Whether a split holds more than loose pictures and tables: folders, or annotations beside its pictures. */
async function hasTargets(place: DataPlace, split: string): Promise<boolean> {
  const folder = path.join(place.path, split);
  const inner = await listFolder(folder).catch(() => null);
  if (inner === null) return false;
  if (inner.files.some((file) => /\.(json|xml|txt|npy|npz|bin)$/i.test(file))) return true;
  for (const name of inner.folders) {
    if (await hasPicture(path.join(folder, name)).catch(() => false)) return true;
  }
  return false;
}
