/** Where a detection head predicts, and which of its places is responsible for which box. */
import type { DetectionHead } from '../../graph/heads/head.ts';
import type { Places } from '../../graph/heads/loss.ts';
import { matchByOverlap, type BoxesOfImage } from '../../task/detection/assign.ts';
import { defaultBoxes } from '../../task/detection/default-boxes.ts';
import { matchByCentre } from '../../task/detection/match-by-centre.ts';
import { eachPlace, placeCount, type PlacedLevel } from '../../task/detection/places.ts';
import { matchByRatio, yoloAnchors } from '../../task/detection/yolo-anchors.ts';

type Size = readonly [number, number];

/** Where a head predicts, and how boxes are told to its places. */
export interface PlacedHead {
  readonly head: DetectionHead;
  readonly image: Size;
  readonly levels: readonly PlacedLevel[];
  readonly places: Places;
  /** The box that each place of an image is responsible for, or -1. */
  readonly match: (boxes: BoxesOfImage) => Int32Array;
}

/**
 * @param image height, width
 * @param maps sizes of the feature maps, fine to coarse
 */
export function placedHead(
  head: DetectionHead,
  image: Size,
  maps: readonly { readonly height: number; readonly width: number }[],
): PlacedHead {
  const levels = maps.map((map, i) => ({ ...map, perPlace: head.levels[i]!.perPlace }));
  const count = placeCount(levels);
  const [origins, sizes] = [new Float32Array(2 * count), new Float32Array(2 * count)];
  const strides = new Float32Array(count);
  const anchors = head.kind === 'yolo-anchors' ? yoloAnchors(levels.length)! : null;
  const boxes = head.kind === 'ssd' ? defaultBoxes(image, levels) : null;
  // Predictions of the YOLO kinds count from the corner of a cell, distances from its centre.
  const inside = head.kind === 'yolo-anchors' || head.kind === 'yolo-cells' ? 0 : 0.5;
  for (const { index, level, x, y, anchor, stride } of eachPlace(image, levels)) {
    origins.set([(x + inside) * stride[0], (y + inside) * stride[1]], 2 * index);
    sizes.set(anchors ? anchors[level]![anchor]! : stride, 2 * index);
    strides[index] = stride[0];
  }
  const match = (of: BoxesOfImage) => {
    if (anchors) return matchByRatio(image, levels, anchors, of);
    return boxes ? matchByOverlap(boxes, of) : matchByCentre(image, levels, of);
  };
  return { head, image, levels, places: { count, origins, sizes, strides, image }, match };
}
