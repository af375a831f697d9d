/**
 * Runtime bundles as they are in a package: every file compressed, unpacked into the cache of this computer
 * when first used. A bundle is 30 MB, and most people have one phone or none.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createBrotliCompress, createBrotliDecompress } from 'node:zlib';
import { WorkbenchError } from '../../errors.ts';
import { runnerCacheFolder } from '../../system-folders.ts';
import { manifestName, parseManifest, type BundleKind, type RunnerBundle } from './bundles.ts';

/** Compresses a bundle to about a third of its size, in a few seconds. */
export async function packBundle(from: string, to: string): Promise<void> {
  const text = await readFile(path.join(from, manifestName), 'utf8');
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  for (const name of Object.keys(parseManifest(text).files)) {
    const { size } = await stat(path.join(from, name));
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: 5,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: size,
    };
    await pipeline(
      createReadStream(path.join(from, name)),
      createBrotliCompress({ params }),
      createWriteStream(path.join(to, `${name}.br`)),
    );
  }
  await writeFile(path.join(to, manifestName), text);
}

/**
 * The files of a packed bundle, complete: from the cache where their digests are right, otherwise unpacked
 * again.
 * @param packed folder with the packed bundle
 * @throws WorkbenchError `runner-not-built` where there is none, `runner-damaged` where it is not as it was
 * packed, `runner-not-unpacked` where the cache cannot be written
 */
export async function unpackBundle(
  kind: BundleKind,
  packed: string,
  cache = runnerCacheFolder(),
): Promise<RunnerBundle> {
  const text = await readFile(path.join(packed, manifestName), 'utf8');
  const manifest = parseManifest(text);
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const folder = path.join(cache, `${kind}-${manifest.version}-${digest}`);
  if (await isWhole(folder, manifest.files)) return { ...manifest, folder };
  const beside = `${folder}.${process.pid}.new`;
  try {
    await mkdir(beside, { recursive: true });
    for (const name of Object.keys(manifest.files)) await unpackFile(packed, name, beside);
    await writeFile(path.join(beside, manifestName), text);
    if (!(await isWhole(beside, manifest.files))) throw damaged(kind);
    await rm(folder, { recursive: true, force: true });
    await rename(beside, folder);
  } catch (cause) {
    await rm(beside, { recursive: true, force: true }).catch(() => undefined);
    // Another Workbench may have unpacked the same bundle meanwhile.
    if (await isWhole(folder, manifest.files)) return { ...manifest, folder };
    if (cause instanceof WorkbenchError) throw cause;
    if (!isOfFileSystem(cause)) throw damaged(kind, cause);
    throw new WorkbenchError(
      'runner-not-unpacked',
      `The runners for phones could not be unpacked to ${folder}: ${(cause as Error).message}.`,
      'Make room there, about 35 MB, or let this account write there; ZICO_RUNNER_CACHE names another folder.',
      { cause },
    );
  }
  return { ...manifest, folder };
}

async function unpackFile(packed: string, name: string, to: string): Promise<void> {
  await pipeline(
    createReadStream(path.join(packed, `${name}.br`)),
    createBrotliDecompress(),
    createWriteStream(path.join(to, name)),
  );
}

/** @param files name -> sha256 */
async function isWhole(folder: string, files: RunnerBundle['files']): Promise<boolean> {
  for (const [name, digest] of Object.entries(files)) {
    const hash = createHash('sha256');
    try {
      await pipeline(createReadStream(path.join(folder, name)), hash);
    } catch {
      return false;
    }
    if (hash.digest('hex') !== digest) return false;
  }
  return true;
}

/** A stream that is not valid Brotli fails with a code of zlib; any other code here is the file system's. */
function isOfFileSystem(error: unknown): boolean {
  return /^E[A-Z]+$/.test((error as NodeJS.ErrnoException).code ?? '');
}

function damaged(kind: BundleKind, cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    'runner-damaged',
    `The ${kind} runner in this package is damaged.`,
    'Install ZiCo Workbench again.',
    { cause },
  );
}
