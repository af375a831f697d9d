/**
 * Photographs, decoded by sharp (libvips). Only the data child may load this file: sharp's GLib and
 * GTK's do not get along in Electron's main process (decision 6).
 */
import sharp from 'sharp';
import { UnusableFile } from '../problems.ts';
import { isJpeg, isPng, readBytes } from './bytes.ts';

/** Interleaved: red, green and blue of one pixel lie together, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

// Several pictures are decoded at once; each keeps to one thread, and none is asked for twice.
sharp.concurrency(1);
sharp.cache(false);

/**
 * Decodes a JPEG or PNG file to 8-bit sRGB; grey becomes three equal channels, transparency is dropped.
 * The orientation that a camera noted is not applied: boxes and masks are drawn on the picture as stored.
 * Throws UnusableFile, also for a picture that is cut short.
 */
export async function decodePicture(file: string): Promise<Picture> {
  const bytes = await readBytes(file);
  if (!isJpeg(bytes) && !isPng(bytes)) {
    throw new UnusableFile(file, bytes.length === 0 ? 'is empty' : 'is neither JPEG nor PNG');
  }
  try {
    const { data, info } = await sharp(bytes, { failOn: 'error' })
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`decodes to ${info.channels} channels`);
    return { width: info.width, height: info.height, rgb: data };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim().split('\n')[0] : String(cause);
    throw new UnusableFile(file, `cannot be decoded: ${reason}`, { cause });
  }
}
