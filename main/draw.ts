import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/**
 * `wanted` different numbers from 0 to `count` - 1 in random order, every outcome equally likely.
 * Needs 0 <= wanted <= count.
 */
export function drawDistinct(random: RandomGenerator, count: number, wanted: number): number[] {
  if (wanted > count) throw new RangeError(`${count} numbers are too few to draw ${wanted}`);
  const numbers = distinctNumbers(random, count);
  return Array.from({ length: wanted }, () => numbers.next().value as number);
}

/**
 * All numbers from 0 to `count` - 1 in random order, one when asked for: a Fisher-Yates shuffle that
 * remembers only the places it touched, so that `count` may be the size of a search space.
 */
export function* distinctNumbers(random: RandomGenerator, count: number): Generator<number, void> {
  const moved = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const j = uniformInt(random, i, count - 1);
    const drawn = moved.get(j) ?? j;
    moved.set(j, moved.get(i) ?? i);
    yield drawn;
  }
}
