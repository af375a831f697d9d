/** Derives clusters of cores from their highest frequencies: phones are asked, not recognised by name. Pure. */
import type { CoreCluster } from '../common/phones.ts';

/** @param maxKHz core number -> highest frequency */
export function clustersOf(maxKHz: ReadonlyMap<number, number>): readonly CoreCluster[] {
  const bySpeed = new Map<number, number[]>();
  for (const [core, khz] of [...maxKHz].sort(([a], [b]) => a - b)) {
    bySpeed.set(khz, [...(bySpeed.get(khz) ?? []), core]);
  }
  return [...bySpeed]
    .sort(([a], [b]) => a - b)
    .map(([khz, cores]) => ({
      cores,
      maxKHz: khz,
      mask: cores.reduce((mask, core) => mask + 2 ** core, 0),
    }));
}
