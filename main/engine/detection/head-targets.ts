/**
 * Targets of the losses in graph/heads: which place is responsible for which box, and how much everything counts.
 * docs/detection-heads.md has the rules and where they come from.
 */
import { partWidths, type DetectionHead, type HeadKind } from '../../graph/heads/head.ts';
import { headInputs, type Places } from '../../graph/heads/loss.ts';
import type { DetectionBatch } from '../../task/batches.ts';
import { matchByOverlap, type BoxesOfImage } from '../../task/detection/assign.ts';
import { defaultBoxes } from '../../task/detection/default-boxes.ts';
import { matchByCentre } from '../../task/detection/match-by-centre.ts';
import {
  eachPlace,
  firstPlaces,
  placeCount,
  type PlacedLevel,
} from '../../task/detection/places.ts';
import { matchByRatio, yoloAnchors } from '../../task/detection/yolo-anchors.ts';
import type { DetectionTargets } from './targets.ts';

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
  return { head, image, levels, places: { count, origins, sizes, strides }, match };
}

/** Numbers of one batch while they are filled in: images x places x width. */
class Filled {
  readonly data: Float32Array;
  readonly width: number;

  constructor(rows: number, width: number) {
    this.data = new Float32Array(rows * width);
    this.width = width;
  }

  set(row: number, values: ArrayLike<number>): void {
    this.data.set(values, row * this.width);
  }
}

interface Matched {
  readonly placed: PlacedHead;
  readonly images: number;
  /** Of every place of every image: its box's edges and class, or null. */
  readonly boxOf: (row: number) => { readonly edges: Float32Array; readonly class: number } | null;
  /** Places with a box. */
  readonly rows: readonly number[];
  readonly levelOf: (row: number) => number;
  readonly fill: (name: keyof typeof headInputs, width: number) => Filled;
}

/** Numbers for the loss of a head. */
export function headTargets({ targets }: DetectionBatch, placed: PlacedHead): DetectionTargets {
  const { count } = placed.places;
  const images = targets.length;
  const matches = targets.map(placed.match);
  const starts = firstPlaces(placed.levels);
  const filled = new Map<string, Filled>();
  const matched: Matched = {
    placed,
    images,
    boxOf(row) {
      const image = Math.floor(row / count);
      const box = matches[image]![row % count]!;
      const { boxes, classes } = targets[image]!;
      if (box < 0) return null;
      return { edges: boxes.subarray(4 * box, 4 * box + 4), class: classes[box]! };
    },
    rows: matches.flatMap((match, n) =>
      [...match.keys()].filter((i) => match[i]! >= 0).map((i) => n * count + i),
    ),
    levelOf: (row) => starts.findLastIndex((start) => start <= row % count),
    fill(name, width) {
      const numbers = new Filled(images * count, width);
      filled.set(headInputs[name], numbers);
      return numbers;
    },
  };
  fillers[placed.head.kind](matched);
  const numbers = [...filled].map(([name, { data, width }]) => {
    return [name, { data, shape: [images, count, width] }] as const;
  });
  return { classes: null, numbers: new Map(numbers) };
}

/** Boxes in pixels; places without one have their own cell, so that no quotient is 0 / 0. */
function wantedBoxes({ placed: { places }, images, boxOf, fill }: Matched): void {
  const boxes = fill('boxes', 4);
  for (let row = 0; row < images * places.count; row++) {
    const place = row % places.count;
    const [x, y] = [places.origins[2 * place]!, places.origins[2 * place + 1]!];
    const [w, h] = [places.sizes[2 * place]!, places.sizes[2 * place + 1]!];
    boxes.set(row, boxOf(row)?.edges ?? [x, y, x + w, y + h]);
  }
}

/** 1 for the class of each box. */
function wantedClasses({ placed: { head }, rows, boxOf, fill }: Matched): void {
  const classes = fill('classes', head.classes);
  for (const row of rows) classes.data[row * head.classes + boxOf(row)!.class] = 1;
}

function fillEach(
  { rows, fill }: Matched,
  name: keyof typeof headInputs,
  value: (row: number) => number,
): void {
  const numbers = fill(name, 1);
  for (const row of rows) numbers.data[row] = value(row);
}

function fillAll({ images, placed, fill }: Matched, name: keyof typeof headInputs, value: number) {
  fill(name, 1).data.fill(value, 0, images * placed.places.count);
}

/** What the objectness of each level counts in YOLOv5: small objects have most places. */
const balances = [
  [4, 1],
  [4, 1],
  [4, 1, 0.4],
  [4, 1, 0.25, 0.06],
] as const;

