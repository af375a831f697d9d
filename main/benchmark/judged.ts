/**
 * How good an order of networks is, judged by their accuracies: rank correlations, the head of the order, pairs at
 * equal cost, and what choosing by it loses within budgets; each with a 95 % interval of the bootstrap over networks
 * (Efron 1979, percentiles).
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { kendallTauB, spearmanRho } from '../common/rank-correlation.ts';
import { generatorFor } from '../random.ts';

/** A value and where it lies with 95 % confidence; null where it is undefined. */
export interface Interval {
  readonly value: number | null;
  readonly from: number | null;
  readonly to: number | null;
}

export const measures = ['kendallTau', 'spearmanRho', 'ndcg10', 'equalMacs', 'regret'] as const;
export type Measure = (typeof measures)[number];
export type Judged = Readonly<Record<Measure, Interval>>;

/** The networks, in arrays of the same order. */
export interface ToJudge {
  /** What ranks them, the best highest. */
  readonly scores: readonly number[];
  /** In %. */
  readonly accuracies: readonly number[];
  readonly macs: readonly number[];
  /** MACs, for the regret. */
  readonly budgets: readonly number[];
}

/** Resamples of the bootstrap. */
const resamples = 200;
/** Networks cost the same where their MACs differ by at most this share of the more expensive one's. */
const equalCost = 0.1;

export function judge({ scores, accuracies, macs, budgets }: ToJudge): Judged {
  const n = scores.length;
  const pairs = equalPairs(scores, accuracies, macs);
  const valuesOf = (places: readonly number[], weights: Float64Array): Record<Measure, number> => {
    const [s, a, m] = [scores, accuracies, macs].map((all) => places.map((i) => all[i]!)) as [
      number[],
      number[],
      number[],
    ];
    return {
      kendallTau: kendallTauB(s, a),
      spearmanRho: spearmanRho(s, a),
      ndcg10: ndcgAt10(s, a),
      equalMacs: concordance(pairs, weights),
      regret: meanRegret(s, a, m, budgets),
    };
  };
  const all = Array.from({ length: n }, (_, i) => i);
  const found = valuesOf(all, new Float64Array(n).fill(1));
  const random = generatorFor('bootstrap', n);
  const drawn = Array.from({ length: resamples }, () => {
    const weights = new Float64Array(n);
    const places = all.map(() => uniformInt(random, 0, n - 1));
    for (const place of places) weights[place]!++;
    return valuesOf(places, weights);
  });
  const entries = measures.map((measure) => {
    const values = drawn.map((one) => one[measure]).filter((value) => !Number.isNaN(value));
    return [measure, intervalOf(found[measure], values)] as const;
  });
  return Object.fromEntries(entries) as Record<Measure, Interval>;
}

function intervalOf(value: number, drawn: readonly number[]): Interval {
  if (Number.isNaN(value)) return { value: null, from: null, to: null };
  const sorted = drawn.toSorted((a, b) => a - b);
  const at = (share: number): number | null =>
    sorted[Math.round(share * (sorted.length - 1))] ?? null;
  return { value, from: at(0.025), to: at(0.975) };
}

interface EqualPairs {
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  /** 1 where score and accuracy agree on the pair, -1 where they do not, 0 for a tie of the score. */
  readonly agrees: Int8Array;
}

/** Pairs of networks that cost the same and differ in accuracy. */
function equalPairs(
  scores: readonly number[],
  accuracies: readonly number[],
  macs: readonly number[],
): EqualPairs {
  const first: number[] = [];
  const second: number[] = [];
  const agrees: number[] = [];
  for (let i = 0; i < macs.length; i++) {
    for (let j = 0; j < i; j++) {
      const far = Math.abs(macs[i]! - macs[j]!) > equalCost * Math.max(macs[i]!, macs[j]!);
      if (far || accuracies[i] === accuracies[j]) continue;
      first.push(i);
      second.push(j);
      agrees.push(Math.sign((scores[i]! - scores[j]!) * (accuracies[i]! - accuracies[j]!)));
    }
  }
  return {
    first: Uint32Array.from(first),
    second: Uint32Array.from(second),
    agrees: Int8Array.from(agrees),
  };
}

/** (concordant - discordant) / all pairs; a tie of the score counts as neither. NaN without a pair. */
function concordance({ first, second, agrees }: EqualPairs, weights: Float64Array): number {
  let [sum, total] = [0, 0];
  for (let k = 0; k < agrees.length; k++) {
    const weight = weights[first[k]!]! * weights[second[k]!]!;
    sum += weight * agrees[k]!;
    total += weight;
  }
  return total === 0 ? NaN : sum / total;
}

/**
 * Normalised discounted cumulative gain of the first ten (Järvelin & Kekäläinen 2002); the gain of a network is how
 * far its accuracy lies between the least and the most of all.
 */
export function ndcgAt10(scores: readonly number[], accuracies: readonly number[]): number {
  const least = accuracies.reduce((a, b) => Math.min(a, b), Infinity);
  const most = accuracies.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!(most > least)) return NaN;
  const gain = (order: readonly number[]): number =>
    order
      .slice(0, 10)
      .reduce(
        (sum, i, rank) => sum + (accuracies[i]! - least) / (most - least) / Math.log2(rank + 2),
        0,
      );
  const by = (values: readonly number[]): number[] =>
    values.map((_, i) => i).sort((a, b) => values[b]! - values[a]!);
  return gain(by(scores)) / gain(by(accuracies));
}

/** Accuracy lost within each budget by taking what scores highest, in points; the mean over the budgets. */
export function meanRegret(
  scores: readonly number[],
  accuracies: readonly number[],
  macs: readonly number[],
  budgets: readonly number[],
): number {
  const lost = budgets.flatMap((budget) => {
    let [best, taken] = [-Infinity, -1];
    macs.forEach((cost, i) => {
      if (cost > budget) return;
      best = Math.max(best, accuracies[i]!);
      if (taken < 0 || scores[i]! > scores[taken]!) taken = i;
    });
    return taken < 0 ? [] : [best - accuracies[taken]!];
  });
  return lost.length === 0 ? NaN : lost.reduce((sum, one) => sum + one, 0) / lost.length;
}
