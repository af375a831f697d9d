/** The add-on as an npm package of its own for this platform (packaging/), where one is installed beside the product. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { productVersion } from '../../version.ts';

export const packageName = `@zico-workbench/engine-${process.platform}-${process.arch}`;

interface Manifest {
  readonly version: string;
  /** The C library it was linked with; an older one lacks functions it calls. */
  readonly glibc: string;
}

/**
 * The folder with its libraries; null where none fits: kernels of another version would give other scores, and
 * an older C library cannot load them.
 * @param from a file or URL; node_modules beside it is searched
 * @param glibc version of the C library of this process
 */
export function packagedFolder(from: string, glibc = glibcVersion()): string | null {
  let manifest: string;
  try {
    manifest = createRequire(from).resolve(`${packageName}/package.json`);
  } catch {
    return null; // optional, as its name says
  }
  const { version, glibc: needed } = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
  const folder = path.join(path.dirname(manifest), 'lib');
  if (version !== productVersion || !existsSync(path.join(folder, 'onednn.node'))) return null;
  return glibc !== null && isAtLeast(glibc, needed) ? folder : null;
}

/** Of this process; null where it has another C library. */
function glibcVersion(): string | null {
  const { header } = process.report.getReport() as unknown as {
    readonly header: { readonly glibcVersionRuntime?: string };
  };
  return header.glibcVersionRuntime ?? null;
}

function isAtLeast(version: string, needed: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [needMajor = 0, needMinor = 0] = needed.split('.').map(Number);
  return major > needMajor || (major === needMajor && minor >= needMinor);
}
