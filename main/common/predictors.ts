/** What predicts a network's accuracy without training it. */
import type { NetworkFacts } from './network-facts.ts';
import { proxies, proxyKeys, proxyNames, type ProxyKey } from './proxies.ts';
import { averageRanks } from './rank-correlation.ts';
import { rankingScore, type PlainScore } from './zico-bc.ts';

/** What is known about a network without training it. */
export interface UntrainedScore extends PlainScore {
  readonly parameters: number;
  readonly macs: number;
  readonly facts?: NetworkFacts | undefined;
}

/** The predictors that depend on gradients: they do not repeat exactly. */
export const scoreNames = ['zico', 'zicoBc', 'zicoCapped', 'zicoBcCapped'] as const;
export type ScoreName = (typeof scoreNames)[number];

export const countNames = ['layers', 'liveLayers', 'lnChannels', 'minusBias'] as const;
export type CountName = (typeof countNames)[number];

/** Sums of ranks among the networks of a benchmark: relative to these. */
export const rankSums = {
  nearSynflow: { label: 'NEAR + SynFlow', of: ['near', 'synflow'] },
} as const satisfies Record<string, { label: string; of: readonly ProxyKey[] }>;
export type RankSum = keyof typeof rankSums;
const rankSumNames = Object.keys(rankSums) as readonly RankSum[];

export type Predictor = ScoreName | 'parameters' | 'macs' | CountName | ProxyKey | RankSum;

export const predictors: readonly Predictor[] = [
  ...scoreNames,
  ...(['parameters', 'macs'] as const),
  ...countNames,
  ...proxyKeys,
  ...rankSumNames,
];

/** What costs nothing, because it is counted and not computed. */
export const countedPredictors: readonly Predictor[] = ['parameters', 'macs', ...countNames];

const scores: Readonly<Record<ScoreName, (score: PlainScore, beta: number) => number>> = {
  zico: ({ zico }) => zico,
  zicoBc: (score, beta) => rankingScore(score, beta, false),
  zicoCapped: ({ zicoCapped }) => zicoCapped,
  zicoBcCapped: (score, beta) => rankingScore(score, beta, true),
};

/** @param beta weight of the bias in ZiCo-BC */
export function scoreNamed(name: ScoreName, score: PlainScore, beta: number): number {
  return scores[name](score, beta);
}

/**
 * A predictor's value for one network; null if it has none.
 * @param beta weight of the bias in ZiCo-BC
 */
export function predicted(
  name: Exclude<Predictor, RankSum>,
  score: UntrainedScore,
  beta: number,
): number | null {
  const { facts } = score;
  switch (name) {
    case 'zico':
    case 'zicoBc':
    case 'zicoCapped':
    case 'zicoBcCapped':
      return scores[name](score, beta);
    case 'parameters':
    case 'macs':
      return score[name];
    case 'layers':
    case 'liveLayers':
    case 'lnChannels':
      return facts?.[name] ?? null;
    case 'minusBias':
      return -score.bias;
    default:
      return facts?.proxies[name]?.value ?? null;
  }
}

/**
 * A predictor's values for networks, for ranking them: one without a value comes last, as far below the lowest value as
 * that is below the next. Null if none has a value.
 */
export function predictionsOf(
  name: Predictor,
  networks: readonly UntrainedScore[],
  beta: number,
): readonly number[] | null {
  if (isRankSum(name)) {
    const parts = rankSums[name].of.map((part) => predictionsOf(part, networks, beta));
    const known = parts.filter((part) => part !== null);
    if (known.length < parts.length) return null;
    const ranks = known.map(averageRanks);
    return networks.map((_, i) => ranks.reduce((sum, rank) => sum + rank[i]!, 0));
  }
  return withNullsLast(networks.map((network) => predicted(name, network, beta)));
}

export const isRankSum = (name: Predictor): name is RankSum => Object.hasOwn(rankSums, name);

/** The numbers, with every null replaced by a number below all of them; null if there is no number. */
export function withNullsLast(values: readonly (number | null)[]): readonly number[] | null {
  let least = Infinity;
  for (const value of values) if (value !== null) least = Math.min(least, value);
  if (least === Infinity) return null;
  const last = least - Math.max(1, Math.abs(least));
  return values.map((value) => value ?? last);
}

/** Names of the predictors that do not depend on gradients. */
export const predictorLabels: Readonly<Record<Exclude<Predictor, ScoreName>, string>> = {
  parameters: 'Parameters',
  macs: 'MACs',
  layers: 'Layers',
  liveLayers: 'Layers that get a gradient',
  lnChannels: 'Sum of ln(channels)',
  minusBias: '−bias alone',
  ...(Object.fromEntries(
    proxyNames.map((name) => [proxies[name].key, proxies[name].label]),
  ) as Record<ProxyKey, string>),
  ...(Object.fromEntries(rankSumNames.map((name) => [name, rankSums[name].label])) as Record<
    RankSum,
    string
  >),
};
