/** What a search came to: the JSON of `zico search`, and what the library answers. */
import { indistinct } from '../common/latency-bounds.ts';
import { proxyKeys } from '../common/proxies.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import { biasCorrected } from '../common/zico-bc.ts';
import type { ScoringPlan } from '../engine/scoring-plan.ts';
import { boundsOf } from '../latency/bounds.ts';
import { besides, type EvaluatedCandidate } from '../run/candidate.ts';
import { frontOf, rankingOf } from '../run/ranking.ts';
import { opinionsOf } from '../run/second-opinions.ts';
import type { Estimates, OfferedNetwork } from '../search/guided/estimates.ts';
import type { RunContents } from './run-contents.ts';

export interface Ended {
  readonly run: string;
  readonly status: 'stopped' | 'finished';
  /** Null where the search ended before it scored. */
  readonly scoring: ScoringPlan | null;
  /** Networks that missed a limit and were left out. */
  readonly rejected: number;
  /** Candidates that missed a limit at first and were changed until they met it. */
  readonly repaired: number;
}

/** @param estimates of a guided search: then its front is theirs, and what the scores alone say stands beside it */
export function searchResult(
  { run, status, scoring, rejected, repaired }: Ended,
  { info: { settings, warnings = [] }, candidates, withoutDigest }: RunContents,
  estimates: Estimates | null,
) {
  const evaluated = candidates.filter((candidate) => candidate.status === 'evaluated');
  const front = frontOf(candidates, rankingOf(settings));
  const opinions = opinionsOf(candidates, settings);
  const tooSlow = evaluated.filter((candidate) => isTooSlow(candidate, settings)).length;
  const failed = candidates.length - evaluated.length;
  const alike = indistinct(front.flatMap(boundedCost));
  return {
    run,
    seed: settings.seed,
    status,
    settings,
    scoring,
    /** What was found of space and data when the run began. */
    warnings,
    evaluated: evaluated.length,
    failed,
    /** Proposed, beyond a limit, and left out. */
    rejected,
    /** Proposed, beyond a limit, and changed until it was met. */
    repaired,
    /** Measured beyond the limit on latency, and kept off the front. */
    tooSlow,
    front:
      estimates === null
        ? front.map((candidate) => frontEntry(candidate, settings, opinions))
        : estimates.front.map((offered) => offeredEntry(offered, settings, opinions)),
    /** Neighbours on the front of the scores whose latencies differ by less than their errors. */
    indistinct: alike,
    ...(estimates !== null && {
      rawFront: front.map((one) => frontEntry(one, settings, opinions)),
    }),
    /** Candidates of before rows had digests. */
    withoutDigest,
  };
}

export type SearchResult = ReturnType<typeof searchResult>;

function isTooSlow({ latency }: EvaluatedCandidate, { maxLatencyMs }: SearchSettings): boolean {
  return maxLatencyMs !== null && (latency?.latencyMs ?? 0) > maxLatencyMs;
}

/** Counts and proxies by their keys, and where NEAR disagrees with the score; null where nobody asked. */
function besideScore(candidate: EvaluatedCandidate | null, opinions: Opinions) {
  const facts = candidate?.score.facts;
  const asked = proxyKeys.filter((key) => facts?.proxies[key] !== undefined);
  return {
    layers: facts?.layers ?? null,
    liveLayers: facts?.liveLayers ?? null,
    lnChannels: facts?.lnChannels ?? null,
    minusBias: candidate === null ? null : -candidate.score.bias,
    near: null,
    ...Object.fromEntries(asked.map((key) => [key, facts?.proxies[key]?.value ?? null])),
    secondOpinion: (candidate && opinions.get(candidate.id)) ?? null,
  };
}
export type Opinions = ReturnType<typeof opinionsOf>;

function frontEntry(
  candidate: EvaluatedCandidate,
  { beta, termCap }: SearchSettings,
  opinions: Opinions,
) {
  const { zico, zicoCapped, bias } = candidate.score;
  const capped =
    termCap === null ? {} : { zicoCapped, zicoBcCapped: biasCorrected(zicoCapped, bias, beta) };
  return {
    id: candidate.id === besides ? null : candidate.id,
    genotype: candidate.genotype,
    zico,
    bias,
    zicoBc: biasCorrected(zico, bias, beta),
    ...capped,
    latencyMs: candidate.latency?.latencyMs ?? null,
    latencyConditions: candidate.latency?.conditions ?? null,
    macs: candidate.macs,
    parameters: candidate.parameters,
    generation: candidate.id === besides ? null : candidate.generation,
    ...besideScore(candidate, opinions),
  };
}

/** As an entry of the front, with its estimates; a network that was not scored has no score of its own. */
function offeredEntry(
  { candidate, genotype, size, latencyMs, estimate, frontShare }: OfferedNetwork,
  settings: SearchSettings,
  opinions: Opinions,
) {
  const unscored = {
    ...{ id: null, genotype, zico: null, bias: null, zicoBc: null },
    ...(settings.termCap !== null && { zicoCapped: null, zicoBcCapped: null }),
    ...{ latencyMs: null, latencyConditions: null, predictedLatencyMs: latencyMs },
    ...{ macs: size.macs, parameters: size.parameters, generation: null },
    ...besideScore(null, opinions),
  };
  const entry = candidate === null ? unscored : frontEntry(candidate, settings, opinions);
  return { ...entry, scored: candidate !== null, estimate, frontShare };
}

function boundedCost({ latency }: EvaluatedCandidate) {
  if (latency === null) return [];
  const bounds = boundsOf(latency);
  return [{ cost: latency.latencyMs, low: bounds?.lowMs ?? null, high: bounds?.highMs ?? null }];
}
