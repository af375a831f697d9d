/** Picture files as bytes, and what their first bytes say. */
import { NotRegular, readRegular } from '../../regular-file.ts';
import { UnusableFile } from '../problems.ts';
import { noteFile } from '../witness.ts';

/** A larger file is neither a picture nor an annotation, or would fill the memory. */
const mostBytes = 2 ** 29;

/** The whole file, which has to be a regular one of at most 512 MiB. Throws UnusableFile. */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    const bytes = await readRegular(file, mostBytes);
    await noteFile(file);
    return bytes;
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

/** Formats by their first bytes, and whether they are read. */
const signatures: readonly (readonly [format: string, at: number, begins: readonly string[]])[] = [
  ['JPEG', 0, ['\xff\xd8']],
  ['PNG', 0, ['\x89PNG\r\n\x1a\n']],
  ['WebP', 8, ['WEBP']],
  ['AVIF', 8, ['avif', 'avis']],
  ['HEIC', 8, ['heic', 'heix', 'hevc', 'mif1', 'msf1']],
  ['TIFF', 0, ['II*\0', 'MM\0*']],
  ['BMP', 0, ['BM']],
  ['GIF', 0, ['GIF8']],
];

/** By its content, whatever the file is called; null for an unknown format. */
export function formatOf(bytes: Uint8Array): string | null {
  const text = String.fromCharCode(...bytes.subarray(0, 32));
  // An AVIF file may begin as a general container and only list itself among the compatible brands.
  if (text.startsWith('ftyp', 4) && text.includes('avif')) return 'AVIF';
  const found = signatures.find(([, at, begins]) =>
    begins.some((begin) => text.startsWith(begin, at)),
  );
  return found?.[0] ?? null;
}
