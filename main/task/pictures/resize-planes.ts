/** Resizes square images that are stored plane by plane, like any others. */
import type { Normalisation } from '../dataset.ts';
import { placementOf, type PictureSize } from './placement.ts';
import { resizePicture } from './resize.ts';

/** @param planes 3 x side x side bytes @returns 3 x H x W bytes; covers the target */
export function resizePlanes(
  planes: Uint8Array,
  side: number,
  target: PictureSize,
  normalisation: Normalisation,
): Uint8Array {
  const plane = side * side;
  const rgb = new Uint8Array(3 * plane);
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = planes[c * plane + i]!;
  }
  const picture = { width: side, height: side, rgb };
  return resizePicture(picture, target, placementOf(picture, target, 'cover'), normalisation);
}
