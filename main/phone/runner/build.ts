/**
 * `npm run build:runner [-- --only glibc|tflite|android]`: makes what runs models on a phone, into dist/runner.
 *
 *   glibc    runner, onnxruntime-node's own arm64 library, and Debian's arm64 C and C++ libraries
 *   tflite   the same for the C library of TensorFlow Lite, out of an npm package that is fetched once (6 MB)
 *   android  runner for Android's own libc, and ONNX Runtime for Android out of an npm package that is
 *            fetched once (150 MB); with ANDROID_NDK_HOME set its compiler builds the runner
 *
 * Downloads and results are kept in ~/.cache/zico-workbench/runner (ZICO_RUNNER_CACHE names another folder),
 * so that a second call only copies.
 */
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildAndroid } from './build/android.ts';
import { buildGlibc, buildTflite } from './build/glibc.ts';
import { BuildError } from './build/tools.ts';
import { bundleKinds, type BundleKind } from './bundles.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const cache =
  process.env['ZICO_RUNNER_CACHE'] ?? path.join(os.homedir(), '.cache/zico-workbench/runner');
const builders: Readonly<Record<BundleKind, (cache: string) => string>> = {
  glibc: buildGlibc,
  tflite: buildTflite,
  android: buildAndroid,
};

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const only = bundleKinds.find((kind) => kind === values.only);
if (values.only !== undefined && !only) {
  console.error(`--only takes ${bundleKinds.join(' or ')}, not ${values.only}.`);
  process.exit(2);
}

try {
  mkdirSync(cache, { recursive: true });
  for (const kind of only ? [only] : bundleKinds) {
    const made = builders[kind](cache);
    install(made, path.join(root, 'dist/runner', kind));
    console.log(`The ${kind} runner is in dist/runner/${kind}.`);
  }
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function install(from: string, to: string): void {
  const beside = `${to}.new`;
  rmSync(beside, { recursive: true, force: true });
  cpSync(from, beside, { recursive: true });
  if (existsSync(to)) rmSync(to, { recursive: true });
  renameSync(beside, to);
}
