/** `npm run build:tflite`: fetches TensorFlow Lite's C library for this platform into dist/tflite. */
import path from 'node:path';
import { BuildError } from './fetch-package.ts';
import { fetchTfliteLibrary, packageCache } from './fetch.ts';
import { ownPlatform } from './library.ts';

const root = path.resolve(import.meta.dirname, '../../..');

try {
  const file = fetchTfliteLibrary(packageCache, ownPlatform, path.join(root, 'dist/tflite'));
  console.log(`TensorFlow Lite is in ${path.relative(root, file)}.`);
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
