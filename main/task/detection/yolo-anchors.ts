/** Anchors of the YOLO kind, and which of them is responsible for which box. */
import type { BoxesOfImage } from './assign.ts';
import { firstPlaces, placeCount, strideOf, type PlacedLevel } from './places.ts';

type Size = readonly [number, number];

/**
 * Width and height in pixels, level by level from fine to coarse: those that YOLOv3 and YOLOv5 learned from COCO
 * (two, three and four maps), and YOLOv2's (one). Source: the configurations of ultralytics/yolov5 and of Darknet.
 */
const learned: readonly (readonly (readonly Size[])[])[] = [
  [
    [
      [42, 55],
      [62, 133],
      [138, 162],
      [211, 284],
      [320, 302],
    ],
  ],
  [
    [
      [10, 14],
      [23, 27],
      [37, 58],
    ],
    [
      [81, 82],
      [135, 169],
      [344, 319],
    ],
  ],
  [
    [
      [10, 13],
      [16, 30],
      [33, 23],
    ],
    [
      [30, 61],
      [62, 45],
      [59, 119],
    ],
    [
      [116, 90],
      [156, 198],
      [373, 326],
    ],
  ],
  [
    [
      [19, 27],
      [44, 40],
      [38, 94],
    ],
    [
      [96, 68],
      [86, 152],
      [180, 137],
    ],
    [
      [140, 301],
      [303, 264],
      [238, 542],
    ],
    [
      [436, 615],
      [739, 380],
      [925, 792],
    ],
  ],
];

/** Null where no such detector is known. */
export function yoloAnchors(levels: number): readonly (readonly Size[])[] | null {
  return learned[levels - 1] ?? null;
}

/** Widths, and heights, may differ by less than this factor. */
const mostApart = 4;

/**
 * The box that each place is responsible for, or -1. An anchor takes a box where neither width nor height differ by a
 * factor of four; the place in which the box's centre lies does, and the two neighbours that are nearest to that
 * centre. Of several boxes a place takes the first. Source: YOLOv5 (build_targets).
 * @param image height, width
 */
export function matchByRatio(
  image: Size,
  levels: readonly PlacedLevel[],
  anchors: readonly (readonly Size[])[],
  { boxes, classes }: BoxesOfImage,
): Int32Array {
  const match = new Int32Array(placeCount(levels)).fill(-1);
  const starts = firstPlaces(levels);
  levels.forEach(({ height, width, perPlace }, level) => {
    const [strideX, strideY] = [strideOf(image[1], width), strideOf(image[0], height)];
    for (let box = 0; box < classes.length; box++) {
      const [x1, y1, x2, y2] = boxes.subarray(4 * box, 4 * box + 4) as unknown as Edges;
      const cells = cellsNear([(x1 + x2) / 2 / strideX, (y1 + y2) / 2 / strideY], [width, height]);
      anchors[level]!.forEach(([w, h], anchor) => {
        const ratios = [(x2 - x1) / w, (y2 - y1) / h].map((ratio) => Math.max(ratio, 1 / ratio));
        if (Math.max(...ratios) >= mostApart) return;
        for (const [x, y] of cells) {
          const place = starts[level]! + (y * width + x) * perPlace + anchor;
          if (match[place] === -1) match[place] = box;
        }
      });
    }
  });
  return match;
}

type Edges = readonly [number, number, number, number];

/** The cell of a point, and the nearest of its neighbours to the left or right, and above or below. */
function cellsNear([x, y]: Size, [width, height]: Size): readonly (readonly [number, number])[] {
  const column = Math.min(Math.floor(x), width - 1);
  const row = Math.min(Math.floor(y), height - 1);
  const beside = x % 1 < 0.5 ? column - 1 : column + 1;
  const above = y % 1 < 0.5 ? row - 1 : row + 1;
  const near = [[column, row] as const];
  if (beside >= 0 && beside < width) near.push([beside, row]);
  if (above >= 0 && above < height) near.push([column, above]);
  return near;
}
