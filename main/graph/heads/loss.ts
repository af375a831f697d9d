/**
 * Losses of detection heads of other kinds than EfficientDet's. What is known before the network computes (which
 * place is responsible for which box, how much each counts) comes with each batch as numbers: these losses are
 * weighted sums.
 */
import type { Graph } from '../graph.ts';
import { around, completeIou, cornersOf, generalisedIou, overlap, type Corners } from './boxes.ts';
import { LossFormula } from './formula.ts';
import { partWidths, type DetectionHead, type HeadKind, type HeadPart } from './head.ts';
import { joinedMaps } from './joined-maps.ts';

/** Numbers of each batch, N x places x as many as stated. */
export const headInputs = {
  /** Wanted boxes, x1, y1, x2, y2 in pixels; for `ssd` wanted offsets. Places without one have any sound box. */
  boxes: ':boxes',
  /** What each place's box counts; 1. */
  boxWeights: ':boxWeights',
  /** Wanted objectness or centerness, and what it counts; 1 each. */
  objects: ':objects',
  objectWeights: ':objectWeights',
  /** Wanted classes: 1 for the class of a box, else 0. */
  classes: ':classes',
  classWeights: ':classWeights',
  /** Wanted distribution over the distances of each side, times what it counts; sides x numbers. */
  sides: ':sides',
} as const;

/** Where places lie, rows of all places in the order of the maps. */
export interface Places {
  readonly count: number;
  /** Rows of x and y in pixels: the corner or the centre that predictions count from. */
  readonly origins: Float32Array;
  /** Rows of width and height in pixels: of the anchor, or of the cell. */
  readonly sizes: Float32Array;
  /** Pixels from one place to the next. */
  readonly strides: Float32Array;
  /** Height and width of the images, in pixels. */
  readonly image: readonly [number, number];
}

interface Predicted {
  readonly boxes: string;
  readonly classes: string;
  readonly objects: string | null;
}

/** Appends the loss of a head: one more input for each kind of numbers that it needs, the loss its output. */
export function withHeadLoss(
  graph: Graph,
  head: DetectionHead,
  places: Places,
  batchSize: number,
): Graph {
  const joined = joinedMaps(graph, head, batchSize);
  const f = new LossFormula(joined.graph);
  const widths = partWidths(head);
  const part = (of: (level: DetectionHead['levels'][number]) => HeadPart | null, width: number) => {
    const first = of(head.levels[0]!);
    if (!first) return null;
    const { rows, numbers } = joined.rowsOf(head.levels.map((level) => of(level)!.value));
    return numbers === width ? rows : f.columns(rows, first.from, first.from + width);
  };
  const predicted: Predicted = {
    boxes: part(({ boxes }) => boxes, widths.boxes)!,
    classes: part(({ classes }) => classes, widths.classes)!,
    objects: part(({ objects }) => objects, 1),
  };
  const constants = {
    origin: f.constant(':origins', [1, places.count, 2], places.origins),
    size: f.constant(':sizes', [1, places.count, 2], places.sizes),
    stride: f.constant(':strides', [1, places.count, 1], places.strides),
    image: places.image,
  };
  const input = (name: keyof typeof headInputs, width: number) =>
    f.input(headInputs[name], [places.count, width]);
  return f.ending(losses[head.kind]({ f, head, predicted, input, ...constants }));
}

interface Loss {
  readonly f: LossFormula;
  readonly head: DetectionHead;
  readonly predicted: Predicted;
  readonly input: (name: keyof typeof headInputs, width: number) => string;
  readonly origin: string;
  readonly size: string;
  readonly stride: string;
  readonly image: Places['image'];
}

/** What the mean distance of the four sides counts (1.5) beside the overlap of boxes (7.5), for each side. */
const sideShare = 1.5 / 7.5 / 4;

const wantedBoxes = ({ f, input }: Loss): Corners => cornersOf(f, input('boxes', 4));

/** Weighted 1 - overlap. */
const boxLoss = ({ f, input }: Loss, overlapping: string): string =>
  f.total(f.times(input('boxWeights', 1), f.minus(1, overlapping)));

/** Weighted cross-entropy of every class. */
const classLoss = ({ f, head, predicted, input }: Loss, wanted: (classes: string) => string) =>
  f.total(
    f.times(
      f.crossEntropy(predicted.classes, wanted(input('classes', head.classes))),
      input('classWeights', 1),
    ),
  );

const objectLoss = ({ f, predicted, input }: Loss, wanted: (objects: string) => string) =>
  f.total(
    f.times(
      f.crossEntropy(predicted.objects!, wanted(input('objects', 1))),
      input('objectWeights', 1),
    ),
  );

/** Focal loss with alpha 0.25 and gamma 2. Source: Lin et al., Focal Loss, ICCV 2017. */
function focalLoss({ f, head, predicted, input }: Loss): string {
  const wanted = input('classes', head.classes);
  const p = f.sigmoid(predicted.classes);
  // 1 - p for the place's own class, p for all others.
  const missed = f.plus(f.times(p, f.minus(1, f.times(wanted, 2))), wanted);
  const alpha = f.minus(0.75, f.times(wanted, 0.5));
  const factor = f.times(alpha, f.square(missed));
  const each = f.times(factor, f.crossEntropy(predicted.classes, wanted));
  return f.total(f.times(each, input('classWeights', 1)));
}

