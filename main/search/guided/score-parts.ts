/** What models learn of a score, and what is known of it beforehand. */
import type { Candidate } from '../candidate.ts';
import type { SearchSettings } from '../../common/settings/index.ts';
import { biasCorrection } from '../../common/zico-bc.ts';
import type { Size } from '../size.ts';
import type { Result, ScorePart } from './guide.ts';

export interface LearntPart extends ScorePart {
  of(score: { readonly zico: number; readonly zicoCapped: number; readonly bias: number }): number;
}

export interface ScoreParts {
  /** ZiCo, and the bias where nobody knows it beforehand: each by itself, so that beta can change. */
  readonly parts: readonly LearntPart[];
  readonly knownScore: (size: Size) => number;
}

/** @param biasKnown sizes of networks have their bias */
export function scoreParts(
  { beta, termCap }: Pick<SearchSettings, 'beta' | 'termCap'>,
  biasKnown: boolean,
): ScoreParts {
  const zico: LearntPart = {
    weight: 1,
    of: (score) => (termCap === null ? score.zico : score.zicoCapped),
  };
  if (biasKnown)
    return { parts: [zico], knownScore: ({ bias = 0 }) => -biasCorrection(bias, beta) };
  const bias: LearntPart = { weight: -beta, of: (score) => score.bias };
  return { parts: beta === 0 ? [zico] : [zico, bias], knownScore: () => 0 };
}

/** A candidate as models take it; null where it failed. */
export function resultOf(candidate: Candidate, parts: readonly LearntPart[]): Result {
  if (candidate.status === 'failed') return null;
  const { score, latency } = candidate;
  return { parts: parts.map(({ of }) => of(score)), latencyMs: latency?.latencyMs ?? null };
}
