/** Folders, listed as a stream: a million names are read, no file is opened. */
import { opendirSync, statSync, type Dir, type Stats } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { WorkbenchError } from '../errors.ts';
import { NotRegular, oddity } from '../regular-file.ts';
import { notReadable, ProblemList } from './problems.ts';
import { noteFolder, noteNames } from './witness.ts';

/**
 * How many links of a folder are followed when it is listed: a million would take half a minute. Where the
 * others lead shows once they are read.
 */
const followedLinks = 2_000;

/** How many names are read from a folder at a time. */
const bufferSize = 4096;

export interface Listing {
  /**
   * Names in code-unit order: the same on every computer, whatever its language. Links lead to files or
   * nowhere.
   */
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** What systems and file servers leave beside a person's own files, in lower case. */
const leftBehind = new Set([
  ...['__macosx', 'thumbs.db', 'ehthumbs.db', 'desktop.ini', '$recycle.bin', '#recycle'],
  ...['system volume information', 'lost+found', '@eadir', '__pycache__'],
]);
/** Hidden files, too. */
const isLitter = (name: string): boolean =>
  name.startsWith('.') || leftBehind.has(name.toLowerCase());

/** Stands for a file that is still on Apple's servers. */
const inCloud = /^\..+\.icloud$/;

/** What a name becomes that is not UTF-8: no file can be opened by it. */
const replacement = '\ufffd';

/**
 * Anything that is neither a file nor a folder, such as a pipe or a device, is left out.
 * @param problems is told about those that look like data
 * @throws WorkbenchError `data-not-readable`
 */
export async function listFolder(
  folder: string,
  wanted: (file: string) => boolean = () => true,
  problems?: ProblemList,
): Promise<Listing> {
  const files: string[] = [];
  const folders: string[] = [];
  const unread = new Map<string, number>();
  let links = 0;
  let entries: Dir | null = null;
  try {
    // Without yielding: nothing else waits in the process that lists, and yielding for each of a million names
    // would take longer than reading them.
    noteFolder(folder, statSync(folder));
    entries = opendirSync(folder, { bufferSize });
    let names = 0;
    for (let entry = entries.readSync(); entry !== null; entry = entries.readSync()) {
      const { name } = entry;
      if (++names % bufferSize === 0) noteNames(bufferSize);
      if (inCloud.test(name)) unread.set('.icloud', (unread.get('.icloud') ?? 0) + 1);
      if (isLitter(name)) continue;
      if (name.includes(replacement) && followed(path.join(folder, name)) === null) {
        problems?.add(path.join(folder, name), 'has a name that is not UTF-8: rename it');
        continue;
      }
      // For links, and for file systems that do not say what an entry is.
      if (entry.isSymbolicLink() && ++links > followedLinks) {
        if (wanted(name)) files.push(name);
        continue;
      }
      const said = entry.isFile() || entry.isDirectory();
      const what = said ? entry : followed(path.join(folder, name));
      if (what?.isDirectory()) folders.push(name);
      else if (!wanted(name)) {
        const ending = unreadPicture.exec(name)?.[0].toLowerCase();
        if (ending !== undefined) unread.set(ending, (unread.get(ending) ?? 0) + 1);
      }
      // A link that leads nowhere becomes a problem of its file once that is read.
      else if (what === null || what.isFile()) files.push(name);
      else problems?.add(path.join(folder, name), oddity(what) ?? 'is not a file');
    }
    noteNames(names % bufferSize);
  } catch (cause) {
    throw notReadable(folder, cause);
  } finally {
    entries?.closeSync();
  }
  for (const [ending, count] of unread) {
    const what = count === 1 ? `a ${ending} file, which is` : `${count} ${ending} files, which are`;
    const why = ending === '.icloud' ? 'not downloaded' : 'not read';
    problems?.add(folder, `holds ${what} ${why}`);
  }
  return { files: files.sort(), folders: folders.sort() };
}

/** What a link leads to; null where it leads nowhere. */
function followed(entry: string): Stats | null {
  try {
    return statSync(entry);
  } catch {
    return null;
  }
}

/** Folders nested deeper than this come from a link that leads in a circle, or are not a data set. */
const deepestFolder = 16;

/**
 * Files of a folder and of all folders below it, by their path within it; links are followed, but not in
 * circles.
 */
export async function listDeep(
  folder: string,
  wanted: (file: string) => boolean,
  problems?: ProblemList,
): Promise<readonly string[]> {
  const found: string[] = [];
  const realOf = (at: string): Promise<string> =>
    realpath(at).catch((cause: unknown) => {
      throw notReadable(at, cause);
    });
  const around = await realOf(path.dirname(path.resolve(folder)));
  const visit = async (inner: string, above: readonly string[]): Promise<void> => {
    const at = path.join(folder, inner);
    const real = await realOf(at);
    const leadsOut = real === around || around.startsWith(real + path.sep);
    if (leadsOut || above.includes(real) || above.length > deepestFolder) {
      problems?.add(at, 'is a link that leads in a circle; it is not followed');
      return;
    }
    const { files, folders } = await listFolder(at, wanted, problems);
    for (const file of files) found.push(inner === '' ? file : `${inner}/${file}`);
    for (const next of folders)
      await visit(inner === '' ? next : `${inner}/${next}`, [...above, real]);
  };
  await visit('', []);
  return found;
}

const splitName =
  /^(train|training|val|valid|validation|test|testing|dev)(?:[-_]?(?:set|data|\d{4}))?$/i;

const splitWord =
  /(?<=^|[-_. ])(train|training|val|valid|validation|test|testing|pred)(?=$|[-_. \d])/i;

/** Folders that are the splits of one data set, where the place has no others; the training split first. */
export function splitsOf({ folders }: Listing): readonly string[] {
  // train_images and test_images: names that differ in that one word.
  const around = folders.map((name) =>
    splitWord.test(name) ? name.replace(splitWord, '*') : null,
  );
  const alike = (i: number) =>
    around[i] !== null && around.indexOf(around[i]!) !== around.lastIndexOf(around[i]!);
  const splits = folders.filter((name, i) => splitName.test(name) || alike(i));
  const word = (name: string) => splitWord.exec(name)?.[1] ?? name;
  const rank = (name: string) =>
    /^train/i.test(word(name)) ? 0 : /^val|^dev/i.test(word(name)) ? 1 : 2;
  const parts = splits.length >= 2 || (splits.length === 1 && folders.length === 1) ? splits : [];
  return parts.length * 2 > folders.length ? parts.toSorted((a, b) => rank(a) - rank(b)) : [];
}

/** Whether the folder has such a file; looks no further than the first. Throws `data-not-readable`. */
export async function hasFile(folder: string, wanted: (file: string) => boolean): Promise<boolean> {
  try {
    for await (const entry of await opendir(folder, { bufferSize: 32 })) {
      const usable = entry.isFile() || entry.isSymbolicLink();
      if (usable && inCloud.test(entry.name) && wanted(entry.name.slice(1, -7))) return true;
      if (usable && !isLitter(entry.name) && wanted(entry.name)) return true;
    }
    return false;
  } catch (cause) {
    throw notReadable(folder, cause);
  }
}

const pictureName = /\.(jpe?g|jpe|jfif|png|webp|avif|tiff?|bmp)$/i;
export const isPicture = (file: string): boolean => pictureName.test(file);
/** Of any known format, whether it can be read or not. */
export const isAnyPicture = (file: string): boolean => isPicture(file) || unreadPicture.test(file);

/** Pictures of formats that cannot be read, which may be what a folder is about. */
const unreadPicture =
  /\.(gif|apng|hei[cf]|dcm|nii|jxl|jp2|j2k|svg|psd|p[pgnb]m|exr|hdr|tga|dds|ico|cr[23]|nef|arw|dng|raw|eps)$/i;

const pngName = /\.png$/i;
export const isPngName = (file: string): boolean => pngName.test(file);

/** Nested folders of pictures, as data sets are published, go no deeper than this. */
const deepestPictures = 3;

/** In the folder itself, or in some below it. Throws `data-not-readable`. */
export async function hasPicture(folder: string, deeper = deepestPictures): Promise<boolean> {
  if (await hasFile(folder, isAnyPicture)) return true;
  if (deeper === 0) return false;
  const { folders } = await listFolder(folder, () => false);
  for (const name of folders)
    if (await hasPicture(path.join(folder, name), deeper - 1)) return true;
  return false;
}

/** The name without its last extension. */
export function stem(file: string): string {
  const dot = file.lastIndexOf('.');
  return dot > 0 ? file.slice(0, dot) : file;
}

/** What a person pointed at, listed once for all the kinds that look for their layout in it. */
export interface DataPlace extends Listing {
  readonly path: string;
  readonly isFolder: boolean;
  /** Of a file. */
  readonly bytes: number;
  /** What is wrong with the names in the folder itself. */
  readonly problems: ProblemList;
}

/** Throws `data-not-found`, `data-not-readable`. */
export async function placeAt(dataPath: string): Promise<DataPlace> {
  const info = await stat(dataPath).catch((cause: unknown) => {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw notReadable(dataPath, cause);
    throw new WorkbenchError(
      'data-not-found',
      `There is no file or folder ${dataPath}.`,
      'Check the path.',
      { cause },
    );
  });
  const odd = info.isDirectory() ? null : oddity(info);
  if (odd !== null) throw notReadable(dataPath, new NotRegular(`it ${odd}`));
  const problems = new ProblemList();
  if (info.isDirectory()) {
    const listing = await listFolder(dataPath, undefined, problems);
    return { path: dataPath, isFolder: true, bytes: 0, problems, ...listing };
  }
  return { path: dataPath, isFolder: false, bytes: info.size, problems, files: [], folders: [] };
}

/** The folder's subfolder that has one of these names, whatever their case; the first name wins. */
export function subfolder(place: Listing, names: readonly string[]): string | null {
  for (const name of names) {
    const found = place.folders.find((folder) => folder.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
  }
  return null;
}
