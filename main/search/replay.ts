/** Candidates of a run file that stand in for evaluation when the search is resumed. */
import { WorkbenchError } from '../errors.ts';
import type { Genotype } from '../space/space.ts';
import type { Candidate, Proposal } from './candidate.ts';

/**
 * Looks a proposal up among stored candidates: null where it has still to be evaluated.
 * Throws `run-not-resumable` where the run numbers its networks differently from this search.
 */
export function createReplay(
  stored: readonly Candidate[],
): (proposal: Proposal) => Candidate | null {
  const byGenotype = new Map<Genotype, Candidate>(stored.map((one) => [one.genotype, one]));
  const ids = new Set<number>(stored.map(({ id }) => id));
  return (proposal) => {
    const candidate = byGenotype.get(proposal.genotype) ?? null;
    const agrees = candidate === null ? !ids.has(proposal.id) : candidate.id === proposal.id;
    if (agrees) return candidate;
    throw new WorkbenchError(
      'run-not-resumable',
      `Candidate ${proposal.id} of this run is not the network that the search proposes today (${proposal.genotype}).`,
      'The run was made by another version of the program. Look at it as it is, or start a new run with its settings.',
    );
  };
}
