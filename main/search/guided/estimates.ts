/**
 * What is known about a run's networks, and about those it never scored: each score is pulled towards the model
 * according to its noise, and the front of such estimates is taken over the whole space. A network on a front
 * of noisy scores may only have been lucky; this front offers what is expected to be good.
 */
import { generatorFor, type RandomGenerator } from '../../random.ts';
import type { Genotype, Space } from '../../space/space.ts';
import {
  besides,
  type Candidate,
  type CandidateId,
  type EvaluatedCandidate,
} from '../../run/candidate.ts';
import { excessOf } from '../repair.ts';
import { isEstimate } from '../../common/latency-sources.ts';
import type { SearchSettings } from '../../common/settings/index.ts';
import { latestKept, type Size } from '../size.ts';
import { factor } from './cholesky.ts';
import type { ProposalResult } from './beliefs.ts';
import { Guide, type Survey } from './guide.ts';
import { resultOf, scoreParts } from './score-parts.ts';
import { risingOf } from './rising.ts';
import { Slice, type Sliced } from './slices.ts';

export interface Estimate {
  /** The expected ZiCo-BC, or whatever the run ranks by. */
  readonly score: number;
  /** Standard deviation of the estimate. */
  readonly deviation: number;
}

export interface OfferedNetwork {
  readonly genotype: Genotype;
  /** Null where it was not scored: then it is a prediction. */
  readonly candidate: EvaluatedCandidate | null;
  readonly size: Size;
  /** As measured, or as predicted where it was not; null where the cost is MACs. */
  readonly latencyMs: number | null;
  readonly estimate: Estimate;
  /** The share of all draws of the scores in which it would be on the front: from 0 to 1. */
  readonly frontShare: number;
}

export interface Estimates {
  readonly byId: ReadonlyMap<CandidateId, Estimate>;
  /** From cheapest to most expensive. */
  readonly front: readonly OfferedNetwork[];
}

export interface EstimatesRequest {
  readonly space: Space;
  readonly settings: SearchSettings;
  /** In order of their numbers; what was scored besides may stand behind them. */
  readonly candidates: readonly Candidate[];
  readonly count: (genotype: Genotype) => Size;
  /** Spaces of up to this many networks are enumerated; a million unless stated. */
  readonly wholeSpace?: number;
}

/**
 * Spaces of up to this many networks are looked at completely; of larger ones a pool, and then what is near the
 * front.
 */
const usualWhole = 1_000_000;
const poolOfLarge = 4_000;
const roundsOfNeighbours = 2;
/** A network is offered if it is expected to beat every cheaper one by this share of the front's range. */
const leastRise = 0.002;
const draws = 256;

/**
 * Null where nothing was scored, since there is nothing to learn from. Up to a million networks take about a
 * minute.
 */
export function* estimatesOf(request: EstimatesRequest): Sliced<Estimates | null> {
  const { space, settings, candidates, wholeSpace = usualWhole } = request;
  const count = latestKept(request.count);
  if (!candidates.some(({ status }) => status === 'evaluated')) return null;
  const { seed } = settings;
  const proposed = candidates.map(({ genotype }) => genotype);
  const { guide, results } = guideForEstimates({ ...request, count }, candidates);
  const look = (networks: Iterable<Genotype>): Sliced<Survey> =>
    guide.survey(proposed, results, networks);
  let survey = yield* look(allOrSome(space, wholeSpace, generatorFor(seed, 'survey')));
  let front: readonly Point[] = risingOf(pointsOf({ ...request, count }, survey));
  if (space.networks > wholeSpace) {
    for (let round = 0; round < roundsOfNeighbours; round++) {
      const near = new Set(front.flatMap(({ genotype }) => space.neighbours(genotype)));
      survey = yield* look([...near, ...front.map(({ genotype }) => genotype)]);
      front = risingOf(pointsOf({ ...request, count }, survey));
    }
  }
  front = worthwhile(front);
  const shares = yield* frontShares(front, survey, generatorFor(seed, 'front shares'));
  const byId = new Map(
    candidates.flatMap((candidate, i) => {
      if (candidate.status === 'failed' || candidate.id === besides) return [];
      const { mean, deviation } = survey.tried[i]!.score;
      return [[candidate.id, { score: mean, deviation }] as const];
    }),
  );
  return {
    byId,
    front: front.map(({ cost: _, score: __, ...network }, i) => ({
      ...network,
      frontShare: shares[i]!,
    })),
  };
}

