/**
 * What `npm ci` does at its end: builds the product, and the fast engine where compiler and oneDNN are there, and
 * fetches TensorFlow Lite. Neither is a condition: whatever stands in its way is said in one line, and installing goes
 * on.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packagedFolder, packageName } from '../../main/engine/onednn/packaged.ts';
import { buildObstacle, compiler } from '../../main/engine/onednn/prerequisites.ts';
import { BuildError } from '../../main/latency/tflite/fetch-package.ts';
import { fetchTfliteLibrary, packageCache } from '../../main/latency/tflite/fetch.ts';
import { ownPlatform } from '../../main/latency/tflite/library.ts';
import { run } from './run.ts';

const root = path.join(import.meta.dirname, '..', '..');
const source = path.join(root, 'main/engine/onednn');
const builder = path.join(source, 'build.ts');
const library = path.join(root, 'dist/native/onednn.node');
const builtFrom = path.join(root, 'dist/native/built-from.txt');

const packages = 'bash .ci/system-packages.sh --engine';

// `npx zico` links this folder into npm's cache and has it prepared again: what npm ci made is there already.
const forNpx =
  process.env['npm_command'] === 'exec' && existsSync(path.join(root, 'dist/main/zico.js'));
if (forNpx) process.exit(0);

// Libraries first: the notices of the product name what its folder holds.
try {
  const engine = await buildEngine();
  const tflite = fetchTflite();
  await buildProduct();
  console.log(engine);
  console.log(tflite);
} catch (error) {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') throw error;
  console.error(
    `Nothing can be written into ${root} (${code}): clone into a folder that is yours, and run npm ci there.`,
  );
  process.exitCode = 1;
}

async function buildProduct(): Promise<void> {
  const vite = path.join(root, 'node_modules/vite/bin/vite.js');
  try {
    await run(process.execPath, [vite, 'build', '--app', '--logLevel', 'warn'], { cwd: root });
  } catch (error) {
    console.error(`The product could not be built. ${messageOf(error)}`);
    process.exit(1);
  }
}

/** The one line that a person reads. */
async function buildEngine(): Promise<string> {
  if (packagedFolder(import.meta.url) !== null) {
    return `The fast engine (onednn) came with ${packageName}.`;
  }
  const slower = 'Scores come from onnxruntime, which takes about twice as long.';
  const obstacle = buildObstacle();
  if (obstacle !== null) {
    return `The fast engine (onednn) was not built: ${obstacle}. ${slower} To get it: ${packages} && npm run build:native`;
  }
  const key = digest();
  if (existsSync(library) && existsSync(builtFrom) && readFileSync(builtFrom, 'utf8') === key) {
    return 'The fast engine (onednn) is there already.';
  }
  try {
    await run(process.execPath, [builder], { cwd: root });
    writeFileSync(builtFrom, key);
    return 'The fast engine (onednn) was built.';
  } catch (error) {
    const log = path.join(root, 'dist/native-build.log');
    writeFileSync(log, messageOf(error));
    return `The fast engine (onednn) could not be built; ${path.relative(root, log)} says why. ${slower}`;
  }
}

/** The one line that a person reads. */
function fetchTflite(): string {
  try {
    fetchTfliteLibrary(packageCache, ownPlatform, path.join(root, 'dist/tflite'));
    return 'TensorFlow Lite, which measures and checks its files on this computer, is there.';
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    return `Without TensorFlow Lite nothing is measured with --runner tflite-cpu: ${error.message} To get it: npm run build:tflite`;
  }
}

/** Of everything that decides what the build makes. */
function digest(): string {
  const hash = createHash('sha256').update(`${compiler} ${process.arch} ${process.version}`);
  const files = ['build.ts', ...globSync('native/**/*.{cpp,hpp,h}', { cwd: source }).sort()];
  for (const file of files) hash.update(file).update(readFileSync(path.join(source, file)));
  return hash.digest('hex');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
