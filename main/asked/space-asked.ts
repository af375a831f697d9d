/** The space that was named: one that ships with the product, a file that describes one, or a file of code. */
import { isSpaceInCode, type SpaceInCodeHeader } from '../common/space-in-code.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { DescriptionError } from '../space/description-error.ts';
import { spaceFrom } from '../space/index.ts';

/** Loaded when a command needs it: a file of code has a thread of its own. */
const openCode = () => import('../space-code/open.ts');

const codeFile = /\.[cm]?[jt]s$/;

/** Whether what was named is a file that holds a space, and no name of one. */
export const isSpaceFile = (named: string): boolean =>
  named.endsWith('.json') || codeFile.test(named);

/** Throws `unknown-space`, and what reading the file throws. Whoever asks closes it (`closeSpace`). */
export async function spaceAsked(named: string): Promise<DescribedSpace> {
  if (!codeFile.test(named)) return await described(named);
  const { openSpaceInCode } = await openCode();
  return await openSpaceInCode(named);
}

async function described(named: string): Promise<DescribedSpace> {
  try {
    return await spaceFrom(named);
  } catch (error) {
    if (!(error instanceof DescriptionError) || !isSpaceFile(named)) throw error;
    const { withLines } = await import('./description-lines.ts');
    throw await withLines(error, named);
  }
}

/** Ends the thread of a space in code; nothing for any other. */
export function closeSpace(space: DescribedSpace | null): void {
  space?.close?.();
}

/** What is stored of a space in code; null of any other. */
export function codeOf({ description }: DescribedSpace): SpaceInCodeHeader['code'] | null {
  return isSpaceInCode(description) ? description.code : null;
}