const losses: Readonly<Record<HeadKind, (loss: Loss) => readonly string[]>> = {
  /** Boxes by complete IoU; the objectness of a place with a box is how well its box overlaps. Source: YOLOv5. */
  'yolo-anchors'(loss) {
    const { f, predicted, origin, size, stride } = loss;
    const shares = f.sigmoid(predicted.boxes);
    const moved = f.times(f.minus(f.times(f.columns(shares, 0, 2), 2), 0.5), stride);
    const sizes = f.times(f.square(f.times(f.columns(shares, 2, 4), 2)), size);
    const boxes = around(f, f.plus(moved, origin), sizes);
    const complete = completeIou(f, boxes, wantedBoxes(loss));
    const seen = f.positive(f.detached(complete));
    return [
      boxLoss(loss, complete),
      objectLoss(loss, (objects) => f.times(objects, seen)),
      classLoss(loss, (classes) => classes),
    ];
  },
  /** 1 - IoU^2 of boxes, classes as likely as the boxes overlap. Source: Ge et al., YOLOX, 2021. */
  'yolo-cells'(loss) {
    const { f, predicted, origin, stride } = loss;
    const moved = f.times(f.columns(predicted.boxes, 0, 2), stride);
    const sizes = f.times(f.exp(f.columns(predicted.boxes, 2, 4)), stride);
    const boxes = around(f, f.plus(moved, origin), sizes);
    const { iou } = overlap(f, boxes, wantedBoxes(loss));
    const seen = f.detached(iou);
    return [
      boxLoss(loss, f.square(iou)),
      objectLoss(loss, (objects) => objects),
      classLoss(loss, (classes) => f.times(classes, seen)),
    ];
  },
  /** Boxes by complete IoU and by the distributions of their sides. Source: YOLOv8; Li et al., Generalized Focal Loss. */
  'yolo-distributions'(loss) {
    const { f, head, predicted, input, origin, stride } = loss;
    const { bins } = head;
    const sides = f.rows(predicted.boxes, [0, -1, bins]);
    const likely = f.op('Softmax', [sides], { axis: 2 });
    const distances = f.constant(
      ':bins',
      [1, 1, bins],
      Float32Array.from({ length: bins }, (_, i) => i),
    );
    const expected = f.sumOfRow(f.times(likely, distances));
    const boxes = byDistances(loss, f.rows(expected, [0, -1, 4]), { origin, stride });
    const logs = f.op('LogSoftmax', [sides], { axis: 2 });
    const wanted = f.rows(input('sides', 4 * bins), [0, -1, bins]);
    return [
      boxLoss(loss, completeIou(f, boxes, wantedBoxes(loss))),
      f.times(f.total(f.times(wanted, logs)), -1),
      classLoss(loss, (classes) => classes),
    ];
  },
  /** Boxes by complete IoU, and by how far their sides are off as a share of the image. Source: YOLO26. */
  'yolo-distances'(loss) {
    const { f, predicted, image } = loss;
    const boxes = byDistances(loss, predicted.boxes, loss);
    const wanted = wantedBoxes(loss);
    const [height, width] = image;
    const each = Float32Array.of(sideShare / width, sideShare / height);
    const shares = f.constant(':sideShares', [1, 1, 2], each);
    const off = (side: 'low' | 'high') =>
      f.sumOfRow(f.times(f.abs(f.minus(boxes[side], wanted[side])), shares));
    const sides = f.plus(off('low'), off('high'));
    return [
      boxLoss(loss, f.minus(completeIou(f, boxes, wanted), sides)),
      classLoss(loss, (classes) => classes),
    ];
  },
  /** Smooth L1 loss of offsets; cross-entropy of classes and background, or focal loss without it. Source: SSD, 2016. */
  ssd(loss) {
    const { f, head, predicted, input } = loss;
    const error = f.abs(f.minus(predicted.boxes, input('boxes', 4)));
    const near = f.smaller(error, 1);
    const smooth = f.times(near, f.minus(error, f.times(near, 0.5)));
    const boxes = f.total(f.times(smooth, input('boxWeights', 1)));
    if (!head.background) return [boxes, focalLoss(loss)];
    const logs = f.op('LogSoftmax', [predicted.classes], { axis: 2 });
    const wanted = f.times(input('classes', head.classes + 1), input('classWeights', 1));
    return [boxes, f.times(f.total(f.times(wanted, logs)), -1)];
  },
  /** Focal loss of classes, generalised IoU of boxes, cross-entropy of centerness. Source: Tian et al., FCOS, 2019. */
  fcos(loss) {
    const { f, head, predicted } = loss;
    const distances = head.plainDistances ? predicted.boxes : f.exp(predicted.boxes);
    const boxes = byDistances(loss, distances, loss);
    return [
      focalLoss(loss),
      boxLoss(loss, generalisedIou(f, boxes, wantedBoxes(loss))),
      ...(predicted.objects ? [objectLoss(loss, (objects) => objects)] : []),
    ];
  },
};

/** Boxes from distances to the left, upper, right and lower side, in strides. */
function byDistances(
  { f }: Loss,
  distances: string,
  { origin, stride }: Pick<Loss, 'origin' | 'stride'>,
): Corners {
  const pixels = f.times(distances, stride);
  return {
    low: f.minus(origin, f.columns(pixels, 0, 2)),
    high: f.plus(origin, f.columns(pixels, 2, 4)),
  };
}
