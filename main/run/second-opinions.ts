/** Where ZiCo-BC, as a run ranks by it, and NEAR disagree about its candidates. */
import { opinionInWords, secondOpinions, type SecondOpinion } from '../common/second-opinion.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import type { Candidate, CandidateId } from './candidate.ts';
import { figuresOf, rankingOf } from './ranking.ts';

/**
 * By candidate, of those that have a score; empty where too few are scored, NEAR was not asked, or the run ranks by
 * something else than ZiCo: only of that it was measured who is right.
 */
export function opinionsOf(
  candidates: readonly Candidate[],
  settings: SearchSettings,
): ReadonlyMap<CandidateId, SecondOpinion> {
  const scored = candidates.filter((one) => one.status === 'evaluated');
  if (settings.score !== 'zico-bc' && settings.score !== 'zico') return new Map();
  const opinions = secondOpinions(
    figuresOf(scored, rankingOf(settings)),
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
