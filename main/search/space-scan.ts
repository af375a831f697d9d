/** Goes through a whole space, once, in an order that looks random. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { RandomGenerator } from '../random.ts';
import type { Genotype, Space } from '../space/space.ts';

/**
 * Every network exactly once: a random start and a random stride that shares no factor with the number
 * of networks. Neighbouring numbers are alike (they differ in the last gene), strides are not.
 */
export function* spaceScan(space: Space, random: RandomGenerator): Generator<Genotype, void> {
  const { networks } = space;
  const start = uniformInt(random, 0, networks - 1);
  let stride = uniformInt(random, 1, networks);
  while (greatestCommonDivisor(stride, networks) !== 1) stride++;
  for (let k = 0, index = start; k < networks; k++, index = (index + stride) % networks) {
    yield space.at(index);
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
