/** The front of a run under a ranking. A ranking can change (beta) without anything being scored again. */
import {
  combined,
  partsOfObjective,
  valueOfPart,
  type ObjectivePart,
  type ScoredParts,
  type ZicoRanking,
} from '../common/objectives.ts';
import { paretoFront } from '../common/pareto-front.ts';
import { proxyKeys } from '../common/proxies.ts';
import type { Candidate, CandidateScore, EvaluatedCandidate } from './candidate.ts';
import type { SearchSettings } from '../common/settings/index.ts';

/** How candidates compare. Beta is the strength of the bias correction; 0 is plain ZiCo. */
export interface Ranking extends ZicoRanking {
  /** What ranks: one score, or several by the sum of their ranks. */
  readonly parts: readonly ObjectivePart[];
  /** What is traded against the score. */
  readonly cost: 'latency' | 'macs';
  /** Candidates that cost more than this are not on the front. */
  readonly mostCost?: number | null;
}

/** The ranking a run was searched with. */
export function rankingOf(settings: SearchSettings): Ranking {
  const { beta, termCap, latency, maxLatencyMs } = settings;
  const parts = partsOfObjective(settings.score);
  if (latency === 'macs') return { parts, beta, termCap, cost: 'macs' };
  return { parts, beta, termCap, cost: 'latency', mostCost: maxLatencyMs };
}

/** What of a score can rank. */
export function scoredParts({ zico, zicoCapped, bias, facts }: CandidateScore): ScoredParts {
  const asked = proxyKeys.filter((key) => facts?.proxies[key] !== undefined);
  const values = asked.map((key) => [key, facts?.proxies[key]?.value ?? null] as const);
  return { zico, zicoCapped, bias, proxies: Object.fromEntries(values) };
}

/** What a ranking says of each network, among these; -Infinity for one that is ranked last. */
export function figuresAmong(
  networks: readonly ScoredParts[],
  ranking: Pick<Ranking, 'parts' | 'beta' | 'termCap'>,
): number[] {
  return combined(
    ranking.parts.map((part) => networks.map((network) => valueOfPart(part, network, ranking))),
  );
}

/** The figures by which the ranking compares candidates that were scored, along them. */
export function figuresOf(
  candidates: readonly EvaluatedCandidate[],
  ranking: Pick<Ranking, 'parts' | 'beta' | 'termCap'>,
): number[] {
  return figuresAmong(
    candidates.map(({ score }) => scoredParts(score)),
    ranking,
  );
}

/** The same of all that were scored among these, by candidate. */
export function figuresByCandidate(
  candidates: readonly Candidate[],
  ranking: Pick<Ranking, 'parts' | 'beta' | 'termCap'>,
): ReadonlyMap<Candidate, number> {
  const scored = candidates.filter((candidate) => candidate.status === 'evaluated');
  const figures = figuresOf(scored, ranking);
  return new Map(scored.map((candidate, i) => [candidate, figures[i]!]));
}

/** Milliseconds or MACs; null where a latency is asked of a candidate that has none. */
export function costOf(
  candidate: EvaluatedCandidate,
  ranking: Pick<Ranking, 'cost'>,
): number | null {
  return ranking.cost === 'macs' ? candidate.macs : (candidate.latency?.latencyMs ?? null);
}

/**
 * The candidates that no other one dominates, from cheapest to most expensive, then by falling score, then by
 * id. Candidates that tie in both objectives are all kept. Failed ones, those without the cost in question and
 * those above the ranking's limit are left out, but for the ranks that the others have among them.
 */
export function frontOf(candidates: readonly Candidate[], ranking: Ranking): EvaluatedCandidate[] {
  const figures = figuresByCandidate(candidates, ranking);
  const points = candidates.flatMap((candidate) => {
    if (candidate.status !== 'evaluated') return [];
    const cost = costOf(candidate, ranking);
    if (cost === null || cost > (ranking.mostCost ?? Infinity)) return [];
    return [{ candidate, cost, score: figures.get(candidate)! }];
  });
  points.sort((a, b) => a.cost - b.cost || a.candidate.id - b.candidate.id);
  const front = paretoFront({
    order: Uint32Array.from(points, (_, i) => i),
    cost: Float64Array.from(points, ({ cost }) => cost),
    score: Float64Array.from(points, ({ score }) => score),
  });
  return Array.from(front, (i) => points[i]!.candidate);
}
