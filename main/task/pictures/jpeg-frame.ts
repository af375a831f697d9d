/**
 * A JPEG's outline (ITU T.81, annex B): its size, and whether it reaches its end. Decoders invent what is
 * missing from a file that was cut short, which is not a picture to score on.
 */

import type { Known } from '../../common/known.ts';
export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  /** Whether the marker "end of image" is there. */
  readonly complete: boolean;
}

const endOfImage = 0xd9;
const startOfScan = 0xda;
/** Frames of all codings: SOF0 to SOF15, except DHT, JPG and DAC, which lie between them. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** Markers without a length: restarts and TEM. */
const isBare = (marker: number): boolean => (marker >= 0xd0 && marker <= 0xd7) || marker === 0x01;

/** Null where the bytes are no JPEG, or end before they say how large the picture is. */
export function readJpegFrame(bytes: Uint8Array): JpegFrame | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  let size: { width: number; height: number } | null = null;
  let at = 2;
  for (;;) {
    at = nextMarker(bytes, at);
    if (at < 0) return size && { ...size, complete: false };
    const marker = bytes[at + 1]!;
    at += 2;
    if (marker === endOfImage) return size && { ...size, complete: true };
    if (isBare(marker)) continue;
    if (at + 2 > bytes.length) return size && { ...size, complete: false };
    const length = bytes[at]! * 256 + bytes[at + 1]!;
    if (isFrame(marker) && at + 7 <= bytes.length) {
      const [height, width] = [3, 5].map(
        (offset) => bytes[at + offset]! * 256 + bytes[at + offset + 1]!,
      ) as Known<number>;
      size ??= { width, height };
    }
    // A segment is skipped with all that it contains, such as the thumbnail, which is a JPEG with its own end.
    at += length;
    if (marker === startOfScan) at = endOfScan(bytes, at);
  }
}

/** @returns where the 0xff of the next marker is, or -1 */
function nextMarker(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(0xff, from);
  // Markers may be padded with any number of 0xff.
  while (at >= 0 && bytes[at + 1] === 0xff) at += 1;
  return at >= 0 && at + 1 < bytes.length ? at : -1;
}

/** Coded data hold 0xff only before 0 or a restart. @returns where the next marker begins */
function endOfScan(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(0xff, from);
  while (at >= 0 && (bytes[at + 1] === 0 || isBare(bytes[at + 1]!)))
    at = bytes.indexOf(0xff, at + 2);
  return at < 0 ? bytes.length : at;
}
