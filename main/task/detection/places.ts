/** Where the predictions of a detector lie in an image: every cell of every feature map. */
import type { Level } from './anchors.ts';

export interface PlacedLevel extends Level {
  /** Anchors a place. */
  readonly perPlace: number;
}

type Size = readonly [number, number];

/**
 * Pixels from one place to the next. Networks halve images, so it is a power of two, also where the image is no
 * multiple of it and the map was rounded up.
 */
export const strideOf = (image: number, map: number): number =>
  2 ** Math.max(0, Math.round(Math.log2(image / map)));

export const placeCount = (levels: readonly PlacedLevel[]): number =>
  levels.reduce((sum, { height, width, perPlace }) => sum + height * width * perPlace, 0);

export interface Place {
  readonly level: number;
  readonly x: number;
  readonly y: number;
  readonly anchor: number;
  /** Pixels to the next place to the right, and below. */
  readonly stride: Size;
}

/** Every place in the order of the maps: levels, rows, columns, anchors. */
export function* eachPlace(
  image: Size,
  levels: readonly PlacedLevel[],
): Generator<Place & { readonly index: number }> {
  let index = 0;
  for (const [level, { height, width, perPlace }] of levels.entries()) {
    const stride: Size = [strideOf(image[1], width), strideOf(image[0], height)];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let anchor = 0; anchor < perPlace; anchor++) {
          yield { index: index++, level, x, y, anchor, stride };
        }
      }
    }
  }
}

/** Index of the first place of each level. */
export function firstPlaces(levels: readonly PlacedLevel[]): readonly number[] {
  return levels.map((_, level) => placeCount(levels.slice(0, level)));
}
