/** The bounds within which a latency lies. */
import { z } from 'zod';
import { usualInterval, virtualMachineCoverage } from './measuring.ts';

export const latencyBases = [
  'interval',
  'interval of 0.1',
  'unsteady',
  'estimate',
  'virtual machine',
] as const;

/** What bounds are, before their range. */
export const boundsLabels = {
  interval: '95 %',
  'interval of 0.1': '95 %, of 0.1’s protocol',
  unsteady: 'Unsteady, at least',
  estimate: 'Nine in ten',
  'virtual machine': `${100 * virtualMachineCoverage} %, of a virtual machine`,
} as const satisfies Readonly<Record<(typeof latencyBases)[number], string>>;

export const latencyBoundsSchema = z.object({
  lowMs: z.number(),
  highMs: z.number(),
  /**
   * `interval`: holds 95 % of the medians of later measurements; `interval of 0.1`: version 0.1's, which held 71 to
   * 81 %; `unsteady`: the device was not fit for measuring, so nothing is claimed about later measurements;
   * `estimate`: held nine of ten networks that were left out of the fit; `virtual machine`: an interval that is called
   * by what such intervals held there.
   */
  basis: z.enum(latencyBases),
});
export type LatencyBounds = Readonly<z.infer<typeof latencyBoundsSchema>>;

/** What the bounds are and whether the figure is doubtful, as a byte: thousands of them make a column. */
export function latencyStanding(bounds: LatencyBounds | null, doubtful: boolean): number {
  const basis = bounds === null ? 0 : latencyBases.indexOf(bounds.basis) + 1;
  return 2 * basis + (doubtful ? 1 : 0);
}

export const basisOfStanding = (standing: number): LatencyBounds['basis'] | null =>
  latencyBases[(standing >> 1) - 1] ?? null;
export const isDoubtfulStanding = (standing: number): boolean => (standing & 1) === 1;

/** Half of the width, as a share of the latency. */
export function halfWidthOf(
  { lowMs, highMs }: Pick<LatencyBounds, 'lowMs' | 'highMs'>,
  latencyMs: number,
): number {
  return (highMs - lowMs) / 2 / latencyMs;
}

/**
 * True where repeats have shown the latency to be known as well as one usually asks: neither a wide interval that
 * somebody was content with nor two repeats that happened to agree make a figure steady.
 */
export function isSteady(bounds: LatencyBounds | null, latencyMs: number): boolean {
  return bounds?.basis === 'interval' && halfWidthOf(bounds, latencyMs) <= usualInterval;
}

/**
 * Half-widths of the bounds, in standard deviations: 95 %, 0.1's intervals, which held about three in four, and a
 * virtual machine's, which hold about two.
 */
const deviationsWide = {
  interval: 1.96,
  unsteady: 1.96,
  'interval of 0.1': 1.2,
  'virtual machine': 0.93,
} as const;
/** Twenty-fold: what is known no better is not known. */
const largestDeviation = 3;

/**
 * The standard deviation, of the logarithm, of a measured latency about what later measurements find; null where
 * that is not known, and for an estimate, which comes to the same every time.
 */
export function measuringDeviation(bounds: LatencyBounds | null): number | null {
  if (bounds === null || bounds.basis === 'estimate') return null;
  const { lowMs, highMs, basis } = bounds;
  const deviation = Math.log(highMs / lowMs) / 2 / deviationsWide[basis];
  return deviation >= 0 ? Math.min(deviation, largestDeviation) : null;
}

/** A cost, and its bounds where they are known. */
export interface BoundedCost {
  readonly cost: number;
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * Whether two costs differ by less than their errors: half the widths of both, added as independent errors are. False
 * where an error is not known.
 */
export function withinErrors(one: BoundedCost, other: BoundedCost): boolean {
  const [own, others] = [one, other].map(({ low, high }) =>
    low === null || high === null ? NaN : (high - low) / 2,
  );
  return Math.abs(other.cost - one.cost) < Math.hypot(own!, others!);
}

/** How many pairs of neighbours on a front, by rising cost, differ by less than their errors. */
export function indistinct(front: readonly BoundedCost[]): number {
  return front.slice(1).filter((dearer, i) => withinErrors(front[i]!, dearer)).length;
}
