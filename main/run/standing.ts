/** What only the other candidates of its run say about one. */
import { indistinctFrom } from './latency-errors.ts';
import type { Candidate, CandidateId, EvaluatedCandidate } from './candidate.ts';
import { frontOf, rankingOf } from './ranking.ts';
import type { RunInfo } from './run-store.ts';
import { opinionOn } from './second-opinions.ts';

export interface Standing {
  /** A sentence if NEAR disagrees strongly with the score, else null. */
  readonly secondOpinion: string | null;
  /** Members of the front whose latencies differ from this one's by less than the errors. */
  readonly indistinctFrom: readonly CandidateId[];
}

/** @param space the name of the run's space */
export function standingOf(
  candidate: EvaluatedCandidate,
  candidates: readonly Candidate[],
  { settings }: Pick<RunInfo, 'settings'>,
  space: string,
): Standing {
  const ranking = rankingOf(settings);
  const measured = ranking.cost === 'latency';
  return {
    secondOpinion: opinionOn(candidate.id, candidates, settings, space),
    indistinctFrom: measured ? indistinctFrom(candidate, frontOf(candidates, ranking)) : [],
  };
}
