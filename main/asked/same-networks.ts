/** Whether two spaces are the same, and whether a run searched the one that was named. */
import { WorkbenchError } from '../errors.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { formerSpace, spaceOfRun } from '../space/index.ts';
import { closeSpace, codeOf, spaceAsked } from './space-asked.ts';

/** Image sizes may have been given with the search; they do not make it a different space. */
export function sameNetworks(first: DescribedSpace, second: DescribedSpace): boolean {
  const networks = ({ description }: DescribedSpace) =>
    'code' in description
      ? description.code.sha256
      : JSON.stringify([description.task, description.classes, description.network]);
  return networks(first) === networks(second);
}

/**
 * Checks that a run searched the space that was named, if one was.
 * @param opened the named space, if it is open already
 * Throws `space-contradicts` if the run searched another one, `space-code-changed` if the code of the space has
 * changed since, and what reading the space throws.
 */
export async function assertSearched(
  run: Parameters<typeof spaceOfRun>[0],
  space: string | undefined,
  opened: DescribedSpace | null = null,
): Promise<void> {
  if (space === undefined) return;
  const named = opened ?? (await spaceAsked(space));
  if (opened === null) closeSpace(named);
  const searched = spaceOfRun(run);
  // A run of version 0.1 keeps the description that this name had then.
  const meant = [named, formerSpace(space)].filter((one) => one !== null);
  if (searched.name === named.name && meant.some((one) => sameNetworks(searched, one))) return;
  const code = codeOf(searched);
  if (code !== null && codeOf(named) !== null && searched.name === named.name) {
    throw new WorkbenchError(
      'space-code-changed',
      `The run searched ${code.file} as it was then (SHA-256 ${code.sha256.slice(0, 12)}…); ${space} differs from that (${codeOf(named)!.sha256.slice(0, 12)}…).`,
      'Name the original file, or begin a new search with this one.',
    );
  }
  throw new WorkbenchError(
    'space-contradicts',
    searched.name === named.name
      ? `The run searched a space ${named.name} that is described differently from ${space}.`
      : `The run searched the space ${searched.name}, not ${named.name}.`,
    'Leave the space out: a run knows its own.',
  );
}
