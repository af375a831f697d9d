/** How isolated each point of a front is: isolated points are kept, so that the front remains spread out. */

/**
 * Crowding distance (Deb et al. 2002, section III-B): per objective the distance between a point's two
 * neighbours, divided by the front's extent, summed. The extremes of every objective get Infinity; an objective
 * in which all points agree contributes nothing.
 * @param front objective vectors of one front
 * @returns one distance per point, in the same order
 */
export function crowdingDistances(front: readonly (readonly number[])[]): number[] {
  const distances = new Array<number>(front.length).fill(0);
  const objectives = front[0]?.length ?? 0;
  for (let m = 0; m < objectives; m++) {
    const order = front.map((_, i) => i).sort((a, b) => front[a]![m]! - front[b]![m]! || a - b);
    const first = order[0]!;
    const last = order[order.length - 1]!;
    const extent = front[last]![m]! - front[first]![m]!;
    if (extent === 0) continue;
    distances[first] = Infinity;
    distances[last] = Infinity;
    for (let k = 1; k < order.length - 1; k++) {
      const gap = front[order[k + 1]!]![m]! - front[order[k - 1]!]![m]!;
      distances[order[k]!]! += gap / extent;
    }
  }
  return distances;
}
