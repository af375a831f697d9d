/** The result of a search: the JSON of `zico search`, and what the library returns. */
import { isRelative } from '../common/objectives.ts';
import { proxyKeys } from '../common/proxies.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import { smallestResolutionWarning } from '../common/smallest-resolution.ts';
import { biasCorrectedOrNull } from '../common/zico-bc.ts';
import type { ScoringPlan } from '../engine/scoring-plan.ts';
import { besides, type EvaluatedCandidate } from '../run/candidate.ts';
import { indistinctOnFront } from '../run/latency-errors.ts';
import { figuresByCandidate, figuresOf, frontOf, rankingOf } from '../run/ranking.ts';
import { opinionsOf } from '../run/second-opinions.ts';
import type { Estimates, OfferedNetwork } from '../search/guided/estimates.ts';
import type { RunInfo } from '../run/run-store.ts';
import type { Genotype } from '../space/space.ts';
import { spaceOfRun } from '../space/index.ts';
import type { Warning } from '../warning.ts';
import type { RunContents } from '../workbench/run-contents.ts';

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

/** @param estimates of a guided search: the front is taken from them, with that of the scores alone beside it */
export function searchResult(
  { run, status, scoring, rejected, repaired }: Ended,
  { info, candidates, withoutDigest }: RunContents,
  estimates: Estimates | null,
) {
  const { settings, warnings = [] } = info;
  const evaluated = candidates.filter((candidate) => candidate.status === 'evaluated');
  const front = frontOf(candidates, rankingOf(settings));
  const known: KnownBeside = {
    opinions: opinionsOf(candidates, settings),
    figures: figuresByCandidate(candidates, rankingOf(settings)),
  };
  const tooSlow = evaluated.filter((candidate) => isTooSlow(candidate, settings)).length;
  const failed = candidates.length - evaluated.length;
  return {
    run,
    seed: settings.seed,
    status,
    settings,
    scoring,
    /** About the space and the data, found when the run began, and about the front. */
    warnings: [...warnings, ...ofFront(info, estimates?.front ?? front)],
    evaluated: evaluated.length,
    failed,
    /** Proposed, but left out because they were beyond a limit. */
    rejected,
    /** Proposed, beyond a limit, and changed until they met it. */
    repaired,
    /** Measured beyond the limit on latency, and kept off the front. */
    tooSlow,
    front:
      estimates === null
        ? front.map((candidate) => frontEntry(candidate, settings, known))
        : estimates.front.map((offered) => offeredEntry(offered, settings, known)),
    /** Neighbours on the front of the scores whose latencies differ by less than their errors. */
    indistinct: indistinctOnFront(front),
    ...(estimates !== null && {
      rawFront: front.map((one) => frontEntry(one, settings, known)),
    }),
    /** Candidates that were stored before rows had digests. */
    withoutDigest,
  };
}

export type SearchResult = ReturnType<typeof searchResult>;

/** What a person should know before choosing from the front. */
function ofFront(info: RunInfo, front: readonly { readonly genotype: Genotype }[]): Warning[] {
  const space = spaceOfRun(info);
  const sizes = front.map(({ genotype }) => space.resolutions(genotype).deployment);
  const offered = space.sizes?.map(({ deployment }) => deployment) ?? null;
  const warning = smallestResolutionWarning(sizes, offered);
  return warning ? [warning] : [];
}

function isTooSlow({ latency }: EvaluatedCandidate, { maxLatencyMs }: SearchSettings): boolean {
  return maxLatencyMs !== null && (latency?.latencyMs ?? 0) > maxLatencyMs;
}

/** Counts and proxies by their keys, and where NEAR disagrees with the score; null where they were not asked for. */
function besideScore(candidate: EvaluatedCandidate | null, { opinions }: KnownBeside) {
  const bias = candidate?.score.bias ?? null;
  const facts = candidate?.score.facts;
  const asked = proxyKeys.filter((key) => facts?.proxies[key] !== undefined);
  return {
    layers: facts?.layers ?? null,
    liveLayers: facts?.liveLayers ?? null,
    lnChannels: facts?.lnChannels ?? null,
    minusBias: bias === null ? null : -bias,
    near: null,
    ...Object.fromEntries(asked.map((key) => [key, facts?.proxies[key]?.value ?? null])),
    secondOpinion: (candidate && opinions.get(candidate.id)) ?? null,
  };
}
export type Opinions = ReturnType<typeof opinionsOf>;

/** What is known of a candidate only by comparison with the others. */
interface KnownBeside {
  readonly opinions: Opinions;
  /** The figures that candidates rank by. */
  readonly figures: ReturnType<typeof figuresByCandidate>;
}

function frontEntry(candidate: EvaluatedCandidate, settings: SearchSettings, known: KnownBeside) {
  const { beta, termCap, score: ranked } = settings;
  const { figures } = known;
  const own = figures.get(candidate);
  const { zico, zicoCapped, bias } = candidate.score;
  const capped =
    termCap === null
      ? {}
      : { zicoCapped, zicoBcCapped: biasCorrectedOrNull(zicoCapped, bias, beta) };
  return {
    id: candidate.id === besides ? null : candidate.id,
    genotype: candidate.genotype,
    /** What the run ranks by; null for a network scored besides, which has no rank among the candidates. */
    score: own ?? (isRelative(ranked) ? null : figuresOf([candidate], rankingOf(settings))[0]!),
    zico,
    bias,
    zicoBc: biasCorrectedOrNull(zico, bias, beta),
    ...capped,
    latencyMs: candidate.latency?.latencyMs ?? null,
    latencyConditions: candidate.latency?.conditions ?? null,
    macs: candidate.macs,
    parameters: candidate.parameters,
    generation: candidate.id === besides ? null : candidate.generation,
    ...besideScore(candidate, known),
  };
}

/** An entry of the front with its estimates; a network that was not scored has no score of its own. */
function offeredEntry(
  { candidate, genotype, size, latencyMs, estimate, frontShare }: OfferedNetwork,
  settings: SearchSettings,
  known: KnownBeside,
) {
  const unscored = {
    ...{ id: null, genotype, score: null, zico: null, bias: null, zicoBc: null },
    ...(settings.termCap !== null && { zicoCapped: null, zicoBcCapped: null }),
    ...{ latencyMs: null, latencyConditions: null, predictedLatencyMs: latencyMs },
    ...{ macs: size.macs, parameters: size.parameters, generation: null },
    ...besideScore(null, known),
  };
  const entry = candidate === null ? unscored : frontEntry(candidate, settings, known);
  return { ...entry, scored: candidate !== null, estimate, frontShare };
}
