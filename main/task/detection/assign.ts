/** Which anchor is responsible for which box, and what it should predict. */

/** Boxes of one image in pixels, rows of x1, y1, x2, y2, with a class each. */
import type { Known } from '../../common/known.ts';
export interface BoxesOfImage {
  readonly boxes: Float32Array;
  readonly classes: Int32Array;
}

export interface AnchorTargets {
  /** Class of each anchor; `background` where it is responsible for no box. */
  readonly classes: Int32Array;
  /** Rows of dy, dx, dh, dw of each anchor; zero for background. */
  readonly offsets: Float32Array;
  /** 1 for anchors with a box, otherwise 0. */
  readonly positive: Float32Array;
}

/**
 * Which of several boxes gets an anchor that is the best for all of them: the first or, mostly, the last, as in
 * version 0.1.
 */
export type SharedAnchor = 'first' | 'last';

/**
 * An anchor takes the box that it overlaps most, if they overlap (intersection over union) at least this much.
 */
const matchThreshold = 0.5;

/**
 * Assigns boxes to anchors as EfficientDet does: every anchor takes its best box if they overlap by at least
 * 0.5, and every box gets its best anchor whatever the overlap; one that is the best of several boxes goes to
 * the first of them. Offsets: (centre - anchor centre) / anchor size, and ln(size / anchor size). Source:
 * EfficientDet's reference implementation (argmax matcher, Faster R-CNN box coder).
 * @param anchors rows of centre y, centre x, height, width
 * @param background class index that stands for no object: the number of classes
 * @param shared `last` only for what version 0.1 began
 */
export function assignAnchors(
  anchors: Float32Array,
  image: BoxesOfImage,
  background: number,
  shared: SharedAnchor = 'first',
): AnchorTargets {
  return targetsOf(anchors, matchByOverlap(anchors, image, shared), image, background);
}

/** The box that each anchor is responsible for, or -1, by the rule of `assignAnchors`. */
export function matchByOverlap(
  anchors: Float32Array,
  { boxes, classes }: BoxesOfImage,
  shared: SharedAnchor = 'first',
): Int32Array {
  const anchorCount = anchors.length / 4;
  const match = new Int32Array(anchorCount).fill(-1);
  // 0.1 rounded here, after which a box that coincides with an earlier one could win over it.
  const best = shared === 'last' ? new Float32Array(anchorCount) : new Float64Array(anchorCount);
  const forced: { readonly anchor: number; readonly box: number }[] = [];
  for (let box = 0; box < classes.length; box++) {
    let bestAnchor = -1;
    let bestOverlap = 0;
    for (let anchor = 0; anchor < anchorCount; anchor++) {
      const overlap = overlapOf(anchors, anchor, boxes, box);
      if (overlap > best[anchor]!) {
        best[anchor] = overlap;
        match[anchor] = box;
      }
      if (overlap > bestOverlap) {
        bestOverlap = overlap;
        bestAnchor = anchor;
      }
    }
    if (bestAnchor >= 0) forced.push({ anchor: bestAnchor, box });
  }
  for (let anchor = 0; anchor < anchorCount; anchor++) {
    if (best[anchor]! < matchThreshold) match[anchor] = -1;
  }
  // What is written last remains.
  if (shared === 'first') forced.reverse();
  for (const { anchor, box } of forced) match[anchor] = box;
  return match;
}

function overlapOf(
  anchors: Float32Array,
  anchor: number,
  boxes: Float32Array,
  box: number,
): number {
  const a = anchor * 4;
  const b = box * 4;
  const [y1, x1] = [anchors[a]! - anchors[a + 2]! / 2, anchors[a + 1]! - anchors[a + 3]! / 2];
  const [y2, x2] = [y1 + anchors[a + 2]!, x1 + anchors[a + 3]!];
  const width = Math.min(x2, boxes[b + 2]!) - Math.max(x1, boxes[b]!);
  const height = Math.min(y2, boxes[b + 3]!) - Math.max(y1, boxes[b + 1]!);
  if (width <= 0 || height <= 0) return 0;
  const intersection = width * height;
  const boxArea = (boxes[b + 2]! - boxes[b]!) * (boxes[b + 3]! - boxes[b + 1]!);
  return intersection / (anchors[a + 2]! * anchors[a + 3]! + boxArea - intersection);
}

function targetsOf(
  anchors: Float32Array,
  match: Int32Array,
  { boxes, classes }: BoxesOfImage,
  background: number,
): AnchorTargets {
  const targets = {
    classes: new Int32Array(match.length).fill(background),
    offsets: new Float32Array(match.length * 4),
    positive: new Float32Array(match.length),
  };
  match.forEach((box, anchor) => {
    if (box < 0) return;
    const a = anchor * 4;
    const [x1, y1, x2, y2] = [...boxes.subarray(box * 4, box * 4 + 4)] as Known<number>;
    const [centreY, centreX, height, width] = [...anchors.subarray(a, a + 4)] as Known<number>;
    targets.classes[anchor] = classes[box]!;
    targets.positive[anchor] = 1;
    targets.offsets.set(
      [
        ((y1 + y2) / 2 - centreY) / height,
        ((x1 + x2) / 2 - centreX) / width,
        Math.log((y2 - y1) / height),
        Math.log((x2 - x1) / width),
      ],
      a,
    );
  });
  return targets;
}
