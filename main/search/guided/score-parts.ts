/** What models learn about a score. */
import type { SearchSettings } from '../../common/settings/index.ts';
import { measuringDeviation } from '../../common/latency-bounds.ts';
import { isRelative, partsOfObjective, valueOfPart } from '../../common/objectives.ts';
import { boundsOf } from '../../latency/bounds.ts';
import type { Candidate, CandidateScore } from '../../run/candidate.ts';
import { scoredParts } from '../../run/ranking.ts';
import type { ProposalResult, ScorePart } from './beliefs.ts';

export interface LearntPart extends ScorePart {
  /** Null where it has no value. */
  of(score: CandidateScore): number | null;
}

/**
 * The parts whose weighted sum is the score that a run ranks by. ZiCo-BC is one: the bias could be counted
 * exactly, but it jumps where a block loses its projection, and ZiCo jumps with it. A model that knows one
 * jump and has to learn the other offers networks on the wrong side of it; the two together are smoother
 * than either. Of a sum of ranks each part is one, by its ranks.
 */
export function scoreParts(
  settings: Pick<SearchSettings, 'score' | 'beta' | 'termCap'>,
): readonly LearntPart[] {
  const ranked = isRelative(settings.score);
  return partsOfObjective(settings.score).map((part) => ({
    weight: 1,
    ...(ranked && { ranked }),
    of: (score) => valueOfPart(part, scoredParts(score), settings),
  }));
}

/** A candidate as models take it; null where it failed, or a part of its score has no value. */
export function resultOf(candidate: Candidate, parts: readonly LearntPart[]): ProposalResult {
  if (candidate.status === 'failed') return null;
  const { score, latency } = candidate;
  const values = parts.map(({ of }) => of(score)).filter((value) => value !== null);
  if (values.length < parts.length) return null;
  return {
    parts: values,
    latencyMs: latency?.latencyMs ?? null,
    latencyDeviation: latency && measuringDeviation(boundsOf(latency)),
  };
}
