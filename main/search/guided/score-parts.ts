/** What models learn about a score. */
import type { SearchSettings } from '../../common/settings/index.ts';
import { rankingScore, type PlainScore } from '../../common/zico-bc.ts';
import type { Candidate } from '../../run/candidate.ts';
import type { Result, ScorePart } from './guide.ts';

export interface LearntPart extends ScorePart {
  of(score: PlainScore): number;
}

/**
 * The parts whose weighted sum is the score that a run ranks by. ZiCo-BC is one: the bias could be counted
 * exactly, but it jumps where a block loses its projection, and ZiCo jumps with it. A model that knows one
 * jump and has to learn the other offers networks on the wrong side of it; the two together are smoother
 * than either.
 */
export function scoreParts({
  beta,
  termCap,
}: Pick<SearchSettings, 'beta' | 'termCap'>): readonly LearntPart[] {
  return [{ weight: 1, of: (score) => rankingScore(score, beta, termCap !== null) }];
}

/** A candidate as models take it; null where it failed. */
export function resultOf(candidate: Candidate, parts: readonly LearntPart[]): Result {
  if (candidate.status === 'failed') return null;
  const { score, latency } = candidate;
  return { parts: parts.map(({ of }) => of(score)), latencyMs: latency?.latencyMs ?? null };
}