const fillers: Readonly<Record<HeadKind, (matched: Matched) => void>> = {
  'yolo-anchors'(matched) {
    const { placed, images, rows, levelOf, fill } = matched;
    const { levels, image } = placed;
    wantedBoxes(matched);
    wantedClasses(matched);
    const perLevel = levels.map(() => 0);
    for (const row of rows) perLevel[levelOf(row)]! += 1;
    const scale = 3 / levels.length;
    const mean = (row: number) => 1 / perLevel[levelOf(row)]!;
    fillEach(matched, 'boxWeights', (row) => images * 0.05 * scale * mean(row));
    fillEach(matched, 'objects', () => 1);
    // Of each class, whose mean counts half, by how many there are of 80.
    fillEach(matched, 'classWeights', (row) => (images * 0.5 * scale * mean(row)) / 80);
    const objects = fill('objectWeights', 1);
    const balance = balances[levels.length - 1] ?? balances[3];
    const area = (Math.max(...image) / 640) ** 2;
    for (let row = 0; row < images * placed.places.count; row++) {
      const level = levelOf(row);
      const { height, width, perPlace } = levels[level]!;
      objects.data[row] = (scale * area * balance[level]!) / (height * width * perPlace);
    }
  },
  'yolo-cells'(matched) {
    const share = 1 / Math.max(1, matched.rows.length);
    wantedBoxes(matched);
    wantedClasses(matched);
    fillEach(matched, 'boxWeights', () => 5 * share);
    fillEach(matched, 'objects', () => 1);
    fillAll(matched, 'objectWeights', share);
    fillEach(matched, 'classWeights', () => share);
  },
  'yolo-distributions'(matched) {
    const { rows } = matched;
    const share = 1 / Math.max(1, rows.length);
    wantedBoxes(matched);
    wantedClasses(matched);
    wantedSides(matched, 1.5 * share);
    fillEach(matched, 'boxWeights', () => 7.5 * share);
    fillAll(matched, 'classWeights', 0.5 * share);
  },
  ssd(matched) {
    const { placed, rows } = matched;
    const { head } = placed;
    const found = Math.max(1, rows.length);
    wantedOffsets(matched);
    fillEach(matched, 'boxWeights', () => 1 / found);
    if (!head.background) {
      wantedClasses(matched);
      fillAll(matched, 'classWeights', 1 / found);
      return;
    }
    const { images, boxOf, fill } = matched;
    const all = images * placed.places.count;
    const width = partWidths(head).classes;
    const classes = fill('classes', width);
    // Places without a box count together as much as three for each place with one.
    const without = all - rows.length;
    const share = Math.min(1, (3 * found) / Math.max(1, without)) / found;
    const weights = fill('classWeights', 1);
    for (let row = 0; row < all; row++) {
      const box = boxOf(row);
      classes.data[row * width + (box ? 1 + box.class : 0)] = 1;
      weights.data[row] = box ? 1 / found : share;
    }
  },
  fcos(matched) {
    const { placed, rows } = matched;
    const share = 1 / Math.max(1, rows.length);
    wantedBoxes(matched);
    wantedClasses(matched);
    fillAll(matched, 'classWeights', share);
    if (!placed.head.levels[0]!.objects) {
      fillEach(matched, 'boxWeights', () => share);
      return;
    }
    const central = new Map(rows.map((row) => [row, centerness(sidesOf(matched, row))]));
    const sum = [...central.values()].reduce((a, b) => a + b, 0);
    fillEach(matched, 'boxWeights', (row) => central.get(row)! / sum);
    fillEach(matched, 'objects', (row) => central.get(row)!);
    fillEach(matched, 'objectWeights', () => share);
  },
};

/** Distances in pixels from a place to the left, upper, right and lower side of its box. */
function sidesOf({ placed: { places }, boxOf }: Matched, row: number): readonly number[] {
  const { edges } = boxOf(row)!;
  const place = row % places.count;
  const [x, y] = [places.origins[2 * place]!, places.origins[2 * place + 1]!];
  return [x - edges[0]!, y - edges[1]!, edges[2]! - x, edges[3]! - y];
}

/** 1 in the middle of a box, 0 at its edges. A place beside a small box that got no other has next to nothing. */
function centerness(sides: readonly number[]): number {
  const [left, top, right, bottom] = sides.map((side) => Math.max(side, 1e-3)) as [
    number,
    number,
    number,
    number,
  ];
  const [across, down] = [
    Math.min(left, right) / Math.max(left, right),
    Math.min(top, bottom) / Math.max(top, bottom),
  ];
  return Math.sqrt(across * down);
}

/** The two whole numbers of strides around each distance, each the more likely the nearer it is, times a weight. */
function wantedSides(matched: Matched, weight: number): void {
  const { placed, rows, fill } = matched;
  const { bins } = placed.head;
  const sides = fill('sides', 4 * bins);
  for (const row of rows) {
    const stride = placed.places.strides[row % placed.places.count]!;
    sidesOf(matched, row).forEach((pixels, side) => {
      const distance = Math.min(Math.max(pixels / stride, 0), bins - 1.01);
      const below = Math.floor(distance);
      const start = (row * 4 + side) * bins + below;
      // The mean over the four sides.
      sides.data[start] = (weight * (below + 1 - distance)) / 4;
      sides.data[start + 1] = (weight * (distance - below)) / 4;
    });
  }
}

/** How SSD writes boxes: tenths of the default box's size, and fifths of logarithms. */
const [centreVariance, sizeVariance] = [0.1, 0.2] as const;

/** x, y, width and height of each box beside its default box. */
function wantedOffsets({ placed, rows, boxOf, fill }: Matched): void {
  const offsets = fill('boxes', 4);
  const defaults = defaultBoxes(placed.image, placed.levels);
  for (const row of rows) {
    const place = row % placed.places.count;
    const [y, x, h, w] = defaults.subarray(4 * place, 4 * place + 4) as unknown as Quadruple;
    const [x1, y1, x2, y2] = boxOf(row)!.edges as unknown as Quadruple;
    offsets.set(row, [
      ((x1 + x2) / 2 - x) / w / centreVariance,
      ((y1 + y2) / 2 - y) / h / centreVariance,
      Math.log((x2 - x1) / w) / sizeVariance,
      Math.log((y2 - y1) / h) / sizeVariance,
    ]);
  }
}

type Quadruple = readonly [number, number, number, number];
