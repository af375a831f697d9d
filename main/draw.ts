import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/**
 * `wanted` different numbers from 0 to `count` - 1 in random order, every outcome equally likely:
 * a Fisher-Yates shuffle cut short, which remembers only the places it touched, so that `count` may
 * be the size of a search space. Needs 0 <= wanted <= count.
 */
export function drawDistinct(random: RandomGenerator, count: number, wanted: number): number[] {
  if (wanted > count) throw new RangeError(`${count} numbers are too few to draw ${wanted}`);
  const moved = new Map<number, number>();
  const drawn: number[] = [];
  for (let i = 0; i < wanted; i++) {
    const j = uniformInt(random, i, count - 1);
    drawn.push(moved.get(j) ?? j);
    moved.set(j, moved.get(i) ?? i);
  }
  return drawn;
}
