/** Where ZiCo-BC, as a run ranks by it, and NEAR disagree about its candidates. */
import { opinionInWords, secondOpinions, type SecondOpinion } from '../common/second-opinion.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import type { Candidate, CandidateId } from './candidate.ts';
import { rankedBy, rankingOf } from './ranking.ts';

/** By candidate, of those that have a score; empty where too few are scored or NEAR was not asked. */
export function opinionsOf(
  candidates: readonly Candidate[],
  settings: SearchSettings,
): ReadonlyMap<CandidateId, SecondOpinion> {
  const scored = candidates.filter((one) => one.status === 'evaluated');
  const ranking = rankingOf(settings);
  const opinions = secondOpinions(
    scored.map(({ score }) => rankedBy(score, ranking)),
    scored.map(({ score }) => score.facts?.proxies.near?.value ?? null),
  );
  return new Map(opinions?.map((opinion, i) => [scored[i]!.id, opinion]));
}

/** The sentence about a candidate; null where the two do not disagree strongly. */
export function opinionOn(
  id: CandidateId,
  candidates: readonly Candidate[],
  settings: SearchSettings,
  space: string,
): string | null {
  const opinions = opinionsOf(candidates, settings);
  const own = opinions.get(id);
  return own?.strong === true ? opinionInWords(own, opinions.size, space) : null;
}
