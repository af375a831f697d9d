/** `--space`, for every command that deals with a space, and its older form, the first argument. */
import type { Command } from 'commander';
import type { DescribedSpace } from '../space/described-space.ts';
import { spaceAsked } from '../asked/space-asked.ts';
import { badArguments } from '../asked/bad-arguments.ts';

export interface SpaceOption {
  readonly space?: string;
}

/** Help text of `--accept-data` for commands that may have to score a network given by its genotype. */
export const dataAgreementHelp =
  'with --genotype: allow a run made elsewhere to read its images from this path, which it names';

export function addSpaceOption(command: Command, what = 'search space'): Command {
  return command.option(
    '--space <name>',
    `${what}: a name such as nats-sss, a file FILE.json that describes one, or one of code (FILE.js)`,
  );
}

/** The space, and the argument that follows it for commands that take one. */
export interface Named {
  readonly space: DescribedSpace;
  readonly rest: string | undefined;
}

/**
 * Reads the space of `COMMAND SPACE [MORE]` or `COMMAND --space SPACE [MORE]`.
 * Throws `bad-arguments` unless exactly one space is named, and what reading the space throws.
 */
export async function namedSpace(
  words: readonly (string | undefined)[],
  { space }: SpaceOption,
): Promise<Named> {
  const given = words.filter((word) => word !== undefined);
  const [first, ...others] = space === undefined ? given : [space, ...given];
  if (first === undefined) {
    throw badArguments('No search space is named.', 'Name one, or add --space FILE.json.');
  }
  if (others.length >= words.length && space !== undefined) {
    throw badArguments(
      `Two search spaces are named: ${space} and ${others[0]}.`,
      'Name one of them.',
    );
  }
  return { space: await spaceAsked(first), rest: others[0] };
}
