/** Whether two spaces are the same, and whether a run searched the one that was named. */
import { WorkbenchError } from '../errors.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { formerSpace, spaceFrom, spaceOfRun } from '../space/index.ts';

/** Image sizes may have been given with the search; they do not make it a different space. */
export function sameNetworks(first: DescribedSpace, second: DescribedSpace): boolean {
  const networks = ({ description }: DescribedSpace) =>
    JSON.stringify([description.task, description.classes, description.network]);
  return networks(first) === networks(second);
}

/**
 * Holds a run against the space that was named, if one was.
 * Throws `space-contradicts` where the run searched another one, and what reading the space throws.
 */
export async function assertSearched(
  run: Parameters<typeof spaceOfRun>[0],
  space: string | undefined,
): Promise<void> {
  if (space === undefined) return;
  const named = await spaceFrom(space);
  const searched = spaceOfRun(run);
  // A run of version 0.1 keeps the description that this name had then.
  const meant = [named, formerSpace(space)].filter((one) => one !== null);
  if (searched.name === named.name && meant.some((one) => sameNetworks(searched, one))) return;
  throw new WorkbenchError(
    'space-contradicts',
    searched.name === named.name
      ? `The run searched a space ${named.name} that is described differently from ${space}.`
      : `The run searched the space ${searched.name}, not ${named.name}.`,
    'Leave the space out: a run knows its own.',
  );
}
