/** What a head should predict at places that boxes were matched to, as numbers for the losses in graph/heads. */
import type { headInputs } from '../../graph/heads/loss.ts';
import { defaultBoxes } from '../../task/detection/default-boxes.ts';
import type { PlacedHead } from './placed-head.ts';

/** Numbers of one batch while they are filled in: images x places x width. */
export class Filled {
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

export interface Matched {
  readonly placed: PlacedHead;
  readonly images: number;
  /** Of every place of every image: its box's edges and class, or null. */
  readonly boxOf: (row: number) => { readonly edges: Float32Array; readonly class: number } | null;
  /** Places with a box. */
  readonly rows: readonly number[];
  readonly levelOf: (row: number) => number;
  readonly fill: (name: keyof typeof headInputs, width: number) => Filled;
}

/** Boxes in pixels; places without one have their own cell, so that no quotient is 0 / 0. */
export function wantedBoxes({ placed: { places }, images, boxOf, fill }: Matched): void {
  const boxes = fill('boxes', 4);
  for (let row = 0; row < images * places.count; row++) {
    const place = row % places.count;
    const [x, y] = [places.origins[2 * place]!, places.origins[2 * place + 1]!];
    const [w, h] = [places.sizes[2 * place]!, places.sizes[2 * place + 1]!];
    boxes.set(row, boxOf(row)?.edges ?? [x, y, x + w, y + h]);
  }
}

/** 1 for the class of each box. */
export function wantedClasses({ placed: { head }, rows, boxOf, fill }: Matched): void {
  const classes = fill('classes', head.classes);
  for (const row of rows) classes.data[row * head.classes + boxOf(row)!.class] = 1;
}

export function fillEach(
  { rows, fill }: Matched,
  name: keyof typeof headInputs,
  value: (row: number) => number,
): void {
  const numbers = fill(name, 1);
  for (const row of rows) numbers.data[row] = value(row);
}

export function fillAll(
  { images, placed, fill }: Matched,
  name: keyof typeof headInputs,
  value: number,
) {
  fill(name, 1).data.fill(value, 0, images * placed.places.count);
}

/** Distances in pixels from a place to the left, upper, right and lower side of its box. */
export function sidesOf({ placed: { places }, boxOf }: Matched, row: number): readonly number[] {
  const { edges } = boxOf(row)!;
  const place = row % places.count;
  const [x, y] = [places.origins[2 * place]!, places.origins[2 * place + 1]!];
  return [x - edges[0]!, y - edges[1]!, edges[2]! - x, edges[3]! - y];
}

/** 1 in the middle of a box, 0 at its edges. A place beside a small box that got no other has next to nothing. */
export function centerness(sides: readonly number[]): number {
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
export function wantedSides(matched: Matched, weight: number): void {
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
export function wantedOffsets({ placed, rows, boxOf, fill }: Matched): void {
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
