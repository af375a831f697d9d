/** One photograph on its way into the network's input. */
import type { Fit } from '../dataset.ts';
import { photographNormalisation } from '../dataset.ts';
import { decodePicture } from './decode.ts';
import { place, type Placement, type Size } from './placement.ts';
import { resizePicture } from './resize.ts';

export interface PlacedPicture {
  /** Size in the file. */
  readonly size: Size;
  /** The same as height and width. */
  readonly stored: readonly [number, number];
  readonly placement: Placement;
  /** 3 x H x W. */
  readonly pixels: Uint8Array;
}

/** @param size height and width of the target. Throws UnusableFile. */
export async function readPicture(
  file: string,
  [height, width]: readonly [number, number],
  fit: Exclude<Fit, 'fixed'>,
): Promise<PlacedPicture> {
  const picture = await decodePicture(file);
  const target = { width, height };
  const placement = place(picture, target, fit);
  return {
    size: { width: picture.width, height: picture.height },
    stored: [picture.height, picture.width],
    placement,
    pixels: resizePicture(picture, target, placement, photographNormalisation),
  };
}

/** Pictures worked on at once: as many as libuv has threads for. */
const atOnce = 4;

/** Maps in order, a few at a time. */
export async function mapSome<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
