/**
 * Photographs, decoded by @napi-rs/image (Rust's image and zune-jpeg). Only the data child loads this file:
 * a picture is somebody else's bytes, and native code that stumbles over them must not take the window
 * with it (decision 6).
 */
import { JsColorType, Transformer } from '@napi-rs/image';
import { UnusableFile } from '../problems.ts';
import { isPng, readBytes } from './bytes.ts';
import { readJpegFrame } from './jpeg-frame.ts';

/** Interleaved: red, green and blue of one pixel lie together, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** 16384 x 16384: more is a damaged header, or an attempt to fill the memory. */
const mostPixels = 2 ** 28;

/**
 * Decodes a JPEG or PNG file to 8 bits of red, green and blue; grey becomes three equal channels,
 * transparency is dropped, colour profiles are not applied. Nor is the orientation that a camera noted:
 * boxes and masks are drawn on the picture as stored.
 *
 * Throws UnusableFile, also for a picture that is cut short.
 */
export async function decodePicture(file: string): Promise<Picture> {
  const bytes = await readBytes(file);
  const { width, height } = sizeOf(bytes, file);
  if (width * height > mostPixels) {
    throw new UnusableFile(file, `announces ${width} x ${height} pixels`);
  }
  const [pixels, type] = await decoded(bytes, file);
  return { width, height, rgb: toRgb(pixels, type, width * height, file) };
}

/** From the header, before anything is decoded. */
function sizeOf(bytes: Uint8Array, file: string): { width: number; height: number } {
  if (isPng(bytes)) {
    if (bytes.length < 33) throw new UnusableFile(file, 'ends inside its header');
    const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return { width: header.getUint32(16), height: header.getUint32(20) };
  }
  const frame = readJpegFrame(bytes);
  if (!frame) {
    throw new UnusableFile(file, bytes.length === 0 ? 'is empty' : 'is neither JPEG nor PNG');
  }
  // The decoder would fill what is missing with grey, and say nothing.
  if (!frame.complete) throw new UnusableFile(file, 'is cut short: the JPEG has no end');
  return frame;
}

async function decoded(bytes: Uint8Array, file: string): Promise<[Uint8Array, JsColorType]> {
  try {
    const transformer = new Transformer(bytes);
    const { colorType } = await transformer.metadata();
    return [await transformer.rawPixels(), colorType];
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim() : String(cause);
    throw new UnusableFile(file, `cannot be decoded: ${reason}`, { cause });
  }
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
    rgb[3 * i] = pixels[at];
    rgb[3 * i + 1] = pixels[at + green];
    rgb[3 * i + 2] = pixels[at + blue];
  }
  return rgb;
}
