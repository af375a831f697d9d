/** The bundles with their own libc: they need nothing of the phone but the kernel. CPU only. */
import { copyFileSync, existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fetchTfliteLibrary } from '../../../latency/tflite/fetch.ts';
import { tfliteVersion } from '../../../latency/tflite/library.ts';
import type { BundleKind } from '../bundles.ts';
import { BuildError, compile, keyOf, bundleFolder, run, sourceFolder, sourcesOf } from './tools.ts';

/** Debian's libraries for arm64, where its cross compiler installs them. */
const libraries = '/usr/aarch64-linux-gnu/lib';
const needed = [
  'ld-linux-aarch64.so.1',
  'libc.so.6',
  'libdl.so.2',
  'libgcc_s.so.1',
  'libm.so.6',
  'libpthread.so.0',
  'librt.so.1',
  'libstdc++.so.6',
];

/** @returns the folder of the bundle of ONNX Runtime */
export function buildGlibc(cache: string): string {
  const manifest = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  const { version } = createRequire(import.meta.url)(manifest) as { version: string };
  const library = path.join(path.dirname(manifest), 'bin/napi-v6/linux/arm64/libonnxruntime.so.1');
  if (!existsSync(library)) {
    throw new BuildError(`onnxruntime-node ${version} has no arm64 library: ${library}.`);
  }
  return withLibc(cache, 'glibc', version, sourcesOf(sourceFolder), (folder) => {
    copyFileSync(library, path.join(folder, 'libonnxruntime.so'));
  });
}

/** @returns the folder of the bundle of TensorFlow Lite */
export function buildTflite(cache: string): string {
  const own = path.join(sourceFolder, 'tflite');
  const shared = sourcesOf(sourceFolder).filter((file) => path.basename(file) !== 'runner.c');
  return withLibc(cache, 'tflite', tfliteVersion, [...shared, ...sourcesOf(own)], (folder) => {
    fetchTfliteLibrary(cache, 'linux-arm64', folder);
  });
}

/** @param addLibrary puts the engine's library into the folder that it is given */
function withLibc(
  cache: string,
  kind: BundleKind,
  version: string,
  sources: readonly string[],
  addLibrary: (folder: string) => void,
): string {
  const compiler = run('aarch64-linux-gnu-gcc', ['--version'], 'Install gcc-aarch64-linux-gnu.');
  return bundleFolder(cache, kind, keyOf(version, compiler), version, (folder) => {
    for (const name of needed) {
      const file = path.join(libraries, name);
      if (!existsSync(file)) {
        throw new BuildError(
          `There is no ${file}. Install Debian's libc6-dev-arm64-cross and libstdc++6-arm64-cross.`,
        );
      }
      copyFileSync(realpathSync(file), path.join(folder, name));
    }
    addLibrary(folder);
    compile([
      ...['-O2', '-Wall', '-Wextra', '-Werror', '-fPIE', '-pie', '-s'],
      ...['-o', path.join(folder, 'runner'), ...sources, '-ldl'],
    ]);
  });
}
