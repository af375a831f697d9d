/** How much slower or faster the phone became, by a reference model. Pure. */
import type { Drift } from '../../common/phone-measurement.ts';

/**
 * @param measuredMs the raw median
 * @param reference medians of the reference model: at the session's begin, the last one before the model and
 *   the first one after it
 */
export function driftOf(
  measuredMs: number,
  reference: readonly [begin: number, before: number, after: number],
): Drift {
  const [begin, before, after] = reference;
  const factor = begin / ((before + after) / 2);
  return { factor, correctedMs: measuredMs * factor, referenceMs: reference };
}
