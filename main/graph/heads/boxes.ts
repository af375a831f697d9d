/** How boxes overlap, and losses of that. Boxes are rows of their low and high corners: N x places x 2 each. */
import type { LossFormula } from './formula.ts';

export interface Corners {
  /** x1, y1 */
  readonly low: string;
  /** x2, y2 */
  readonly high: string;
}

/** Keeps quotients of empty boxes finite, as PyTorch implementations of these losses do. */
const epsilon = 1e-7;

export const cornersOf = (f: LossFormula, boxes: string): Corners => ({
  low: f.columns(boxes, 0, 2),
  high: f.columns(boxes, 2, 4),
});

/** Boxes from their centres and their sizes. */
export function around(f: LossFormula, centre: string, size: string): Corners {
  const half = f.times(size, 0.5);
  return { low: f.minus(centre, half), high: f.plus(centre, half) };
}

const product = (f: LossFormula, pair: string): string =>
  f.times(f.columns(pair, 0, 1), f.columns(pair, 1, 2));

interface Overlap {
  /** Intersection over union. */
  readonly iou: string;
  readonly union: string;
}

export function overlap(f: LossFormula, a: Corners, b: Corners): Overlap {
  const area = ({ low, high }: Corners) => product(f, f.minus(high, low));
  const common = product(f, f.positive(f.minus(f.smaller(a.high, b.high), f.larger(a.low, b.low))));
  const union = f.plus(f.minus(f.plus(area(a), area(b)), common), epsilon);
  return { iou: f.over(common, union), union };
}

/** Width and height of the smallest box around both. */
const enclosing = (f: LossFormula, a: Corners, b: Corners): string =>
  f.minus(f.larger(a.high, b.high), f.smaller(a.low, b.low));

/** Source: Rezatofighi et al., Generalized Intersection over Union, CVPR 2019. */
export function generalisedIou(f: LossFormula, a: Corners, b: Corners): string {
  const { iou, union } = overlap(f, a, b);
  const around = f.plus(product(f, enclosing(f, a, b)), epsilon);
  return f.minus(iou, f.over(f.minus(around, union), around));
}

/**
 * Complete IoU: distance of the centres and difference of the aspect ratios count as well. The weight of the latter
 * is a number that no gradient reaches. Source: Zheng et al., Distance-IoU Loss, AAAI 2020.
 */
export function completeIou(f: LossFormula, a: Corners, b: Corners): string {
  const { iou } = overlap(f, a, b);
  const diagonal = f.plus(f.sumOfRow(f.square(enclosing(f, a, b))), epsilon);
  const apart = f.minus(f.plus(a.low, a.high), f.plus(b.low, b.high));
  const distance = f.times(f.sumOfRow(f.square(apart)), 0.25);
  const angle = ({ low, high }: Corners) => {
    const size = f.minus(high, low);
    return f.atan(f.over(f.columns(size, 0, 1), f.plus(f.columns(size, 1, 2), epsilon)));
  };
  const aspect = f.times(f.square(f.minus(angle(b), angle(a))), 4 / Math.PI ** 2);
  const weight = f.detached(f.over(aspect, f.plus(f.minus(aspect, iou), 1 + epsilon)));
  const lost = f.plus(f.over(distance, diagonal), f.times(aspect, weight));
  return f.minus(iou, lost);
}
