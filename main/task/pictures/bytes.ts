/** Files of pictures as bytes, and what their first bytes say. */
import { readFile } from 'node:fs/promises';
import { UnusableFile } from '../problems.ts';

/** The whole file. Throws UnusableFile. */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnusableFile(file, missing ? 'does not exist' : `cannot be read: ${reason}`, {
      cause,
    });
  }
}

export function isPng(bytes: Uint8Array): boolean {
  return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, i) => bytes[i] === byte);
}
