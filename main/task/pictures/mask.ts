/**
 * Masks: PNG files whose pixels are class ids. A palette is a way to look at them, not their meaning, so
 * they are decoded to what is stored, which decoders of photographs do not offer.
 */
import { decode, type DecodedPng } from 'fast-png';
import { UnusableFile } from '../problems.ts';
import { isPng, readBytes } from './bytes.ts';

export interface Mask {
  readonly width: number;
  readonly height: number;
  /** Class id of each pixel, row by row. */
  readonly ids: Uint8Array;
}

/**
 * Reads a grey or palette PNG of up to 8 bits, or of 16 bits with ids up to 255. `size` is that of its
 * picture. Throws UnusableFile.
 */
export async function readMask(
  file: string,
  size: { readonly width: number; readonly height: number } | null,
): Promise<Mask> {
  const bytes = await readBytes(file);
  if (!isPng(bytes)) throw new UnusableFile(file, bytes.length === 0 ? 'is empty' : 'is no PNG');
  if (bytes.length < 33) throw new UnusableFile(file, 'ends inside its header');
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [header.getUint32(16), header.getUint32(20)];
  // Before decoding: what a damaged header announces need not fit into memory.
  if (width * height > 2 ** 28)
    throw new UnusableFile(file, `announces ${width} x ${height} pixels`);
  if (size && (width !== size.width || height !== size.height)) {
    throw new UnusableFile(
      file,
      `is a mask of ${width} x ${height} pixels, but its image has ${size.width} x ${size.height}`,
    );
  }
  return { width, height, ids: idsOf(decoded(bytes, file), file) };
}

function decoded(bytes: Uint8Array, file: string): DecodedPng {
  try {
    return decode(bytes, { checkCrc: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnusableFile(file, `cannot be decoded: ${reason}`, { cause });
  }
}

function idsOf({ width, height, channels, depth, data }: DecodedPng, file: string): Uint8Array {
  if (channels !== 1) {
    throw new UnusableFile(
      file,
      `has ${channels} channels: its pixels are colours, but a mask holds class ids (grey or palette)`,
    );
  }
  if (depth === 16) {
    const tooHigh = data.find((id) => id > 255);
    if (tooHigh !== undefined)
      throw new UnusableFile(file, `has the class id ${tooHigh} (at most 255)`);
  }
  const ids = depth < 8 ? unpacked(data, width, height, depth) : Uint8Array.from(data);
  if (ids.length !== width * height) {
    throw new UnusableFile(file, `has ${ids.length} pixels instead of ${width} x ${height}`);
  }
  return ids;
}

/** Rows of 1, 2 or 4 bits a pixel start at whole bytes; the first pixel has the highest bits. */
function unpacked(
  data: ArrayLike<number>,
  width: number,
  height: number,
  depth: number,
): Uint8Array {
  const perByte = 8 / depth;
  const rowBytes = Math.ceil(width / perByte);
  const most = (1 << depth) - 1;
  const ids = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const byte = data[y * rowBytes + Math.floor(x / perByte)];
      ids[y * width + x] = (byte >> (8 - depth * ((x % perByte) + 1))) & most;
    }
  }
  return ids;
}
