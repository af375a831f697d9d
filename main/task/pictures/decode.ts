/**
 * Photographs, decoded by @napi-rs/image (Rust's image and zune-jpeg). Only the data child loads this file: a
 * picture consists of somebody else's bytes, and native code that crashes on them must not take the window with
 * it (decision 6).
 */
import { JsColorType, Transformer, type Metadata } from '@napi-rs/image';
import { UnusableFile } from '../problems.ts';
import { formatOf, readBytes } from './bytes.ts';
import { readJpegFrame } from './jpeg-frame.ts';
import type { PictureSize } from './placement.ts';

/** Interleaved: red, green and blue of one pixel lie together, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
  /**
   * How the camera was held according to Exif, where that has not been applied: 1 is upright, 2 to 8 are not.
   */
  readonly orientation: number;
}

/** 16384 x 16384, 268 megapixels: more is a damaged header, or an attempt to fill the memory. */
const mostPixels = 2 ** 28;
const unread = ['GIF', 'HEIC'];
const read = 'JPEG, PNG, WebP, AVIF, TIFF and BMP are read';

/**
 * Decodes a JPEG, PNG, WebP, AVIF, TIFF or BMP file to 8 bits of red, green and blue; grey becomes three equal
 * channels, transparency is dropped, colour profiles are not applied. Nor is the orientation that a camera
 * noted: boxes and masks are mostly drawn on the picture as stored. Where the labels give a size that only the
 * turned picture has, it is turned.
 *
 * @param labelled the size that annotations say
 * @throws UnusableFile, also for a picture that is cut short
 */
export async function decodePicture(file: string, labelled?: PictureSize | null): Promise<Picture> {
  const bytes = await readBytes(file);
  assertReadable(bytes, file);
  try {
    return await decoded(bytes, file, labelled ?? null);
  } catch (cause) {
    if (cause instanceof UnusableFile) throw cause;
    const reason = cause instanceof Error ? cause.message.trim() : String(cause);
    throw new UnusableFile(file, `cannot be decoded: ${reason}`, { cause });
  }
}

/** From the header, before anything is decoded, as far as it can be read here. */
function assertReadable(bytes: Uint8Array, file: string): void {
  if (bytes.length === 0) throw new UnusableFile(file, 'is empty');
  const format = formatOf(bytes);
  if (format === null) throw new UnusableFile(file, `is not a picture that can be read (${read})`);
  if (unread.includes(format)) throw new UnusableFile(file, `is ${format}; ${read}`);
  if (format === 'PNG') {
    if (bytes.length < 33) throw new UnusableFile(file, 'ends inside its header');
    const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    assertPixels({ width: header.getUint32(16), height: header.getUint32(20) }, file);
  }
  if (format === 'JPEG') {
    const frame = readJpegFrame(bytes);
    if (!frame) throw new UnusableFile(file, 'ends before it says how large it is');
    // The decoder would silently fill what is missing with grey.
    if (!frame.complete) throw new UnusableFile(file, 'is cut short: the JPEG has no end');
    assertPixels(frame, file);
  }
}

function assertPixels({ width, height }: PictureSize, file: string): void {
  if (width * height <= mostPixels) return;
  throw new UnusableFile(
    file,
    `announces ${width} x ${height} pixels; at most ${Math.round(mostPixels / 1e6)} megapixels are read`,
  );
}

async function decoded(
  bytes: Uint8Array,
  file: string,
  labelled: PictureSize | null,
): Promise<Picture> {
  const transformer = new Transformer(bytes);
  const { width, height, colorType, orientation = 1 } = await metadataOf(transformer);
  assertPixels({ width, height }, file);
  const differs = labelled !== null && (labelled.width !== width || labelled.height !== height);
  const turned = isTurned(orientation) && labelled?.width === height && labelled.height === width;
  if (differs && turned) transformer.rotate();
  const rgb = toRgb(await transformer.rawPixels(), colorType, width * height, file);
  const applied = differs && turned;
  return {
    ...(applied ? { width: height, height: width } : { width, height }),
    rgb,
    orientation: applied ? 1 : orientation,
  };
}

/** Whether the camera was held on its side, so that width and height are swapped. */
const isTurned = (orientation: number): boolean => orientation >= 5 && orientation <= 8;

/** A camera's metadata may be damaged although the picture is not. */
async function metadataOf(transformer: Transformer): Promise<Metadata> {
  return transformer.metadata(true).catch(() => transformer.metadata());
}

/** Channels of each pixel, and bytes of a channel. */
const layouts = new Map<JsColorType, readonly [channels: number, bytes: 1 | 2]>([
  [JsColorType.L8, [1, 1]],
  [JsColorType.La8, [2, 1]],
  [JsColorType.Rgb8, [3, 1]],
  [JsColorType.Rgba8, [4, 1]],
  [JsColorType.L16, [1, 2]],
  [JsColorType.La16, [2, 2]],
  [JsColorType.Rgb16, [3, 2]],
  [JsColorType.Rgba16, [4, 2]],
]);

function toRgb(pixels: Uint8Array, type: JsColorType, count: number, file: string): Uint8Array {
  const [channels, bytes] = layouts.get(type) ?? [0, 1];
  if (pixels.length !== count * channels * bytes) {
    throw new UnusableFile(file, `decodes to ${pixels.length} bytes for ${count} pixels`);
  }
  if (type === JsColorType.Rgb8) return pixels;
  // Of 16 bits in the machine's order, little-endian, the upper byte comes second.
  const upper = bytes - 1;
  const [green, blue] = channels < 3 ? [0, 0] : [bytes, 2 * bytes];
  const rgb = new Uint8Array(3 * count);
  for (let i = 0; i < count; i++) {
    const at = i * channels * bytes + upper;
    rgb[3 * i] = pixels[at]!;
    rgb[3 * i + 1] = pixels[at + green]!;
    rgb[3 * i + 2] = pixels[at + blue]!;
  }
  return rgb;
}
