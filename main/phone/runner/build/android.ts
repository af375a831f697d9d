/** The bundle for Android's own libc, with NNAPI and XNNPACK: built and inspected here, never yet run on a phone. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { faultsForAndroid, readProgram } from './elf.ts';
import {
  BuildError,
  compile,
  fetchPackage,
  keyOf,
  bundleFolder,
  run,
  sourceFolder,
  sourcesOf,
} from './tools.ts';

/** Contains the official build of ONNX Runtime for Android (MIT licence). */
const source = {
  name: 'com.github.asus4.onnxruntime',
  version: '0.4.9',
  megabytes: 150,
  onnxruntime: '1.29.0',
  sha512:
    'BkzxduSZ9IkeDP6Q8lz2TFU2ie7hSSvS7ZIfzMooExoq0CNzJnuuGaUJ7IsojBgqO4ouD1jXah8OYyJbCN29Fg==',
  archive: 'package/Plugins/Android/onnxruntime.aar',
  licence: 'package/LICENSE',
};
const bionic = path.join(sourceFolder, 'bionic');

/** @returns the folder of the bundle */
export function buildAndroid(cache: string): string {
  const ndk = process.env['ANDROID_NDK_HOME'] || null;
  const key = keyOf(source.version, ndk ?? 'stubs');
  return bundleFolder(cache, 'android', key, source.onnxruntime, (folder) => {
    const work = mkdtempSync(path.join(os.tmpdir(), 'zico-runner-'));
    try {
      const unpacked = unpack(fetchPackage(cache, source), work);
      copyFileSync(unpacked.library, path.join(folder, 'libonnxruntime.so'));
      copyFileSync(unpacked.licence, path.join(folder, 'LICENSE'));
      checkPlaces(unpacked.headers);
      const runner = path.join(folder, 'runner');
      if (ndk) buildWithNdk(ndk, work, runner);
      else linkWithStubs(work, runner);
      checkRunner(runner);
      chmodSync(runner, 0o755);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
}

/**
 * @param ndk folder of an Android NDK
 * Throws BuildError where it is none, or cmake or its compiler fail.
 */
export function buildWithNdk(ndk: string, work: string, runner: string): void {
  const toolchain = path.join(ndk, 'build/cmake/android.toolchain.cmake');
  if (!existsSync(toolchain)) {
    throw new BuildError(`ANDROID_NDK_HOME is ${ndk}, but there is no ${toolchain}.`);
  }
  const build = path.join(work, 'cmake');
  const hint = 'Install CMake 3.16 or later, and check ANDROID_NDK_HOME.';
  run(
    'cmake',
    [
      ...['-S', sourceFolder, '-B', build, `-DCMAKE_TOOLCHAIN_FILE=${toolchain}`],
      ...['-DCMAKE_BUILD_TYPE=Release', '-DANDROID_ABI=arm64-v8a', '-DANDROID_PLATFORM=android-28'],
    ],
    hint,
  );
  run('cmake', ['--build', build], hint);
  copyFileSync(path.join(build, 'runner'), runner);
}

/** Refuses here what could not run on the phone, rather than finding out there. Throws BuildError. */
export function checkRunner(runner: string): void {
  const faults = faultsForAndroid(readProgram(readFileSync(runner)));
  if (faults.length > 0) {
    throw new BuildError(`The runner that was built does not suit Android: ${faults.join('; ')}.`);
  }
}

function unpack(file: string, work: string) {
  run('tar', ['-xzf', file, '-C', work, source.archive, source.licence], 'Install tar.');
  const library = 'jni/arm64-v8a/libonnxruntime.so';
  const archive = path.join(work, source.archive);
  run('unzip', ['-q', archive, library, 'headers/*', '-d', work], 'Install unzip.');
  return {
    library: path.join(work, library),
    licence: path.join(work, source.licence),
    headers: path.join(work, 'headers'),
  };
}

/** Checks that the functions the runner calls are where it expects them. */
function checkPlaces(headers: string): void {
  compile(['-fsyntax-only', '-I', headers, path.join(bionic, 'check-places.c')]);
}

/** Without an NDK: linked against empty libraries with the right names, with our own start file. */
function linkWithStubs(work: string, runner: string): void {
  const stubs = path.join(work, 'stubs');
  mkdirSync(stubs);
  for (const library of ['libc', 'libdl']) {
    const symbols = readFileSync(path.join(bionic, `${library}.symbols`), 'utf8')
      .trim()
      .split('\n');
    const assembly = path.join(stubs, `${library}.s`);
    writeFileSync(
      assembly,
      symbols.map((name) => `.globl ${name}\n.type ${name},%function\n${name}: ret\n`).join(''),
    );
    compile([
      ...['-shared', '-nostdlib', `-Wl,-soname,${library}.so`],
      ...['-o', path.join(stubs, `${library}.so`), assembly],
    ]);
  }
  compile([
    ...[
      '-O2',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-DZICO_BIONIC_STUBS',
      '-ffreestanding',
      '-fPIE',
      '-pie',
      '-s',
    ],
    ...['-fno-stack-protector', '-fno-asynchronous-unwind-tables', '-nostdlib', '-nostartfiles'],
    // Newer phones require pages of 16 KiB; bionic binds at the start.
    ...['-Wl,--dynamic-linker=/system/bin/linker64', '-Wl,-z,now', '-Wl,-z,relro'],
    ...['-Wl,-z,max-page-size=16384', '-Wl,--hash-style=both', '-Wl,--build-id=none'],
    ...['-o', runner, path.join(bionic, 'start.c'), ...sourcesOf(sourceFolder)],
    ...[`-L${stubs}`, '-lc', '-ldl'],
  ]);
}
