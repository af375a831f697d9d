/**
 * Masks: PNG files whose pixels are class ids, or colours that stand for classes. A palette only makes ids
 * visible and is not their meaning, so masks are decoded to the stored values, which decoders for photographs
 * do not offer.
 */
import { decode, type DecodedPng } from 'fast-png';
import { ignoredClass } from '../batches.ts';
import { UnusableFile } from '../problems.ts';
import { isPng, readBytes } from './bytes.ts';

export interface Mask {
  readonly width: number;
  readonly height: number;
  /** Class id of each pixel, row by row. */
  readonly ids: Uint8Array;
}

/** What a mask's pixels mean. */
export type MaskCoding =
  /** Class ids. */
  | { readonly kind: 'ids' }
  /** 0 and 255: the background, and the one thing of interest. */
  | { readonly kind: 'binary' }
  /** Colours as one number each (red, green, blue), and the class that each stands for. */
  | {
      readonly kind: 'colours';
      readonly classOf: ReadonlyMap<number, number>;
      /** The colour of pixels that the loss ignores. */
      readonly ignored?: number | null;
    };

/** As stored: ids, or colours if red, green and blue differ anywhere. */
export interface RawMask {
  readonly width: number;
  readonly height: number;
  readonly ids: Uint8Array | null;
  /** 0xrrggbb of each pixel. */
  readonly colours: Uint32Array | null;
  /** Whether the ids were saved as three equal channels. */
  readonly fromColours: boolean;
}

/** Throws UnusableFile. */
export async function readCodedMask(
  file: string,
  size: { readonly width: number; readonly height: number } | null,
  coding: MaskCoding,
): Promise<Mask> {
  const { width, height, ids, colours } = await readRawMask(file, size);
  const at = (i: number) => `at column ${i % width}, row ${Math.floor(i / width)}`;
  switch (coding.kind) {
    case 'ids':
      if (ids !== null) return { width, height, ids };
      throw new UnusableFile(file, 'has colours, where other masks hold class ids');
    case 'binary': {
      const odd = ids?.findIndex((id) => id !== 0 && id !== 255) ?? 0;
      if (ids === null || odd >= 0) {
        const what = ids === null ? 'colours' : `the value ${ids[odd]} ${at(odd)}`;
        throw new UnusableFile(file, `has ${what}, where other masks hold 0 and 255 only`);
      }
      return { width, height, ids: ids.map((id) => (id === 0 ? 0 : 1)) };
    }
    case 'colours': {
      const values = colours ?? Uint32Array.from(ids ?? [], (id) => id * 0x01_01_01);
      const classes = new Uint8Array(values.length);
      for (let i = 0; i < values.length; i++) {
        const value = values[i]!;
        const found = value === coding.ignored ? ignoredClass : coding.classOf.get(value);
        if (found === undefined) {
          throw new UnusableFile(
            file,
            `has the colour ${colourName(values[i]!)} ${at(i)}, which is not that of any class`,
          );
        }
        classes[i] = found;
      }
      return { width, height, ids: classes };
    }
  }
}

/** #rrggbb. */
export function colourName(colour: number): string {
  return `#${colour.toString(16).padStart(6, '0')}`;
}

/**
 * Reads a grey or palette PNG of up to 8 bits, or of 16 bits with ids up to 255 (and 65535, which is ignored), or a
 * PNG of 8-bit colours; transparency is dropped. `size` is the size of its picture. Throws UnusableFile.
 */
export async function readRawMask(
  file: string,
  size: { readonly width: number; readonly height: number } | null,
): Promise<RawMask> {
  const bytes = await readBytes(file);
  if (!isPng(bytes)) throw new UnusableFile(file, bytes.length === 0 ? 'is empty' : 'is no PNG');
  if (bytes.length < 33) throw new UnusableFile(file, 'ends inside its header');
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [header.getUint32(16), header.getUint32(20)];
  // Checked before decoding, because what a damaged header announces may not fit into memory.
  if (width * height > 2 ** 28)
    throw new UnusableFile(file, `announces ${width} x ${height} pixels`);
  if (size && (width !== size.width || height !== size.height)) {
    throw new UnusableFile(
      file,
      `is a mask of ${width} x ${height} pixels, but its image has ${size.width} x ${size.height}`,
    );
  }
  const png = decoded(bytes, file);
  if (png.channels === 2) png.data = everyOther(png.data);
  return png.channels >= 3
    ? { width, height, ...coloursOf(png, file), fromColours: true }
    : { width, height, ids: idsOf(png, file), colours: null, fromColours: false };
}

function coloursOf(
  { width, height, channels, depth, data }: DecodedPng,
  file: string,
): Pick<RawMask, 'ids' | 'colours'> {
  if (depth !== 8) throw new UnusableFile(file, `has colours of ${depth} bits; masks have 8`);
  if (data.length !== width * height * channels) {
    throw new UnusableFile(file, `has ${data.length} bytes for ${width} x ${height} pixels`);
  }
  const colours = new Uint32Array(width * height);
  let grey = true;
  for (let i = 0, at = 0; i < colours.length; i++, at += channels) {
    const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!];
    grey &&= red === green && green === blue;
    colours[i] = (red << 16) | (green << 8) | blue;
  }
  return grey
    ? { ids: Uint8Array.from(colours, (colour) => colour & 0xff), colours: null }
    : { ids: null, colours };
}

function decoded(bytes: Uint8Array, file: string): DecodedPng {
  try {
    return decode(bytes, { checkCrc: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnusableFile(file, `cannot be decoded: ${reason}`, { cause });
  }
}

/** Grey without the transparency that follows each pixel. */
const everyOther = <T extends DecodedPng['data']>(data: T): T =>
  data.filter((_value, i) => i % 2 === 0) as T;

/** What -1, which many programs ignore, becomes in 16 bits. */
const ignoredIn16Bits = 65_535;

function idsOf({ width, height, depth, data }: DecodedPng, file: string): Uint8Array {
  if (depth === 16) {
    const tooHigh = data.find((id) => id > 255 && id !== ignoredIn16Bits);
    if (tooHigh !== undefined)
      throw new UnusableFile(file, `has the class id ${tooHigh} (at most 255)`);
    // Its last 8 bits are the id that is ignored.
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
      const byte = data[y * rowBytes + Math.floor(x / perByte)]!;
      ids[y * width + x] = (byte >> (8 - depth * ((x % perByte) + 1))) & most;
    }
  }
  return ids;
}
