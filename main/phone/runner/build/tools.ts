/** Steps shared by both bundles: running tools, and building each result only once for the same inputs. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { BuildError, fetchPackage } from '../../../latency/tflite/fetch-package.ts';
import { manifestName, type BundleKind } from '../bundles.ts';

/** The folder with the C sources. */
export const sourceFolder = path.resolve(import.meta.dirname, '..');

export { BuildError, fetchPackage };

/** Debian's compiler for arm64. Throws BuildError where it is missing. */
export function compile(args: readonly string[]): void {
  run(
    process.env['ZICO_RUNNER_CC'] ?? 'aarch64-linux-gnu-gcc',
    args,
    'Install Debian\'s gcc-aarch64-linux-gnu ("bash .ci/system-packages.sh" installs all that is needed).',
  );
}

/** @param hint what to do where the program is missing */
export function run(program: string, args: readonly string[], hint: string): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new BuildError(
      missing ? `There is no ${program}. ${hint}` : `${program} failed. ${hint}`,
      { cause: error },
    );
  }
}

export function sourcesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.c'))
    .sort()
    .map((name) => path.join(folder, name));
}

/** Digest of all C sources and of everything else that decides the result. */
export function keyOf(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of ['', 'bionic', 'tflite']) {
    const folder = path.join(sourceFolder, part);
    for (const name of readdirSync(folder).sort()) {
      if (/\.(c|h|symbols|txt)$/.test(name))
        hash.update(name).update(readFileSync(path.join(folder, name)));
    }
  }
  return hash.update(parts.join('\0')).digest('hex').slice(0, 16);
}

/**
 * Builds a bundle's folder completely or not at all, unless it exists already.
 * @param make fills the folder that it is given
 */
export function bundleFolder(
  cache: string,
  kind: BundleKind,
  key: string,
  version: string,
  make: (folder: string) => void,
): string {
  const folder = path.join(cache, `${kind}-${version}-${key}`);
  if (existsSync(path.join(folder, manifestName))) return folder;
  const beside = `${folder}.${process.pid}`;
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(beside, { recursive: true });
  make(beside);
  const files = Object.fromEntries(
    readdirSync(beside)
      .sort()
      .map((name) => [name, digest(path.join(beside, name))]),
  );
  writeFileSync(path.join(beside, manifestName), JSON.stringify({ kind, version, files }));
  rmSync(folder, { recursive: true, force: true });
  renameSync(beside, folder);
  return folder;
}

export function digest(file: string, algorithm = 'sha256', encoding: 'hex' | 'base64' = 'hex') {
  return createHash(algorithm).update(readFileSync(file)).digest(encoding);
}
