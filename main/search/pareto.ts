/** The front of a run under a ranking. A ranking can change (beta) without anything being scored again. */
import type { Candidate, CandidateScore, EvaluatedCandidate } from './candidate.ts';
import type { SearchSettings } from './settings.ts';

/** How candidates compare. */
export interface Ranking {
  /** Strength of the bias correction; 0 is plain ZiCo. */
  readonly beta: number;
  /** Null ranks by the paper's score, a number by the capped one. */
  readonly termCap: number | null;
  /** What is traded against the score. */
  readonly cost: 'latency' | 'macs';
  /** Candidates beyond this cost are no part of a front. */
  readonly mostCost?: number | null;
}

/** The ranking a run was searched with. */
export function rankingOf(settings: SearchSettings): Ranking {
  const { beta, termCap, latency, maxLatencyMs } = settings;
  if (latency === 'macs') return { beta, termCap, cost: 'macs' };
  return { beta, termCap, cost: 'latency', mostCost: maxLatencyMs };
}

/** ZiCo-BC = ZiCo - beta * bias (ZiCo-BC, arXiv 2309.14666), with capped terms where the ranking says so. */
export function scoreOf(
  score: Pick<CandidateScore, 'zico' | 'zicoCapped' | 'bias'>,
  ranking: Pick<Ranking, 'beta' | 'termCap'>,
): number {
  const zico = ranking.termCap === null ? score.zico : score.zicoCapped;
  return zico - ranking.beta * score.bias;
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
  return cost === null ? null : [-scoreOf(candidate.score, ranking), cost];
}

/**
 * The candidates that none other dominates, from cheap to dear, then by falling score, then by id.
 * Candidates that tie in both objectives are all kept. Failed ones and those without the cost that is
 * asked for take no part, nor do those beyond the most that the ranking allows.
 */
export function paretoFront(
  candidates: readonly Candidate[],
  ranking: Ranking,
): EvaluatedCandidate[] {
  const points = candidates.flatMap((candidate) => {
    if (candidate.status !== 'evaluated') return [];
    const objectives = objectivesOf(candidate, ranking);
    if (objectives === null || objectives[1] > (ranking.mostCost ?? Infinity)) return [];
    return [{ candidate, objectives }];
  });
  // A sweep from cheap to dear in O(N log N): a run has thousands of points and beta is a slider.
  points.sort(
    (a, b) =>
      a.objectives[1] - b.objectives[1] ||
      a.objectives[0] - b.objectives[0] ||
      a.candidate.id - b.candidate.id,
  );
  const front: EvaluatedCandidate[] = [];
  let best = { score: Infinity, cost: -Infinity };
  for (const { candidate, objectives } of points) {
    const [score, cost] = objectives;
    const tie = score === best.score && cost === best.cost;
    if (score < best.score || tie) {
      front.push(candidate);
      best = { score, cost };
    }
  }
  return front;
}
