/** The area that a front dominates, one number for its quality (Zitzler and Thiele 1998), and how it grows. */

/** Two objectives, both minimised. */
export type Point = readonly [number, number];

/**
 * The area that points dominate below a reference point, both objectives minimised. Points that are not below
 * the reference in both objectives add nothing.
 */
export function hypervolume(points: Iterable<Point>, reference: Point): number {
  const dominated = new DominatedArea(reference);
  for (const point of points) dominated.add(point);
  return dominated.area;
}

/** A front to which points are added in any order, and its hypervolume. Adding takes O(log n) if nothing changes. */
export class DominatedArea {
  #area = 0;
  /** The front as a staircase: the first objective rises, the second falls. */
  readonly #x: number[] = [];
  readonly #y: number[] = [];
  readonly #reference: Point;

  constructor(reference: Point) {
    this.#reference = reference;
  }

  get area(): number {
    return this.#area;
  }

  add([x, y]: Point): void {
    const [worstX, worstY] = this.#reference;
    if (!(x < worstX && y < worstY)) return;
    // The first step that is at least as far right; those before it are further left.
    let from = 0;
    let to = this.#x.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#x[middle]! < x) from = middle + 1;
      else to = middle;
    }
    const ceiling = from === 0 ? worstY : this.#y[from - 1]!;
    if (y >= ceiling) return;
    if (from < this.#x.length && this.#x[from] === x && this.#y[from]! <= y) return;
    // The added area lies between the new step and the steps that it replaces, up to the next lower one.
    let end = from;
    let left = x;
    let above = ceiling;
    while (end < this.#x.length && this.#y[end]! >= y) {
      this.#area += (this.#x[end]! - left) * (above - y);
      left = this.#x[end]!;
      above = this.#y[end]!;
      end++;
    }
    const right = end < this.#x.length ? this.#x[end]! : worstX;
    this.#area += (right - left) * (above - y);
    this.#x.splice(from, end - from, x);
    this.#y.splice(from, end - from, y);
  }
}

/**
 * A candidate as a point: the logarithm of its cost relative to the worst one's, so that costs that differ only
 * in their last digits still differ. `logReference` is the matching reference point.
 * @param worst the highest cost, above 0
 */
export function logPoint(cost: number, score: number, worst: number): Point {
  return [-Math.log(worst / cost), -score];
}

/** The reference point for `logPoint`: the worst cost and the worst score. */
export function logReference(score: number): Point {
  return [0, -score];
}

export interface GenerationPoint {
  readonly generation: number;
  /** Maximised. */
  readonly score: number;
  /** Minimised; above 0. */
  readonly cost: number;
}

/**
 * The front's hypervolume after each of the generations 0..last, as a share of the last one's; the cost enters by
 * its logarithm. Never falls; empty without points.
 * @param points by rising generation: all of them, or at least those that were on the front after their generation
 * @param worst a cost and a score that no point exceeds or falls below
 */
export function hypervolumeByGeneration(
  points: Iterable<GenerationPoint>,
  worst: { readonly cost: number; readonly score: number },
  last: number,
): number[] {
  const dominated = new DominatedArea(logReference(worst.score));
  const areas: number[] = [];
  let any = false;
  for (const { generation, cost, score } of points) {
    any = true;
    if (generation > last) break;
    while (areas.length < generation) areas.push(dominated.area);
    dominated.add(logPoint(cost, score, worst.cost));
  }
  if (!any) return [];
  while (areas.length <= last) areas.push(dominated.area);
  return areas.map((area) => area / (dominated.area || 1));
}
