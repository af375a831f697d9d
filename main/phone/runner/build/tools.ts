/** Steps that both bundles share: running tools, and results that are made once for what went into them. */
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
import { manifestName, type BundleKind } from '../bundles.ts';

/** The folder with the C sources. */
export const sourceFolder = path.resolve(import.meta.dirname, '..');

/** Says what is missing and how to get it; printed without a stack. */
export class BuildError extends Error {}

/** Debian's compiler for arm64. Throws BuildError where it is missing. */
export function compile(args: readonly string[]): void {
  run(
    process.env['ZICO_RUNNER_CC'] ?? 'aarch64-linux-gnu-gcc',
    args,
    'Install Debian\'s gcc-aarch64-linux-gnu ("bash .ci/system-packages.sh" installs all that is needed).',
  );
}

/** @param hint what to do where there is no such program */
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

/** Digest over all C sources and what else decides a result. */
export function keyOf(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of [sourceFolder, path.join(sourceFolder, 'bionic')]) {
    for (const name of readdirSync(folder).sort()) {
      if (/\.(c|h|symbols|txt)$/.test(name))
        hash.update(name).update(readFileSync(path.join(folder, name)));
    }
  }
  return hash.update(parts.join('\0')).digest('hex').slice(0, 16);
}

/**
 * Makes a bundle's folder whole or not at all.
 * @param make fills the folder that it is given
 */
export function bundleFolder(
  cache: string,
  kind: BundleKind,
  key: string,
  onnxruntime: string,
  make: (folder: string) => void,
): string {
  const folder = path.join(cache, `${kind}-${onnxruntime}-${key}`);
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
  writeFileSync(path.join(beside, manifestName), JSON.stringify({ kind, onnxruntime, files }));
  rmSync(folder, { recursive: true, force: true });
  renameSync(beside, folder);
  return folder;
}

export function digest(file: string, algorithm = 'sha256', encoding: 'hex' | 'base64' = 'hex') {
  return createHash(algorithm).update(readFileSync(file)).digest(encoding);
}
