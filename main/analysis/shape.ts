/** How deep and wide networks are, against the range of their space. */

export interface ExtentRange {
  readonly unit: string;
  readonly least: number;
  readonly most: number;
  /** The space leaves no choice: nothing can be said about it. */
  readonly fixed: boolean;
}

/** Averages over some networks; null where the space fixes the measure or has no such notion, or none is there. */
export interface Shape {
  readonly networks: number;
  /** Mean place in the space's range, 0 to 1. */
  readonly depth: number | null;
  readonly width: number | null;
  /** Share of networks whose depth is in the last twentieth of the range. */
  readonly atMaximumDepth: number | null;
}
