/** What a run asks of a space in code: its code, the same as it was, and a computer that has it. */
import { isDeepStrictEqual } from 'node:util';
import { isSpaceInCode } from '../common/space-in-code.ts';
import { WorkbenchError } from '../errors.ts';
import type { CandidateScore } from '../run/candidate.ts';
import type { RunFile } from '../run/run-store.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { spaceOfRun } from '../space/index.ts';
import { spaceCodeNeeded } from '../space/space-in-code.ts';
import type { Genotype } from '../space/space.ts';
import type { SessionOptions } from './options.ts';

/** Stored networks that are built again before a search goes on. */
const compared = 3;

/**
 * The space with which a run goes on: its own, or the code that was named for it.
 * Throws `space-code-needed` where none was, `space-code-changed` where it builds other networks than it did.
 */
export function spaceToGoOn(store: RunFile, named: DescribedSpace | null): DescribedSpace {
  const own = spaceOfRun(store.info());
  const { description } = own;
  if (!isSpaceInCode(description)) return own;
  if (named === null) throw spaceCodeNeeded(description);
  const some = store.candidates(0, 20).filter(({ status }) => status === 'evaluated');
  for (const { id, genotype } of some.slice(0, compared)) {
    const stored = store.candidate(id);
    const network = stored?.status === 'evaluated' ? stored.score.network : undefined;
    const built = JSON.parse(JSON.stringify(named.keep?.(genotype) ?? null)) as unknown;
    if (network !== undefined && isDeepStrictEqual(built, network)) continue;
    throw new WorkbenchError(
      'space-code-changed',
      `${description.code.file} builds another network of ${genotype} than when the run was begun, though the file is the same.`,
      'Look at what it imports, and take that as it was, or begin a new search.',
    );
  }
  return named;
}

/** Throws `farm-space-in-code`: other computers do not have the code, and run none of others. */
export function assertNoFarmForCode(
  { name, description }: DescribedSpace,
  { farm }: SessionOptions,
): void {
  if (!farm || !isSpaceInCode(description)) return;
  throw new WorkbenchError(
    'farm-space-in-code',
    `${name} is a space in code (${description.code.file}), and a farm runs no code of others.`,
    'Search it on this computer, or describe the space in a file FILE.json.',
  );
}

/** What only the code of a space can build, to be kept with a score. */
export function keptNetwork(
  space: DescribedSpace,
  genotype: Genotype,
): Pick<CandidateScore, 'genes' | 'network'> {
  const network = space.keep?.(genotype);
  return network ? { genes: network.genes, network } : {};
}
