/** The state a phone was in: read before and after whatever is timed, and kept with it. */
import type { PhoneConditions } from '../common/phone-conditions.ts';

export type { PhoneConditions };

/** Cores of equal speed, slowest first; numbers as Linux has them. */
export interface CoreCluster {
  readonly cores: readonly number[];
  readonly maxKHz: number;
  /** Bit n stands for core n. */
  readonly mask: number;
}
