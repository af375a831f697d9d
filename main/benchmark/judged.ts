/**
 * How good an order of networks is, judged by their accuracies: rank correlations, the head of the order, pairs at
 * equal cost, and what choosing by it loses within budgets; each with a 95 % interval of the bootstrap over networks
 * (Efron 1979, percentiles). Where the order was drawn several times, as a score with other images and other initial
 * weights is, the value is the mean over the draws, and the bootstrap draws among them as well.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import {
  judgedMeasures,
  type Interval,
  type Judged,
  type JudgedMeasure,
} from '../common/benchmarks.ts';
import { generatorFor } from '../random.ts';
import { ordered, spearmanOf, tauOf, type Ordered } from './weighted-ranks.ts';

/** The networks, in arrays of the same order. */
export interface Truth {
  /** In %. */
  readonly accuracies: readonly number[];
  readonly macs: readonly number[];
  /** MACs, for the regret. */
  readonly budgets: readonly number[];
}

export interface ToJudge extends Truth {
  /** What ranks the networks, the best highest. */
  readonly scores: readonly number[];
  /** The same for further draws. */
  readonly moreDraws?: readonly (readonly number[])[];
}

/** Resamples of the bootstrap. */
const resamples = 200;
/** Networks cost the same where their MACs differ by at most this share of the more expensive one's. */
const equalCost = 0.1;
/** Of more pairs than this, a sample says as much as all. */
const mostPairs = 1_000_000;

export function judge({ scores, moreDraws = [], ...truth }: ToJudge): Judged {
  return judgeOf(truth)([scores, ...moreDraws]);
}

/** The judge of many scores of the same networks: what does not depend on a score is worked out once. */
export function judgeOf(truth: Truth): (draws: readonly (readonly number[])[]) => Judged {
  const n = truth.accuracies.length;
  const accuracy = ordered(truth.accuracies);
  const pairs = equalPairs(truth);
  const resampled = resamplesOf(n);
  const once = new Uint16Array(n).fill(1);
  return (draws) => {
    const judges = draws.map((scores) => {
      const own = ordered(scores);
      const agrees = agreement(pairs, scores);
      return (weights: Uint16Array): Readonly<Record<JudgedMeasure, number>> => ({
        kendallTau: tauOf(own, accuracy, weights),
        spearmanRho: spearmanOf(own, accuracy, weights),
        ndcg10: ndcg(own, accuracy, weights),
        equalMacs: concordance(pairs, agrees, weights),
        regret: regret(own, accuracy, truth, weights),
      });
    });
    const all = judges.map((of) => of(once));
    const random = generatorFor('draws', n);
    const drawn = resampled.map((weights) => {
      const picks = judges.map(() => uniformInt(random, 0, judges.length - 1));
      const picked = new Map([...new Set(picks)].map((pick) => [pick, judges[pick]!(weights)]));
      return picks.map((pick) => picked.get(pick)!);
    });
    const entries = judgedMeasures.map((measure) => {
      const meanOf = (draw: (typeof all)[number][]): number =>
        mean(draw.map((one) => one[measure]));
      const values = drawn.map(meanOf).filter((value) => !Number.isNaN(value));
      return [measure, intervalOf(meanOf(all), values)] as const;
    });
    return Object.fromEntries(entries) as Record<JudgedMeasure, Interval>;
  };
}

