/** Candidates of a run file that replace evaluation when the search is resumed. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { WorkbenchError } from '../errors.ts';
import type { Genotype } from '../space/space.ts';
import {
  withoutLayers,
  type Candidate,
  type CandidateId,
  type Proposal,
} from '../run/candidate.ts';
import type { RunStore } from '../run/run-store.ts';

/** How many candidates are read at a time: a few milliseconds, since the window waits meanwhile. */
const piece = 100;

/** Every candidate of a run without its layers, read in pieces between which others have their turn. */
export async function storedCandidates(store: Pick<RunStore, 'candidates'>): Promise<Candidate[]> {
  const all: Candidate[] = [];
  for (;;) {
    const next = store.candidates(all.at(-1)?.id ?? 0, piece);
    all.push(...next.map(withoutLayers));
    if (next.length < piece) return all;
    await nextTurn();
  }
}

/**
 * Looks a proposal up among stored candidates: null where it still has to be evaluated.
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
    throw notProposed(proposal.id, proposal.genotype);
  };
}

/** Throws `run-not-resumable` where a stored candidate is not what the search proposes in its place. */
export function assertProposed({ id, genotype }: Candidate, proposal: Proposal | null): void {
  if (proposal?.genotype !== genotype) throw notProposed(id, proposal?.genotype ?? null);
}

function notProposed(id: CandidateId, today: Genotype | null): WorkbenchError {
  return new WorkbenchError(
    'run-not-resumable',
    `Candidate ${id} of this run is not the network that the search would propose now (${today ?? 'none'}).`,
    'The run was made by another version of the program. View it as it is, or start a new run with its settings.',
  );
}
