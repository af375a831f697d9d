/** Sizes of networks, and the limits that a search sets to them. */

/** Counts of a network, known without scoring it. */
export interface Size {
  readonly parameters: number;
  /** Multiply-accumulates for one image. */
  readonly macs: number;
}

export interface Constraints {
  readonly maxParameters: number | null;
  readonly maxMacs: number | null;
}