/** A model of these candidates' results that has proposed nothing. */
export function guideForEstimates(
  { space, settings, count }: EstimatesRequest,
  candidates: readonly Candidate[],
): { readonly guide: Guide; readonly results: readonly ProposalResult[] } {
  const { maxParameters, maxMacs, maxLatencyMs, seed, latency, guidedRevision } = settings;
  const parts = scoreParts(settings);
  const guide = new Guide({
    // Smooth: a process adds corners, and a network that stands out because of one is likely to disappoint.
    ...{ space, seed, revision: guidedRevision, summarise: count, parts, smooth: true },
    excess: (genotype) => excessOf(count(genotype), { maxParameters, maxMacs }),
    latency: latency === 'macs' ? null : { maxMs: maxLatencyMs ?? Infinity },
  });
  return { guide, results: candidates.map((candidate) => resultOf(candidate, parts)) };
}

function* allOrSome(
  space: Space,
  wholeSpace: number,
  random: RandomGenerator,
): Generator<Genotype, void> {
  const whole = space.networks <= wholeSpace;
  const number = whole ? space.networks : poolOfLarge;
  for (let i = 0; i < number; i++) yield whole ? space.at(i) : space.sample(random);
}

type Point = Omit<OfferedNetwork, 'frontShare'> & { readonly cost: number; readonly score: number };

/** Every network that was looked at and could be on a front. */
function pointsOf({ candidates, settings, count }: EstimatesRequest, survey: Survey): Point[] {
  const { latency, maxLatencyMs } = settings;
  const measured = latency !== 'macs';
  const scored = candidates.flatMap((candidate, i): Point[] => {
    if (candidate.status === 'failed') return [];
    const { genotype } = candidate;
    const { score, cost: expected } = survey.tried[i]!;
    const { mean, deviation } = score;
    const known = candidate.latency?.latencyMs ?? null;
    // What was scored besides may not have been measured.
    const latencyMs = measured ? (known ?? Math.exp(expected.mean)) : null;
    if (latencyMs !== null && latencyMs > (maxLatencyMs ?? Infinity)) return [];
    // A measured latency is one look at the truth; an estimate repeats exactly.
    const exact = isEstimate(latency) && known !== null;
    const cost = exact ? Math.log(Math.max(known, 1e-9)) : expected.mean;
    const estimate = { score: mean, deviation };
    return [{ genotype, candidate, size: count(genotype), latencyMs, estimate, cost, score: mean }];
  });
  const others = survey.others.map(({ genotype, score, cost }): Point => {
    const estimate = { score: score.mean, deviation: score.deviation };
    const latencyMs = measured ? Math.exp(cost.mean) : null;
    const size = count(genotype);
    return {
      genotype,
      candidate: null,
      size,
      latencyMs,
      estimate,
      cost: cost.mean,
      score: score.mean,
    };
  });
  return [...scored, ...others];
}

/** Without those that are hardly better than a cheaper one; the best one is kept. */
function worthwhile(front: readonly Point[]): readonly Point[] {
  if (front.length < 3) return front;
  const scores = front.map(({ estimate }) => estimate.score);
  const [first, last] = [scores[0]!, scores[scores.length - 1]!];
  const least = leastRise * (last - first);
  let kept = -Infinity;
  return front.filter(({ estimate: { score } }) => {
    if (score < kept + least && score !== last) return false;
    kept = score;
    return true;
  });
}

/** Draws the scores of a front's networks, all together, and counts who is on the front of each draw. */
function* frontShares(
  front: readonly Point[],
  survey: Survey,
  random: RandomGenerator,
): Sliced<readonly number[]> {
  const n = front.length;
  const matrix = yield* survey.covariance(front.map(({ genotype }) => genotype));
  const diagonal = Array.from({ length: n }, (_, i) => matrix[i * n + i]!);
  const nudge = 1e-9 + 1e-6 * Math.max(...diagonal);
  for (let i = 0; i < n; i++) matrix[i * n + i]! += nudge;
  const lower = yield* factor(matrix, n, n);
  const slice = new Slice();
  const counts = new Array<number>(n).fill(0);
  for (let draw = 0; draw < draws; draw++) {
    const z = Array.from({ length: n }, () => normal(random));
    let best = -Infinity;
    for (let i = 0; i < n; i++) {
      let score = front[i]!.estimate.score;
      if (lower === null) score += Math.sqrt(Math.max(diagonal[i]!, 0)) * z[i]!;
      else for (let k = 0; k <= i; k++) score += lower.values[i * n + k]! * z[k]!;
      if (score <= best) continue;
      best = score;
      counts[i]!++;
    }
    if (slice.full(n * n)) yield;
  }
  return counts.map((count) => count / draws);
}

/** Box and Muller's. */
function normal(random: RandomGenerator): number {
  const uniform = (): number => ((random.next() >>> 0) + 0.5) / 2 ** 32;
  return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
