/** What a benchmark's scores say, for any beta: all of it is computed in the page, where the slider is. */
import type { BenchmarkedNetwork } from '../../preload/contract.ts';
import { judgedMeasures, modelMeasures } from '../../main/common/benchmarks.ts';
import {
  predictionsOf,
  scoreNamed,
  scoreNames,
  type Predictor,
  type ScoreName,
} from '../../main/common/predictors.ts';
import { kendallTauB, spearmanRho } from '../../main/common/rank-correlation.ts';

export { predictors, type Predictor, type ScoreName } from '../../main/common/predictors.ts';

/** Null where undefined: fewer than two networks, or one side is constant. */
export interface Correlation {
  readonly tau: number | null;
  readonly rho: number | null;
}

/** Table 2 of the paper: tau and rho by column of accuracies, at beta 1. */
export const paperTable: Readonly<
  Record<'zico' | 'zicoBc', Readonly<Record<string, readonly [tau: number, rho: number]>>>
> = {
  zico: {
    cifar10_test_acc: [0.72, 0.91],
    cifar100_test_acc: [0.56, 0.76],
    imagenet16_120_test_acc: [0.73, 0.9],
  },
  zicoBc: {
    cifar10_test_acc: [0.78, 0.94],
    cifar100_test_acc: [0.6, 0.79],
    imagenet16_120_test_acc: [0.79, 0.94],
  },
};

/** The paper's figure of a rank correlation; null where it has none. */
export function inPaper(
  row: keyof typeof paperTable,
  measure: 'kendallTau' | 'spearmanRho',
  column: string,
): number | null {
  return paperTable[row][column]?.[measure === 'kendallTau' ? 0 : 1] ?? null;
}

/** In the order of the page. */
export const shownMeasures = [...judgedMeasures, ...modelMeasures];
export type ShownMeasure = (typeof shownMeasures)[number];

/** Those that another beta changes. */
const moving: readonly Predictor[] = ['zicoBc', 'zicoBcCapped'];
export const movesWithBeta = (predictor: Predictor): boolean => moving.includes(predictor);

function defined(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** One for each of `columns` columns of accuracies. */
export function correlationsOf(
  networks: readonly BenchmarkedNetwork[],
  columns: number,
  predictor: Predictor,
  beta: number,
): Correlation[] {
  const known = networks.map(({ scores, parameters, macs, facts }) => ({
    ...{ ...scores, parameters, macs, facts },
  }));
  const values = predictionsOf(predictor, known, beta);
  if (values === null) return Array.from({ length: columns }, () => ({ tau: null, rho: null }));
  return Array.from({ length: columns }, (_, column) => {
    const accuracies = networks.map((network) => network.accuracies[column]!);
    return {
      tau: defined(kendallTauB(values, accuracies)),
      rho: defined(spearmanRho(values, accuracies)),
    };
  });
}

export interface RepeatAgreement {
  /** Networks that have both scores. */
  readonly count: number;
  readonly tau: Readonly<Record<ScoreName, number | null>>;
}

/** To what extent ranks repeat when the networks are scored again; null before any has been. */
export function repeatOf(
  networks: readonly BenchmarkedNetwork[],
  pass: 'otherWeights' | 'otherBatches',
  beta: number,
): RepeatAgreement | null {
  const pairs = networks.flatMap((network) => {
    const again = network[pass];
    return again ? [[network.scores, again] as const] : [];
  });
  if (pairs.length === 0) return null;
  const tau = (name: ScoreName): number | null =>
    defined(
      kendallTauB(
        pairs.map(([first]) => scoreNamed(name, first, beta)),
        pairs.map(([, again]) => scoreNamed(name, again, beta)),
      ),
    );
  const taus = scoreNames.map((name) => [name, tau(name)] as const);
  return { count: pairs.length, tau: Object.fromEntries(taus) as RepeatAgreement['tau'] };
}

/** The score that ranks the networks now. */
export function rankingScoreName(capped: boolean): ScoreName {
  return capped ? 'zicoBcCapped' : 'zicoBc';
}

export interface RankedNetwork {
  readonly network: BenchmarkedNetwork;
  readonly score: number;
}

/** The highest score first. */
export function rankNetworks(
  networks: readonly BenchmarkedNetwork[],
  beta: number,
  capped: boolean,
): RankedNetwork[] {
  const name = rankingScoreName(capped);
  return networks
    .map((network) => ({ network, score: scoreNamed(name, network.scores, beta) }))
    .sort((a, b) => b.score - a.score || (a.network.genotype < b.network.genotype ? -1 : 1));
}
