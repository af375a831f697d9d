/** Files of pictures as bytes, and what their first bytes say. */
import { NotRegular, readRegular } from '../../regular-file.ts';
import { UnusableFile } from '../problems.ts';

/** Of a picture or an annotation: a larger file is none of either, or would fill the memory. */
const mostBytes = 2 ** 29;

/** The whole file, which has to be a regular one of at most 512 MiB. Throws UnusableFile. */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readRegular(file, mostBytes);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const said = cause instanceof Error ? cause.message : String(cause);
    const reason = cause instanceof NotRegular ? said : `cannot be read: ${said}`;
    throw new UnusableFile(file, missing ? 'does not exist' : reason, { cause });
  }
}

export function isPng(bytes: Uint8Array): boolean {
  return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, i) => bytes[i] === byte);
}
