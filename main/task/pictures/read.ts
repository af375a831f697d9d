/** Reads one photograph and brings it to the size of the network's input. */
import type { DataProblem } from '../batches.ts';
import type { Fit } from '../dataset.ts';
import { photographNormalisation } from '../dataset.ts';
import { decodePicture } from './decode.ts';
import { placementOf, type PicturePlacement, type PictureSize } from './placement.ts';
import { resizePicture } from './resize.ts';

export interface PlacedPicture {
  /** Size in the file. */
  readonly size: PictureSize;
  /** The same as height and width. */
  readonly stored: readonly [number, number];
  readonly placement: PicturePlacement;
  /** 3 x H x W. */
  readonly pixels: Uint8Array;
  /** What a person may want to know about it; nothing was left out. */
  readonly notes: readonly DataProblem[];
}

/**
 * @param size height and width of the target
 * @param labelled the size that annotations say; null where they say none
 * @throws UnusableFile
 */
export async function readPicture(
  file: string,
  [height, width]: readonly [number, number],
  fit: Exclude<Fit, 'fixed'>,
  labelled?: PictureSize | null,
): Promise<PlacedPicture> {
  const picture = await decodePicture(file, labelled);
  const target = { width, height };
  const placement = placementOf(picture, target, fit);
  return {
    size: { width: picture.width, height: picture.height },
    stored: [picture.height, picture.width],
    placement,
    pixels: resizePicture(picture, target, placement, photographNormalisation),
    notes: picture.orientation === 1 ? [] : [{ file, reason: asStored(picture.orientation) }],
  };
}

const asStored = (orientation: number): string =>
  `says that the camera was turned (Exif orientation ${orientation}), and is taken as it is stored`;

/** How many pictures are worked on at once: as many as libuv has threads. */
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
      results[at] = await work(items[at]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
