/** Every search space of the product, by name. */
import { WorkbenchError } from '../errors.ts';
import { natsSizeSpace } from './nats-sss.ts';
import type { Space } from './space.ts';

export const spaces: readonly Space[] = [natsSizeSpace];

/** Throws `unknown-space`. */
export function spaceNamed(name: string): Space {
  const space = spaces.find((candidate) => candidate.name === name);
  if (space) return space;
  throw new WorkbenchError(
    'unknown-space',
    `There is no search space "${name}".`,
    `Choose one of: ${spaces.map((known) => known.name).join(', ')}.`,
  );
}
