/** Which place of a detector without anchors is responsible for which box. */
import type { BoxesOfImage } from './assign.ts';
import { eachPlace, firstPlaces, placeCount, strideOf, type PlacedLevel } from './places.ts';

type Size = readonly [number, number];

/** A level is responsible for boxes whose farthest side is up to so many strides away; the next one for the rest. */
const reach = 8;
/** How near to the centre of a box, in strides, a place has to be. */
const radius = 1.5;

/**
 * The box that each place is responsible for, or -1. A place takes a box if its centre lies inside of it and within
 * one and a half strides of the box's centre, in height and width, and if the farthest side of the box is as far away
 * as its level is responsible for: up to 8 strides, and more than 4 but on the finest level; any distance above on the
 * coarsest. Of several boxes it takes the smallest. A box that gets no place so gets the cell of its own centre, on
 * the level that half its longer side asks for. Source: Tian et al., FCOS, with centre sampling.
 * @param image height, width
 */
export function matchByCentre(
  image: Size,
  levels: readonly PlacedLevel[],
  { boxes, classes }: BoxesOfImage,
): Int32Array {
  const match = new Int32Array(placeCount(levels)).fill(-1);
  const count = classes.length;
  const edge = (box: number, i: number) => boxes[4 * box + i]!;
  const areaOf = (box: number) => (edge(box, 2) - edge(box, 0)) * (edge(box, 3) - edge(box, 1));
  const has = new Set<number>();
  for (const { index, level, x, y, stride } of eachPlace(image, levels)) {
    const [atX, atY] = [(x + 0.5) * stride[0], (y + 0.5) * stride[1]];
    const across = Math.max(...stride);
    for (let box = 0; box < count; box++) {
      const [x1, y1, x2, y2] = [0, 1, 2, 3].map((i) => edge(box, i)) as [
        number,
        number,
        number,
        number,
      ];
      const sides = [atX - x1, atY - y1, x2 - atX, y2 - atY];
      const central =
        Math.abs(atX - (x1 + x2) / 2) < radius * stride[0] &&
        Math.abs(atY - (y1 + y2) / 2) < radius * stride[1];
      if (!central || Math.min(...sides) <= 0) continue;
      const farthest = Math.max(...sides);
      const low = level === 0 ? 0 : (reach / 2) * across;
      const high = level === levels.length - 1 ? Infinity : reach * across;
      if (farthest <= low || farthest > high) continue;
      if (match[index] === -1 || areaOf(box) < areaOf(match[index]!)) match[index] = box;
    }
  }
  match.forEach((box) => has.add(box));
  const starts = firstPlaces(levels);
  for (let box = 0; box < count; box++) {
    if (has.has(box)) continue;
    const half = Math.max(edge(box, 2) - edge(box, 0), edge(box, 3) - edge(box, 1)) / 2;
    const fits = levels.findIndex(({ width }) => half <= reach * strideOf(image[1], width));
    const level = fits < 0 ? levels.length - 1 : fits;
    const { height, width } = levels[level]!;
    const cell = (low: number, high: number, size: number, map: number) =>
      Math.min(Math.floor((low + high) / 2 / strideOf(size, map)), map - 1);
    const x = cell(edge(box, 0), edge(box, 2), image[1], width);
    const y = cell(edge(box, 1), edge(box, 3), image[0], height);
    match[starts[level]! + y * width + x] = box;
  }
  return match;
}
