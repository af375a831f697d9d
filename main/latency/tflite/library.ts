/** The C library of TensorFlow Lite: which file it is, where it comes from and where it lies. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { WorkbenchError } from '../../errors.ts';

export const tfliteVersion = '2.9.0';

/** An npm package that carries the library for several platforms (Apache 2.0); its own code is not used. */
export const tfliteSource = {
  name: 'tfjs-tflite-node',
  version: '0.0.2',
  megabytes: 6,
  sha512:
    'Zed9biOz9lkWsekvPwdEmxXnsjXJnZO8iOV0s2Y20QU15cwiPedzFEBYiGbK7smYpkJpQNNY9SukoKmUi9bk9w==',
} as const;

interface LibraryFile {
  /** Folder and file in the package's cc_deps. */
  readonly from: readonly [folder: string, file: string];
  readonly sha256: string;
}

/** By `process.platform` and `process.arch`; there is no build for any other. */
export const libraryFiles: Readonly<Record<string, LibraryFile>> = {
  'linux-x64': {
    from: ['linux_amd64', 'libtensorflowlite_c.so'],
    sha256: 'dc89b4cd86d956516570bd483668e6dd98907f49901d0567dedc69a29a56b7f7',
  },
  'linux-arm64': {
    from: ['linux_arm64', 'libtensorflowlite_c.so'],
    sha256: 'ec0dee4fb3418e680d010248ac1e304d9656cc5c8de54caaf91d666712e2f633',
  },
  'darwin-arm64': {
    from: ['darwin_arm64', 'libtensorflowlite_c.dylib'],
    sha256: '195b0b1403a7e19bf6b3768578f839cf895189709b760755b2b9fb0ac324259b',
  },
  'win32-x64': {
    from: ['windows_amd64', 'tensorflowlite_c.dll'],
    sha256: '5c312a59455bef8f4996c893e1f70cfacda56abb35750a74096ad8301f564aef',
  },
};

export const ownPlatform = `${process.platform}-${process.arch}`;

/** dist/tflite, as seen from the sources and from a bundled script. */
export function tfliteFolder(): string {
  const here = import.meta.dirname;
  const dist = path.basename(here) === 'tflite' ? '../../../dist' : '..';
  // A library cannot be loaded out of an archive.
  return path
    .join(here, dist, 'tflite')
    .replace(`app.asar${path.sep}`, `app.asar.unpacked${path.sep}`);
}

/** @throws WorkbenchError `runner-not-built` where this platform has none, or it was not fetched */
export function tfliteLibrary(folder = tfliteFolder()): string {
  const known = libraryFiles[ownPlatform];
  if (!known) {
    throw new WorkbenchError(
      'runner-not-built',
      `There is no TensorFlow Lite library for ${ownPlatform}.`,
      'Use --runner onnxruntime-cpu on this computer.',
    );
  }
  const file = path.join(folder, known.from[1]);
  if (existsSync(file)) return file;
  throw new WorkbenchError(
    'runner-not-built',
    'The TensorFlow Lite library was not fetched.',
    'Fetch it with "npm run build:tflite"; a packaged Workbench carries it.',
  );
}
