/** An extent of a space as data, which crosses process walls. */
import type { Extent } from './space.ts';

export interface ExtentRange extends Pick<Extent, 'unit' | 'least' | 'most'> {
  /** The space leaves no choice: nothing can be said about it. */
  readonly fixed: boolean;
}

/** Null where the space has no such measure. */
export function rangeOf(extent: Extent | undefined): ExtentRange | null {
  if (!extent) return null;
  const { unit, least, most } = extent;
  return { unit, least, most, fixed: least === most };
}
