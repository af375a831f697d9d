/**
 * Brings a network that misses a constraint back below it, in small steps, so that the first generation in a
 * large space does not have to throw thousands away.
 */
import type { RandomGenerator } from '../random.ts';
import type { Genotype, Space } from '../space/space.ts';
import type { Constraints, Size } from './size.ts';

/** How many steps are tried before a network is given up. */
const mostSteps = 60;

export interface Repair {
  readonly space: Space;
  readonly constraints: Constraints;
  readonly summarise: (genotype: Genotype) => Size;
  readonly random: RandomGenerator;
  /** Awaited at every step. */
  readonly pause: () => Promise<void>;
}

/**
 * How far a network exceeds its limits, as a share of them; 0 where it meets them, infinite where it cannot be
 * described.
 */
export function excessOf(
  { parameters, macs, leastMs = 0, impossible }: Size,
  { maxParameters, maxMacs, maxLatencyMs = null }: Constraints,
): number {
  if (impossible) return Infinity;
  const over = (value: number, most: number | null) =>
    most === null ? 0 : Math.max(value / most - 1, 0);
  return over(parameters, maxParameters) + over(macs, maxMacs) + over(leastMs, maxLatencyMs);
}

/**
 * Tries random mutations and keeps every one that comes closer to the limits.
 * @returns the first network that meets them, or null after too many steps; `rejected` counts those that   were
 * looked at and missed them, the given one included
 */
export async function repaired(
  start: Genotype,
  { space, constraints, summarise, random, pause }: Repair,
): Promise<{ readonly genotype: Genotype | null; readonly rejected: number }> {
  let genotype = start;
  let excess = excessOf(summarise(start), constraints);
  let rejected = 0;
  while (excess > 0 && rejected < mostSteps) {
    rejected++;
    await pause();
    const changed = space.mutate(genotype, random);
    const left = excessOf(summarise(changed), constraints);
    if (left < excess) [genotype, excess] = [changed, left];
  }
  return { genotype: excess > 0 ? null : genotype, rejected };
}
