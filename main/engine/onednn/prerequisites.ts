/** What building the onednn engine needs on this computer, checked before a compiler fails for lack of it. */
import { spawnSync } from 'node:child_process';

/** The compiler that builds the engine: CXX, or the usual one. */
export const compiler = process.env['CXX'] ?? 'g++';

/** The compiler that builds the engine for Linux on arm64. */
export const crossCompiler = 'aarch64-linux-gnu-g++';

/** The major version that the sources are written for; the next one changed its interface. */
const neededMajor = 2;

const probe = `#include <dnnl_version.h>
zico DNNL_VERSION_MAJOR DNNL_VERSION_MINOR
`;

/**
 * Why the engine cannot be built here, as the first half of a sentence that goes on with what to do; null
 * where nothing is missing. Asks the compiler's preprocessor, so that CPATH and the like count as they do
 * in the build.
 */
export function buildObstacle(program = compiler): string | null {
  const asked = spawnSync(program, ['-E', '-P', '-x', 'c++', '-'], {
    input: probe,
    encoding: 'utf8',
  });
  if (asked.error) return `there is no C++ compiler (${program})`;
  const found = /zico\s+(\d+)\s+(\d+)/.exec(asked.stdout);
  if (asked.status !== 0 || !found) return "oneDNN's headers are not installed";
  const [, major, minor] = found;
  if (Number(major) === neededMajor) return null;
  return `it needs oneDNN ${neededMajor}.x, and ${major}.${minor} is installed`;
}
