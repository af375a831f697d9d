/** Sizes of networks, and the limits that a search sets to them. */

import type { Genotype } from '../space/space.ts';

/** Counts of a network, known without scoring it. */
export interface Size {
  readonly parameters: number;
  /** Multiply-accumulates for one image. */
  readonly macs: number;
  /** No latency of the network is below this many milliseconds; absent where nothing is known of it. */
  readonly leastMs?: number;
}

export interface Constraints {
  readonly maxParameters: number | null;
  readonly maxMacs: number | null;
  /** Milliseconds, of the source that the search measures or estimates with. */
  readonly maxLatencyMs?: number | null;
}

/** Tight constraints make proposals ask for the same networks in every generation. */
export function remembered(summarise: (genotype: Genotype) => Size): (genotype: Genotype) => Size {
  const sizes = new Map<Genotype, Size>();
  return (genotype) => {
    let size = sizes.get(genotype);
    if (size === undefined) {
      const { parameters, macs, leastMs } = summarise(genotype); // only these: a summary's layers are large
      size = { parameters, macs, ...(leastMs !== undefined && { leastMs }) };
      sizes.set(genotype, size);
    }
    return size;
  };
}
