/** Sizes of networks, and the limits that a search sets for them. */
import { tooLargeFrom, WorkbenchError, type ErrorReport } from '../errors.ts';

import type { Genotype } from '../space/space.ts';

/** Counts of a network, known without scoring it. */
export interface Size {
  readonly parameters: number;
  /** Multiply-accumulates for one image. */
  readonly macs: number;
  /** No latency of the network is below this many milliseconds; absent where nothing is known of it. */
  readonly leastMs?: number;
  /** Why there is no such network: it is larger than can be described. It is passed over, and counted. */
  readonly impossible?: ErrorReport;
}

export interface Constraints {
  readonly maxParameters: number | null;
  readonly maxMacs: number | null;
  /** Milliseconds, of the source that the search measures or estimates with. */
  readonly maxLatencyMs?: number | null;
}

/** Of a network that cannot be described; its counts say nothing. */
const impossibleSize = (impossible: ErrorReport): Size => ({ parameters: 0, macs: 0, impossible });

/** Only these: a summary's layers are large. */
const sizeOnly = ({ parameters, macs, leastMs }: Size): Size => ({
  parameters,
  macs,
  ...(leastMs !== undefined && { leastMs }),
});

/** Keeps what was counted: under tight constraints proposals ask for the same networks in every generation. */
export function memoized(summarise: (genotype: Genotype) => Size): (genotype: Genotype) => Size {
  const sizes = new Map<Genotype, Size>();
  return (genotype) => {
    let size = sizes.get(genotype);
    if (size === undefined) {
      size = sizeOrImpossible(summarise, genotype);
      sizes.set(genotype, size);
    }
    return size;
  };
}

/** Keeps the latest alone: for who goes through a whole space, and asks several times for each network. */
export function latestKept(summarise: (genotype: Genotype) => Size): (genotype: Genotype) => Size {
  let latest: { readonly genotype: Genotype; readonly size: Size } | null = null;
  return (genotype) => {
    if (latest?.genotype !== genotype) {
      latest = { genotype, size: sizeOrImpossible(summarise, genotype) };
    }
    return latest.size;
  };
}

function sizeOrImpossible(summarise: (genotype: Genotype) => Size, genotype: Genotype): Size {
  try {
    return sizeOnly(summarise(genotype));
  } catch (error) {
    // One network that cannot be described is no reason to end a search; a fault of the program is.
    const why = error instanceof WorkbenchError ? error : tooLargeFrom(error);
    if (why === null) throw error;
    return impossibleSize(why.toReport());
  }
}
