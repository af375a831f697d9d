/** The bundle with its own libc: it needs nothing of the phone but the kernel. CPU only. */
import { copyFileSync, existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
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

/** @returns the folder of the bundle */
export function buildGlibc(cache: string): string {
  const manifest = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  const { version } = createRequire(import.meta.url)(manifest) as { version: string };
  const library = path.join(path.dirname(manifest), 'bin/napi-v6/linux/arm64/libonnxruntime.so.1');
  if (!existsSync(library)) {
    throw new BuildError(`onnxruntime-node ${version} has no arm64 library: ${library}.`);
  }
  const compiler = run('aarch64-linux-gnu-gcc', ['--version'], 'Install gcc-aarch64-linux-gnu.');
  return bundleFolder(cache, 'glibc', keyOf(version, compiler), version, (folder) => {
    for (const name of needed) {
      const file = path.join(libraries, name);
      if (!existsSync(file)) {
        throw new BuildError(
          `There is no ${file}. Install Debian's libc6-dev-arm64-cross and libstdc++6-arm64-cross.`,
        );
      }
      copyFileSync(realpathSync(file), path.join(folder, name));
    }
    copyFileSync(library, path.join(folder, 'libonnxruntime.so'));
    compile([
      ...['-O2', '-Wall', '-Wextra', '-Werror', '-fPIE', '-pie', '-s'],
      ...['-o', path.join(folder, 'runner'), ...sourcesOf(sourceFolder), '-ldl'],
    ]);
  });
}
