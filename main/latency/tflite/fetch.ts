/** Gets the C library of TensorFlow Lite for one platform out of the package that carries it. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BuildError, fetchPackage } from './fetch-package.ts';
import { libraryFiles, tfliteSource } from './library.ts';

/**
 * @param cache where what was fetched is kept
 * @param platform such as linux-arm64
 * @param to the folder to put it into
 * @returns the library's file, checked by its digest, whether it was there or was fetched
 * @throws BuildError
 */
export function fetchTfliteLibrary(cache: string, platform: string, to: string): string {
  const known = libraryFiles[platform];
  if (!known) throw new BuildError(`There is no TensorFlow Lite library for ${platform}.`);
  const [folder, name] = known.from;
  const target = path.join(to, name);
  if (existsSync(target) && sha256Of(target) === known.sha256) return target;
  const work = mkdtempSync(path.join(os.tmpdir(), 'zico-tflite-'));
  try {
    const inside = `package/cc_deps/${folder}/${name}`;
    execFileSync('tar', ['-xzf', fetchPackage(cache, tfliteSource), '-C', work, inside]);
    const file = path.join(work, inside);
    if (sha256Of(file) !== known.sha256) {
      throw new BuildError(`${inside} is not the file that was checked.`);
    }
    mkdirSync(to, { recursive: true });
    copyFileSync(file, target);
    return target;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const sha256Of = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

export const packageCache =
  process.env['ZICO_RUNNER_CACHE'] ?? path.join(os.homedir(), '.cache/zico-workbench/runner');
