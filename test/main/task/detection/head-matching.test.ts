import { describe, expect, it } from 'vitest';
import { defaultBoxes } from '../../../../main/task/detection/default-boxes.ts';
import { matchByCentre } from '../../../../main/task/detection/match-by-centre.ts';
import { strideOf } from '../../../../main/task/detection/places.ts';
import { matchByRatio, yoloAnchors } from '../../../../main/task/detection/yolo-anchors.ts';

const image = [64, 64] as const;
const levels = (perPlace: number) =>
  [8, 4, 2].map((size) => ({ height: size, width: size, perPlace }));
const boxes = (...edges: readonly (readonly number[])[]) => ({
  boxes: Float32Array.from(edges.flat()),
  classes: Int32Array.from(edges, () => 0),
});
const placesOf = (match: Int32Array, box = 0) =>
  [...match.keys()].filter((place) => match[place] === box);

describe('places of a detector', () => {
  it('lie a power of two apart, also where the image is no multiple of it', () => {
    expect([strideOf(64, 8), strideOf(100, 13), strideOf(224, 7), strideOf(300, 19)]).toEqual([
      8, 8, 32, 16,
    ]);
  });

  it('with anchors take boxes of about their size, in the cell of the centre and two beside it', () => {
    // 12 x 12 around (21, 19): cell 2, 2 of the finest map, nearer to its right and to its upper neighbour.
    const match = matchByRatio(image, levels(3), yoloAnchors(3)!, boxes([15, 13, 27, 25]));
    const cells = placesOf(match).map((place) => Math.floor(place / 3));
    const finest = [...new Set(cells)].filter((cell) => cell < 64);
    expect(finest).toEqual([1 * 8 + 2, 2 * 8 + 2, 2 * 8 + 3]);
    // The smallest anchor of the next map is 30 x 61: five times as high.
    expect(placesOf(match).some((place) => place >= 192)).toBe(false);
  });

  it('give what several boxes want to the first', () => {
    const both = boxes([15, 13, 27, 25], [15, 13, 27, 25]);
    const match = matchByRatio(image, levels(3), yoloAnchors(3)!, both);
    expect(placesOf(match, 1)).toEqual([]);
    expect(placesOf(match, 0)).not.toEqual([]);
  });

  it('without anchors take boxes around their centre, on the level that is as coarse as the box is large', () => {
    const small = matchByCentre(image, levels(1), boxes([16, 16, 40, 40]));
    expect(placesOf(small)).toEqual([18, 19, 20, 26, 27, 28, 34, 35, 36]);
    const large = matchByCentre(
      [256, 256],
      [32, 16, 8].map((n) => ({ height: n, width: n, perPlace: 1 })),
      boxes([20, 20, 236, 236]),
    );
    expect(placesOf(large).every((place) => place >= 32 * 32)).toBe(true);
  });

  it('prefer the smaller of two boxes, and give every box at least the cell of its centre', () => {
    const match = matchByCentre(
      image,
      levels(1),
      boxes([4, 4, 60, 60], [20, 20, 44, 44], [1, 1, 3, 3]),
    );
    expect(match[3 * 8 + 3]).toBe(1);
    expect(placesOf(match, 2)).toEqual([0]);
    expect(placesOf(match, 0)).not.toEqual([]);
  });

  it('have default boxes of rising scales', () => {
    const rows = defaultBoxes(
      [100, 100],
      [
        { height: 1, width: 1, perPlace: 4 },
        { height: 1, width: 1, perPlace: 3 },
      ],
    );
    const heights = [...rows]
      .filter((_, i) => i % 4 === 2)
      .map((value) => Number(value.toFixed(2)));
    expect(heights).toEqual([20, 42.43, 14.14, 28.28, 90, 63.64, 127.28]);
  });
});