/** The value, and the middle 95 % of what was drawn. */
export function intervalOf(value: number, drawn: readonly number[]): Interval {
  if (Number.isNaN(value)) return { value: null, from: null, to: null };
  const sorted = drawn.toSorted((a, b) => a - b);
  const at = (share: number): number | null =>
    sorted[Math.round(share * (sorted.length - 1))] ?? null;
  return { value, from: at(0.025), to: at(0.975) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** How often each network was drawn, resample by resample; the same for every score. */
function resamplesOf(n: number): readonly Uint16Array[] {
  const random = generatorFor('bootstrap', n);
  return Array.from({ length: resamples }, () => {
    const weights = new Uint16Array(n);
    for (let i = 0; i < n; i++) weights[uniformInt(random, 0, n - 1)]!++;
    return weights;
  });
}

/** Pairs of networks that cost the same and differ in accuracy; of too many every k-th. */
interface EqualPairs {
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  /** 1 where the first one is the more accurate, else -1. */
  readonly better: Int8Array;
}

function equalPairs({ accuracies, macs }: Truth): EqualPairs {
  const order = macs.map((_, i) => i).sort((a, b) => macs[a]! - macs[b]! || a - b);
  const pairs = function* (): Generator<readonly [number, number]> {
    for (const [at, i] of order.entries()) {
      for (let k = at + 1; k < order.length; k++) {
        const j = order[k]!;
        if (macs[j]! - macs[i]! > equalCost * Math.max(macs[i]!, macs[j]!)) break;
        if (accuracies[i] !== accuracies[j]) yield [i, j];
      }
    }
  };
  let number = 0;
  for (const all = pairs(); !all.next().done;) number++;
  const step = Math.ceil(number / mostPairs);
  const kept = step === 0 ? 0 : Math.ceil(number / step);
  const [first, second] = [new Uint32Array(kept), new Uint32Array(kept)];
  const better = new Int8Array(kept);
  let [at, place] = [0, 0];
  for (const [i, j] of pairs()) {
    if (at++ % step !== 0) continue;
    [first[place], second[place]] = [i, j];
    better[place++] = accuracies[i]! > accuracies[j]! ? 1 : -1;
  }
  return { first, second, better };
}

/** 1 where a score orders a pair as the accuracy does, -1 where it does not, 0 for a tie of the score. */
function agreement({ first, second, better }: EqualPairs, scores: readonly number[]): Int8Array {
  return better.map((sign, k) => {
    const difference = scores[first[k]!]! - scores[second[k]!]!;
    return difference === 0 ? 0 : difference > 0 ? sign : -sign;
  });
}

/** (concordant - discordant) / all pairs; a tie of the score counts as neither. NaN without a pair. */
function concordance(
  { first, second }: EqualPairs,
  agrees: Int8Array,
  weights: Uint16Array,
): number {
  let [sum, total] = [0, 0];
  for (let k = 0; k < agrees.length; k++) {
    const weight = weights[first[k]!]! * weights[second[k]!]!;
    sum += weight * agrees[k]!;
    total += weight;
  }
  return total === 0 ? NaN : sum / total;
}

/** How many networks make up the head of an order. */
const head = 10;

/**
 * Normalised discounted cumulative gain of the first ten (Järvelin & Kekäläinen 2002); the gain of a network is how
 * far its accuracy lies between the least and the most of all.
 */
function ndcg(score: Ordered, accuracy: Ordered, weights: Uint16Array): number {
  const there = accuracy.falling.filter((i) => weights[i]! > 0);
  const most = accuracy.values[there[0]!]!;
  const least = accuracy.values[there.at(-1)!]!;
  if (!(most > least)) return NaN;
  const gain = ({ falling }: Ordered): number => {
    let [sum, rank] = [0, 0];
    for (const i of falling) {
      for (let k = 0; k < weights[i]! && rank < head; k++) {
        sum += (accuracy.values[i]! - least) / (most - least) / Math.log2(rank++ + 2);
      }
      if (rank >= head) break;
    }
    return sum;
  };
  return gain(score) / gain(accuracy);
}

/** Accuracy lost within each budget by taking what scores highest, in points; the mean over the budgets. */
function regret(
  score: Ordered,
  accuracy: Ordered,
  { macs, budgets }: Truth,
  weights: Uint16Array,
): number {
  const first = ({ falling }: Ordered, budget: number): number | undefined =>
    falling.find((i) => weights[i]! > 0 && macs[i]! <= budget);
  const within = (of: Ordered) => budgets.map((budget) => first(of, budget));
  return lostBy(within(accuracy), within(score), accuracy.values);
}

/** Places of networks, budget by budget; undefined where none is within it. */
type Chosen = readonly (number | undefined)[];

/** What has the highest value within each budget, the first one of equals. */
export function chosenWithin(
  values: readonly number[],
  { macs, budgets }: Pick<Truth, 'macs' | 'budgets'>,
): Chosen {
  return budgets.map((budget) => {
    let chosen: number | undefined;
    for (let i = 0; i < values.length; i++) {
      if (macs[i]! > budget) continue;
      if (chosen === undefined || values[i]! > values[chosen]!) chosen = i;
    }
    return chosen;
  });
}

/** Accuracy lost by what was chosen in place of the best, the mean over the budgets; NaN where there is none. */
export function lostBy(best: Chosen, chosen: Chosen, accuracies: readonly number[]): number {
  const lost = best.flatMap((one, b) => {
    const other = chosen[b];
    if (one === undefined || other === undefined) return [];
    return [accuracies[one]! - accuracies[other]!];
  });
  return lost.length === 0 ? NaN : mean(lost);
}

/** For networks that were each drawn once. */
export function ndcgAt10(scores: readonly number[], accuracies: readonly number[]): number {
  return ndcg(ordered(scores), ordered(accuracies), new Uint16Array(scores.length).fill(1));
}

/** Accuracy lost within each budget by taking what scores highest, in points; the mean over the budgets. */
export function meanRegret(scores: readonly number[], truth: Truth): number {
  const { accuracies } = truth;
  return lostBy(chosenWithin(accuracies, truth), chosenWithin(scores, truth), accuracies);
}
