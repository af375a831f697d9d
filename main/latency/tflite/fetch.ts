/** Gets the C library of TensorFlow Lite for one platform out of the package that carries it. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BuildError, fetchPackage } from './fetch-package.ts';
import { libraryFiles, tfliteSource } from './library.ts';

/**
 * @param cache where what was fetched is kept
 * @param platform such as linux-arm64
 * @param to the folder to put it into
 * @returns the library's file
 * @throws BuildError
 */
export function fetchTfliteLibrary(cache: string, platform: string, to: string): string {
  const known = libraryFiles[platform];
  if (!known) throw new BuildError(`There is no TensorFlow Lite library for ${platform}.`);
  const work = mkdtempSync(path.join(os.tmpdir(), 'zico-tflite-'));
  try {
    const [folder, name] = known.from;
    const inside = `package/cc_deps/${folder}/${name}`;
    execFileSync('tar', ['-xzf', fetchPackage(cache, tfliteSource), '-C', work, inside]);
    const file = path.join(work, inside);
    const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
    if (digest !== known.sha256)
      throw new BuildError(`${inside} is not the file that was checked.`);
    mkdirSync(to, { recursive: true });
    copyFileSync(file, path.join(to, name));
    return path.join(to, name);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

export const packageCache =
  process.env['ZICO_RUNNER_CACHE'] ?? path.join(os.homedir(), '.cache/zico-workbench/runner');
