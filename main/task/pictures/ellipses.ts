/** Makes masks from boxes: each box is filled with the ellipse that it encloses. */
import { ignoredClass } from '../batches.ts';
import type { PlacedBoxes } from './boxes.ts';
import type { PictureSize } from './placement.ts';
import type { Known } from '../../common/known.ts';

/**
 * Class 0 is the background, class k + 1 that of boxes of class k. Larger ellipses are drawn below smaller
 * ones, so that a small object on a large one remains visible.
 *
 * @returns target H x W; everything outside `covered` is ignored
 */
export function ellipseMask(
  { boxes, classes }: Pick<PlacedBoxes, 'boxes' | 'classes'>,
  target: PictureSize,
  covered: PictureSize,
): Uint8Array {
  const mask = new Uint8Array(target.width * target.height).fill(ignoredClass);
  for (let y = 0; y < covered.height; y++) {
    mask.fill(0, y * target.width, y * target.width + covered.width);
  }
  const area = (i: number) =>
    (boxes[4 * i + 2]! - boxes[4 * i]!) * (boxes[4 * i + 3]! - boxes[4 * i + 1]!);
  const order = Array.from(classes, (_, i) => i).sort((i, k) => area(k) - area(i) || i - k);
  for (const i of order) {
    const [x1, y1, x2, y2] = [...boxes.subarray(4 * i, 4 * i + 4)] as Known<number>;
    const [centreX, centreY, radiusX, radiusY] = [
      (x1 + x2) / 2,
      (y1 + y2) / 2,
      (x2 - x1) / 2,
      (y2 - y1) / 2,
    ];
    const bottom = Math.min(covered.height, Math.ceil(y2));
    for (let y = Math.max(0, Math.floor(y1)); y < bottom; y++) {
      const down = (y + 0.5 - centreY) / radiusY;
      if (Math.abs(down) > 1) continue;
      const half = radiusX * Math.sqrt(1 - down * down);
      // Pixels whose centre is inside.
      const first = Math.max(0, Math.ceil(centreX - half - 0.5));
      const last = Math.min(covered.width - 1, Math.floor(centreX + half - 0.5));
      if (first <= last) {
        mask.fill(classes[i]! + 1, y * target.width + first, y * target.width + last + 1);
      }
    }
  }
  return mask;
}
