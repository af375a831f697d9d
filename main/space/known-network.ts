/** Networks that a run keeps because no description can build them again. */
import type { GraphData } from '../graph/graph-data.ts';
import type { Genotype } from './space.ts';

/** A network as a run keeps it. */
export interface StoredNetwork {
  /** Values of the genes, in their order. */
  readonly genes: readonly number[];
  readonly deployment: GraphData;
  readonly scoring: GraphData;
}

/** A network of a run, by which it is known without the code. */
export interface KnownNetwork {
  readonly genotype: Genotype;
  readonly genes?: readonly number[] | undefined;
  readonly network?: StoredNetwork | undefined;
}
