/**
 * Disagreement between a score and NEAR about a network, judged by the ranks that each gives it among the networks that
 * were scored.
 */
import { averageRanks } from './rank-correlation.ts';
import { withNullsLast } from './predictors.ts';

export interface SecondOpinion {
  /** The share of the other networks that the score, and that NEAR, place below this one: from 0 to 1. */
  readonly score: number;
  readonly near: number;
  /** True if they disagree so strongly that the score is wrong more often than right (docs/validation.md). */
  readonly strong: boolean;
}

/** Ranks that differ by this share of all networks count as strong disagreement. */
export const strongDisagreement = 0.3;
/** Among fewer networks, ranks mean little. */
export const leastNetworks = 10;

/** What was measured of who is right then, by space (docs/validation.md). */
const measured: Readonly<Record<string, string>> = {
  'nats-sss': 'where the two disagree so far, ZiCo-BC was wrong hardly more often than right',
  'nas-bench-201': 'where the two disagree so far, ZiCo-BC was wrong more often than right',
};

/**
 * @param scores of the networks, the best highest
 * @param near their values of NEAR; null if it has none
 * @returns one opinion per network; null for too few networks, or if NEAR has no value for any
 */
export function secondOpinions(
  scores: readonly number[],
  near: readonly (number | null)[],
): readonly SecondOpinion[] | null {
  const others = scores.length - 1;
  const known = withNullsLast(near);
  if (scores.length < leastNetworks || known === null) return null;
  const [byScore, byNear] = [averageRanks(scores), averageRanks(known)];
  return scores.map((_, i) => {
    const score = (byScore[i]! - 1) / others;
    const other = (byNear[i]! - 1) / others;
    return { score, near: other, strong: Math.abs(score - other) > strongDisagreement };
  });
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** A sentence about a strong disagreement. */
export function opinionInWords(
  { score, near }: SecondOpinion,
  networks: number,
  space: string,
): string {
  const known = measured[space] ?? 'nobody has measured which of the two is right in this space';
  return `ZiCo-BC places it above ${percent(score)} of the ${networks} networks scored, NEAR above ${percent(near)}: ${known}.`;
}
