/** The front of a run under a ranking. A ranking can change (beta) without anything being scored again. */
import { paretoFront } from '../common/pareto-front.ts';
import { rankingScore, type PlainScore } from '../common/zico-bc.ts';
import type { Candidate, EvaluatedCandidate } from './candidate.ts';
import type { SearchSettings } from '../common/settings/index.ts';

/** How candidates compare. */
export interface Ranking {
  /** Strength of the bias correction; 0 is plain ZiCo. */
  readonly beta: number;
  /** Null ranks by the paper's score, a number by the capped one. */
  readonly termCap: number | null;
  /** What is traded against the score. */
  readonly cost: 'latency' | 'macs';
  /** Candidates that cost more than this are not on the front. */
  readonly mostCost?: number | null;
}

/** The ranking a run was searched with. */
export function rankingOf(settings: SearchSettings): Ranking {
  const { beta, termCap, latency, maxLatencyMs } = settings;
  if (latency === 'macs') return { beta, termCap, cost: 'macs' };
  return { beta, termCap, cost: 'latency', mostCost: maxLatencyMs };
}

/** The figure by which the ranking compares a score. */
export function rankedBy(
  score: PlainScore,
  { beta, termCap }: Pick<Ranking, 'beta' | 'termCap'>,
): number {
  return rankingScore(score, beta, termCap !== null);
}

/** Milliseconds or MACs; null where a latency is asked of a candidate that has none. */
export function costOf(
  candidate: EvaluatedCandidate,
  ranking: Pick<Ranking, 'cost'>,
): number | null {
  return ranking.cost === 'macs' ? candidate.macs : (candidate.latency?.latencyMs ?? null);
}

/** Objectives as NSGA-II takes them, both minimised: the score negated, and the cost. */
export function objectivesOf(
  candidate: EvaluatedCandidate,
  ranking: Ranking,
): readonly [number, number] | null {
  const cost = costOf(candidate, ranking);
  return cost === null ? null : [-rankedBy(candidate.score, ranking), cost];
}

/**
 * The candidates that no other one dominates, from cheapest to most expensive, then by falling score, then by
 * id. Candidates that tie in both objectives are all kept. Failed ones, those without the cost in question and
 * those above the ranking's limit are left out.
 */
export function frontOf(candidates: readonly Candidate[], ranking: Ranking): EvaluatedCandidate[] {
  const points = candidates.flatMap((candidate) => {
    if (candidate.status !== 'evaluated') return [];
    const cost = costOf(candidate, ranking);
    if (cost === null || cost > (ranking.mostCost ?? Infinity)) return [];
    return [{ candidate, cost, score: rankedBy(candidate.score, ranking) }];
  });
  points.sort((a, b) => a.cost - b.cost || a.candidate.id - b.candidate.id);
  const front = paretoFront({
    order: Uint32Array.from(points, (_, i) => i),
    cost: Float64Array.from(points, ({ cost }) => cost),
    score: Float64Array.from(points, ({ score }) => score),
  });
  return Array.from(front, (i) => points[i]!.candidate);
}
