/** An extent of a space as plain data, which can be sent to another process. */
import type { ExtentRange } from '../common/space-facts.ts';
import type { Extent } from './space.ts';

/** Null where the space has no such measure. */
export function extentRangeOf(extent: Extent | undefined): ExtentRange | null {
  if (!extent) return null;
  const { unit, least, most } = extent;
  return { unit, least, most, fixed: least === most };
}
