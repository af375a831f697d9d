/** A program for the phone's own processor that takes benchmark_model's place. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

/** @returns the file, named as the real one is */
export async function buildStandIn(folder: string): Promise<string> {
  const file = path.join(folder, 'benchmark_model');
  const source = path.join(import.meta.dirname, 'benchmark-stand-in.c');
  await promisify(execFile)('aarch64-linux-gnu-gcc', ['-O1', '-static', '-o', file, source]);
  return file;
}
