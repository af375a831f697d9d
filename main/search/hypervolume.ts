/** One number for the quality of a front of two objectives. */

export type Point = readonly [number, number];

/**
 * Area that the points dominate below a reference point, both objectives minimised (Zitzler and
 * Thiele 1998). Points that do not lie below the reference in both objectives add nothing.
 */
export function hypervolume(points: readonly Point[], reference: Point): number {
  const inside = points
    .filter(([x, y]) => x < reference[0] && y < reference[1])
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let area = 0;
  let ceiling = reference[1];
  for (const [x, y] of inside) {
    if (y >= ceiling) continue; // dominated by a point further left
    area += (reference[0] - x) * (ceiling - y);
    ceiling = y;
  }
  return area;
}
